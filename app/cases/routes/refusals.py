"""How a page carries out what a form asks, or says beside the field why it cannot."""

from collections.abc import Callable
from typing import TypeVar

from app.cases import words
from app.cases.domain.errors import CaseError
from app.platform.db import db
from app.platform.forms import Form

Outcome = TypeVar("Outcome")


def carry_out(form: Form, deed: Callable[[], Outcome]) -> Outcome | None:
    """What `deed` returns; None when the form or the service refuses, with nothing changed."""
    if not form.validate_on_submit():
        return None
    try:
        with db.session.begin_nested():
            return deed()
    except CaseError as error:
        field = form._fields.get(error.field) or next(iter(form))
        field.errors = [*field.errors, words.explain(error)]
        return None
