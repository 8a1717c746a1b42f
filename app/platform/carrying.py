"""How a page carries out what a form asks, or says beside the field why it cannot."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.platform.db import db
from app.platform.forms import Form

Outcome = TypeVar("Outcome")


def carry_out(
    form: Form,
    deed: Callable[[], Outcome],
    *,
    refusal: type[Exception],
    explain: Callable[[Any], str],
) -> Outcome | None:
    """What `deed` returns; None when the form or the service refuses, with nothing changed.

    A `refusal` names its form field in `field`; where the form has none such, the first one tells.
    """
    if not form.validate_on_submit():
        return None
    try:
        with db.session.begin_nested():
            return deed()
    except refusal as error:
        field = form._fields.get(getattr(error, "field", "")) or next(iter(form))
        field.errors = [*field.errors, explain(error)]
        return None
