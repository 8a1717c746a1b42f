"""How a page answers with a PDF, or goes back and says why it cannot."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.cases.papers import print_paper
from app.cases.routes.profiles import pdf_response
from app.platform.db import db
from app.platform.pdf import PdfError, PrintDocument


def pdf_or_back(document: PrintDocument, *, locale: str, back: str) -> ResponseReturnValue:
    """The document as a file; the log of it is written before the engine starts."""
    # The engine takes a second: answers of students must not wait for it behind our write.
    db.session.commit()
    try:
        return pdf_response(print_paper(document, locale=locale))
    except PdfError as error:
        flash(str(error), "error")
        return redirect(back)
