"""What can be done for who waits: decide, hand over, open a case, settle without one."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from app.cases import words
from app.cases.domain.queue import SettlingReason
from app.cases.forms.choices import LEVELS, MAX_NOTE, named
from app.people.models import User
from app.platform.forms import Form
from app.triage.domain import Channel, RiskLevel


class OpenCaseForm(Form):
    """The level as the person sees it, and the first date."""

    risk_level = RadioField(
        _l("Your level"),
        [InputRequired()],
        choices=named(LEVELS, words.level_word),
        coerce=RiskLevel,
    )
    next_on = DateField(_l("First talk on"), [InputRequired()])
    reason = TextAreaField(_l("Why another level"), [Optional(), Length(max=MAX_NOTE)])


class LevelForm(Form):
    """The level and the way as the person sees them, and why."""

    risk_level = RadioField(
        _l("Your level"),
        [InputRequired()],
        choices=named(LEVELS, words.level_word),
        coerce=RiskLevel,
    )
    channel = RadioField(
        _l("Meet at least"),
        [InputRequired()],
        choices=named(Channel, words.channel_word),
        coerce=Channel,
    )
    reason = TextAreaField(_l("Why"), [Optional(), Length(max=MAX_NOTE)])


class HandOverForm(Form):
    """To whom, and what they need to know."""

    colleague = SelectField(_l("Colleague"), [InputRequired()])
    note = TextAreaField(_l("What your colleague needs to know"), [Length(max=MAX_NOTE)])

    def offer(self, colleagues: Iterable[User], *, needs_note: bool) -> "HandOverForm":
        """Show these people; who hands over what is theirs leaves a note."""
        self.colleague.choices = [(user.public_id, user.name) for user in colleagues]
        self.note.validators = [
            InputRequired() if needs_note else Optional(),
            *self.note.validators,
        ]
        self.note.flags.required = needs_note
        return self


class FindForm(Form):
    """A student number: names are encrypted and cannot be searched."""

    student_no = StringField(_l("Student number"), [InputRequired(), Length(max=64)])


class SettleForm(Form):
    """Why nobody needs a case here."""

    reason = RadioField(_l("Reason"), [InputRequired()], coerce=SettlingReason)
    note = TextAreaField(_l("What was done"), [InputRequired(), Length(max=MAX_NOTE)])

    def offer(self, reasons: Iterable[SettlingReason]) -> "SettleForm":
        """Show these reasons only."""
        self.reason.choices = named(reasons, words.settling_word)()
        return self
