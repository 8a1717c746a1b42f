"""To whom, on which basis, and what became of it."""

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
from app.cases.domain.referrals import LegalBasis, Partner, ReferralState
from app.cases.forms.choices import MAX_NOTE, named
from app.platform.forms import Form


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
