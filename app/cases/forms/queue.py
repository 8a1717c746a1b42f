"""Opening a case for who waits, or settling without one."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    RadioField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from app.cases import words
from app.cases.domain.queue import SettlingReason
from app.cases.forms.choices import LEVELS, MAX_NOTE, named
from app.platform.forms import Form
from app.triage.domain import RiskLevel


class OpenCaseForm(Form):
    """The level as the person sees it, and the first date."""

    risk_level = RadioField(
        _l("Your level"),
        [InputRequired()],
        choices=named(LEVELS, words.level_word),
        coerce=RiskLevel,
    )
    next_on = DateField(_l("First talk on"), [InputRequired()])


class SettleForm(Form):
    """Why nobody needs a case here."""

    reason = RadioField(_l("Reason"), [InputRequired()], coerce=SettlingReason)
    note = TextAreaField(_l("What was done"), [InputRequired(), Length(max=MAX_NOTE)])

    def offer(self, reasons: Iterable[SettlingReason]) -> "SettleForm":
        """Show these reasons only."""
        self.reason.choices = named(reasons, words.settling_word)()
        return self
