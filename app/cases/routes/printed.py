"""How a page of this room answers with one document, or goes back and says why it cannot."""

from flask.typing import ResponseReturnValue

from app.cases.papers import print_paper
from app.platform import printed
from app.platform.pdf import PrintDocument


def pdf_or_back(document: PrintDocument, *, locale: str, back: str) -> ResponseReturnValue:
    """The document as a file; the log of it is written before the engine starts."""
    return printed.pdf_or_back(lambda: print_paper(document, locale=locale), back=back)
