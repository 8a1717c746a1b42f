"""Forms of the queue and of cases: shape and messages only."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    DateTimeLocalField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.cases import words
from app.cases.domain import (
    CaseState,
    ClosingReason,
    LegalBasis,
    Modality,
    Partner,
    ReferralState,
    SettlingReason,
    working_steps,
)
from app.platform.forms import Form
from app.triage.domain import RiskLevel

MAX_NOTE = 10_000
LEVELS = [level for level in reversed(RiskLevel) if level is not RiskLevel.NONE]


def named(members: Iterable[StrEnum], word: words.Word) -> Callable[[], list[SelectChoice]]:
    """Choices with their words, in the language of the page that shows them."""
    chosen = list(members)
    return lambda: [SelectChoice(member.value, word(member)) for member in chosen]


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
    note = TextAreaField(_l("Note"), [InputRequired(), Length(max=MAX_NOTE)])
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


class ReferralForm(Form):
    """To whom, on which basis, why, and until when an answer is expected."""

    partner = SelectField(_l("To whom"), choices=named(Partner, words.partner_word), coerce=Partner)
    place = StringField(_l("Name of the place"), [Optional(), Length(max=120)])
    legal_basis = RadioField(
        _l("What allows it"),
        [InputRequired()],
        choices=named(LegalBasis, words.basis_word),
        coerce=LegalBasis,
    )
    reason = TextAreaField(
        _l("What the partner needs to know"), [InputRequired(), Length(max=MAX_NOTE)]
    )
    answer_due_on = DateField(_l("Answer expected by"), [InputRequired()])


class ReferralStepForm(Form):
    """What became of a referral."""

    state = SelectField(coerce=ReferralState, choices=named(ReferralState, words.referral_word))


class CloseForm(Form):
    """Why the case ends."""

    reason = RadioField(
        _l("Reason"),
        [InputRequired()],
        choices=named(ClosingReason, words.closing_word),
        coerce=ClosingReason,
    )
    note = TextAreaField(_l("Closing note"), [InputRequired(), Length(max=MAX_NOTE)])
