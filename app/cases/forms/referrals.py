"""To whom, on which basis, what became of it, and what a doctor answers."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.cases import words
from app.cases.domain.referrals import (
    FIELDS,
    MOST_REASON,
    Details,
    LegalBasis,
    Need,
    Partner,
    Proof,
    ProofMeans,
    ReferralState,
)
from app.cases.domain.replies import Advice, Assessed, Reply, Seen
from app.cases.forms.choices import named
from app.cases.words import referrals as referral_words
from app.platform import clock
from app.platform.forms import Form

NOTE = 2_000


class ReferralForm(Form):
    """To whom, on which basis, why, and until when an answer is expected."""

    partner = SelectField(_l("To whom"), choices=named(Partner, words.partner_word), coerce=Partner)
    register = HiddenField()
    follows = HiddenField()
    place = StringField(_l("Name of the place"), [InputRequired(), Length(max=120)])
    department = StringField(_l("Department"), [Optional(), Length(max=40)])
    contact = StringField(_l("Whom to ask for"), [Optional(), Length(max=40)])
    phone = StringField(_l("Their phone"), [Optional(), Length(max=40)])
    address = StringField(_l("Address"), [Optional(), Length(max=60)])
    wanted_by = DateField(_l("To be seen by"), [Optional()])
    called_at = DateTimeLocalField(_l("Time of the call"), [Optional()], format="%Y-%m-%dT%H:%M")
    reference = StringField(_l("Number of the call"), [Optional(), Length(max=40)])
    need = SelectField(
        _l("What is asked for"), choices=named(Need, referral_words.need_word), coerce=Need
    )
    legal_basis = RadioField(
        _l("What allows it"),
        [InputRequired()],
        choices=named(LegalBasis, words.basis_word),
        coerce=LegalBasis,
    )
    given_by = StringField(_l("Who agreed"), [Optional(), Length(max=80)])
    given_on = DateField(_l("Agreed on"), [Optional()])
    means = SelectField(
        _l("Where it can be looked up"),
        choices=named(ProofMeans, referral_words.means_word),
        coerce=ProofMeans,
        default=ProofMeans.SIGNED_PAPER,
    )
    reason = TextAreaField(
        _l("What the partner needs to know"), [InputRequired(), Length(max=MOST_REASON)]
    )
    answer_due_on = DateField(_l("Answer expected by"), [InputRequired()])

    def fit(self) -> "ReferralForm":
        """Leave out the fields that this kind of partner does not need."""
        partner = self.partner.data or Partner.HOSPITAL
        needed = set(FIELDS[partner])
        for name in {name for names in FIELDS.values() for name in names} - needed:
            delattr(self, name)
        self.place.label.text = referral_words.place_label(partner)
        return self

    def details(self) -> Details:
        """What was filled in about the place and the call."""
        given: dict[str, Any] = {
            name: field.data for name, field in self._fields.items() if name in _DETAILS
        }
        if given.get("called_at"):
            given["called_at"] = given["called_at"].replace(tzinfo=clock.zone())
        return Details(**{name: value for name, value in given.items() if value})

    def proof(self) -> Proof | None:
        """Who agreed and when, once both are filled in."""
        if not (self.given_by.data and self.given_on.data):
            return None
        return Proof(self.given_by.data, self.given_on.data, self.means.data)


_DETAILS = {name for names in FIELDS.values() for name in names}


class ReferralStepForm(Form):
    """What became of a referral."""

    state = RadioField(
        _l("What happened"),
        [InputRequired()],
        coerce=ReferralState,
        choices=named(ReferralState, words.referral_word),
    )
    note = TextAreaField(_l("Note"), [Optional(), Length(max=NOTE)])

    def offer(self, steps: frozenset[ReferralState]) -> "ReferralStepForm":
        """Show the steps that can follow, in the order of the way."""
        chosen = [state for state in ReferralState if state in steps]
        self.state.choices = named(chosen, words.referral_word)()
        return self


class ChaseForm(Form):
    """Who was asked, what they said, and when the answer is looked for now."""

    note = TextAreaField(
        _l("Whom you asked, and what they said"), [InputRequired(), Length(max=NOTE)]
    )
    answer_due_on = DateField(_l("Look again by"), [InputRequired()])


class NoShowForm(Form):
    """The student did not go; when it is looked at again."""

    note = TextAreaField(_l("Note"), [Optional(), Length(max=NOTE)])
    answer_due_on = DateField(_l("Look again by"), [InputRequired()])


class SignForm(Form):
    """A second person signs."""

    note = TextAreaField(_l("Note"), [Optional(), Length(max=NOTE)])


class NoFurtherForm(Form):
    """Why no other partner is asked."""

    note = TextAreaField(_l("Why no other partner is asked"), [InputRequired(), Length(max=NOTE)])


class SlipForm(Form):
    """What goes onto the slip beside the facts."""

    with_scores = BooleanField(_l("Add the scores of the last screening"))
    with_guardians = BooleanField(_l("Add the guardians’ phone numbers"))


class PartnerForm(Form):
    """A place in the register."""

    kind = SelectField(_l("Kind"), choices=named(Partner, words.partner_word), coerce=Partner)
    name = StringField(_l("Name of the place"), [InputRequired(), Length(max=120)])
    department = StringField(_l("Department"), [Optional(), Length(max=40)])
    phone = StringField(_l("Phone"), [Optional(), Length(max=40)])
    address = StringField(_l("Address"), [Optional(), Length(max=60)])
    contact = StringField(_l("Whom to ask for"), [Optional(), Length(max=40)])
    notes = TextAreaField(_l("Notes for colleagues"), [Optional(), Length(max=NOTE)])
    active = BooleanField(_l("In use"), default=True)


class ReplyForm(Form):
    """The five fields that a doctor answers."""

    seen = RadioField(
        _l("1. Was the student seen?"),
        [InputRequired()],
        choices=named(Seen, referral_words.seen_word),
        coerce=Seen,
    )
    on = DateField(_l("On which day (seen, or appointment)"), [Optional()])
    assessed = RadioField(
        _l("2. Your assessment in broad words, if seen"),
        [Optional()],
        choices=named(Assessed, referral_words.assessed_word),
        coerce=lambda value: Assessed(value) if value else None,
        validate_choice=False,
    )
    advice = SelectMultipleField(
        _l("3. What the school can do"),
        choices=named(Advice, referral_words.advice_word),
        coerce=Advice,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    advice_note = TextAreaField(_l("In your words, if you like"), [Optional(), Length(max=300)])
    next_on = DateField(_l("4. Next appointment, if there is one"), [Optional()])
    answered_by = StringField(_l("5. Your name"), [InputRequired(), Length(max=60)])
    department = StringField(_l("Department"), [InputRequired(), Length(max=60)])

    def reply(self) -> Reply:
        """The answers as the case keeps them."""
        was_seen = self.seen.data is Seen.SEEN
        return Reply(
            seen=self.seen.data,
            on=None if self.seen.data is Seen.DID_NOT_COME else self.on.data,
            assessed=self.assessed.data if was_seen else None,
            advice=tuple(self.advice.data or ()),
            advice_note=self.advice_note.data or "",
            next_on=self.next_on.data,
            answered_by=self.answered_by.data,
            department=self.department.data,
        )
