"""How a case ends, and how it begins again."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.cases import words
from app.cases.domain.cases import BY_PEOPLE, ClosingReason
from app.cases.domain.endings import Outcome, ReopeningReason, TransferBasis
from app.cases.forms.choices import LEVELS, MAX_NOTE, named
from app.people.models import User
from app.platform.forms import Form
from app.triage.domain import RiskLevel


class CloseForm(Form):
    """Why the case ends, and what holds for the student afterwards."""

    reason = RadioField(
        _l("Reason"),
        [InputRequired()],
        choices=named(BY_PEOPLE, words.closing_word),
        coerce=ClosingReason,
    )
    outcome = RadioField(
        _l("What holds from here on"),
        [InputRequired()],
        choices=named(Outcome, words.life.outcome_word),
        coerce=Outcome,
    )
    note = TextAreaField(_l("Closing note"), [InputRequired(), Length(max=MAX_NOTE)])


class TransferForm(Form):
    """To whom the whole file goes, on which basis, and when."""

    receiver = StringField(_l("School or organisation"), [InputRequired(), Length(max=120)])
    basis = RadioField(
        _l("What allows the transfer"),
        [InputRequired()],
        choices=named(TransferBasis, words.life.transfer_word),
        coerce=TransferBasis,
    )
    handed_on = DateField(_l("Handed over on"), [InputRequired()])
    note = TextAreaField(
        _l("What was handed over, and to whom"), [InputRequired(), Length(max=MAX_NOTE)]
    )


class ReopenForm(Form):
    """Why a closed case is taken up again, and how it goes on."""

    reason = RadioField(
        _l("Reason"),
        [InputRequired()],
        choices=named(ReopeningReason, words.life.reopening_word),
        coerce=ReopeningReason,
    )
    note = TextAreaField(_l("What has happened"), [InputRequired(), Length(max=MAX_NOTE)])
    risk_level = RadioField(
        _l("Your level"),
        [InputRequired()],
        choices=named(LEVELS, words.level_word),
        coerce=RiskLevel,
    )
    next_on = DateField(_l("Next date"), [InputRequired()])


class OwnerForm(Form):
    """Who looks after the case from now on."""

    owner = SelectField(_l("New owner"), [InputRequired()])

    def offer(self, people: Sequence[User]) -> "OwnerForm":
        """Show these people."""
        self.owner.choices = [SelectChoice(user.public_id, user.name) for user in people]
        return self
