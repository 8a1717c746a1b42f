"""The form that every form here is: CSRF-protected and speaking the page's language."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from flask_babel import lazy_gettext as _l
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.i18n import translations as library
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError

View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class _Protect(CSRFProtect):
    """The library's protection; a script's token stands in the header and is sought there first.

    Elsewhere it is sought in a form, which has to be parsed for it, and a tap has none.
    """

    def protect(self, apply_exemptions: bool = False) -> None:
        """Most requests only read: of those nothing else is asked."""
        if request.method not in SAFE_METHODS:
            super().protect(apply_exemptions)

    def _get_csrf_token(self) -> str | None:
        found: str | None = request.headers.get("X-CSRFToken") or super()._get_csrf_token()
        return found

    def of_its_own(self, view: View) -> View:
        """A view whose pages prove themselves otherwise: they carry what only they can know."""
        exempt: View = self.exempt(view)
        return exempt

    def require_token(self) -> None:
        """Hold a request that proves itself by nothing else to the usual token."""
        if current_app.config["WTF_CSRF_ENABLED"]:
            super().protect()


csrf = _Protect()


#: What the form library says by itself and says stiffly, in our words.
MISSING = _l("Please fill this in.")
OURS = {"This field is required.": MISSING}


class Wording:
    """The messages of the form library, with ours in front."""

    def gettext(self, string: str) -> str:
        """Our words for this message, or the library's translation."""
        return str(OURS.get(string) or library.gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The library's translation; none of its plural messages is ours."""
        return str(library.ngettext(singular, plural, n))


class Form(FlaskForm):
    """A form of the product; rooms add fields, services decide."""

    class Meta(FlaskForm.Meta):
        """How the library behaves in every form."""

        def get_translations(self, form: FlaskForm) -> Wording:
            """Speak our words."""
            return Wording()


class NeededWith:
    """Can be left empty only with another field of its form, so its label calls it not optional."""

    def __init__(self, other: str) -> None:
        self.other = other
        self.field_flags = {"needed": True}

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Ask for it, or end the checks of what is not there."""
        if any(str(raw).strip() for raw in field.raw_data or ()):
            return
        field.errors = []  # an empty field is no badly written one
        raise StopValidation(str(MISSING) if form[self.other].data else "")


def require_whole_line(message: str, *fields: Field) -> None:
    """A line of several fields is filled in or left empty: half a line helps nobody."""
    filled = [bool(field.data) for field in fields]
    if any(filled) and not all(filled):
        raise ValidationError(message)
