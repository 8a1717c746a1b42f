"""How a page answers with a PDF, or goes back and says why it cannot."""

from collections.abc import Callable

from flask import Response, flash, redirect
from flask.typing import ResponseReturnValue

from app.platform.db import db
from app.platform.pdf import PdfError


def pdf_or_back(
    printing: Callable[[], bytes], *, back: str, name: str = "summary.pdf"
) -> ResponseReturnValue:
    """What is printed as a file whose name names nobody; the log is written before."""
    # The engine takes a second: answers of students must not wait for it behind our write.
    db.session.commit()
    try:
        return pdf_response(printing(), name)
    except PdfError as error:
        flash(str(error), "error")
        return redirect(back)


def pdf_response(content: bytes, name: str = "summary.pdf", *, is_kept: bool = False) -> Response:
    """A file to look at in the browser, or one to keep; `name` names nobody.

    What answers a POST is kept: to save what it shows a browser may send the form again.
    """
    response = Response(content, mimetype="application/pdf")
    shown = "attachment" if is_kept else "inline"
    response.headers["Content-Disposition"] = f'{shown}; filename="{name}"'
    return response
