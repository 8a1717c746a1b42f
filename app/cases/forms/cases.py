"""Contacts, dates and the end of a case."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.cases import words
from app.cases.domain.cases import CaseState, Counterpart, Modality, working_steps
from app.cases.forms.choices import LEVELS, MAX_NOTE, named
from app.platform.forms import Form
from app.triage.domain import RiskLevel


class ContactForm(Form):
    """What happened, and what comes next."""

    modality = RadioField(
        _l("How"), [InputRequired()], choices=named(Modality, words.modality_word), coerce=Modality
    )
    held_at = DateTimeLocalField(_l("When"), [InputRequired()], format="%Y-%m-%dT%H:%M")
    reached = RadioField(
        _l("Reached"),
        choices=[
            SelectChoice("yes", _l("Yes, we talked")),
            SelectChoice("no", _l("No, not reached")),
        ],
        default="yes",
    )
    with_whom = RadioField(
        _l("With whom"),
        choices=named(Counterpart, words.life.counterpart_word),
        coerce=Counterpart,
        default=Counterpart.STUDENT,
    )
    note = TextAreaField(_l("Note"), [InputRequired(), Length(max=MAX_NOTE)])
    is_private = BooleanField(_l("Only the crisis lead and I may read this note"))
    risk_level = SelectField(
        _l("Level now"),
        [InputRequired()],
        choices=named([*LEVELS, RiskLevel.NONE], words.level_word),
        coerce=RiskLevel,
    )
    state = SelectField(_l("Case is now"), [InputRequired()], coerce=CaseState)
    next_on = DateField(_l("Next date"), [InputRequired()])

    def offer(self, state: CaseState) -> "ContactForm":
        """Show the states to which the case can go from here."""
        self.state.choices = named(working_steps(state), words.state_word)()
        return self


class NextDateForm(Form):
    """Another date."""

    next_on = DateField(_l("Next date"), [InputRequired()])
