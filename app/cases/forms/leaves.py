"""Leave from school, and the return."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from app.cases import words
from app.cases.domain.leaves import LeaveKind
from app.cases.forms.choices import named
from app.platform.forms import Form


class LeaveForm(Form):
    """From when, why, until when, and who keeps in touch."""

    kind = RadioField(
        _l("Why"),
        [InputRequired()],
        choices=named(LeaveKind, words.life.leave_word),
        coerce=LeaveKind,
    )
    on = DateField(_l("Away from"), [InputRequired()])
    expected_on = DateField(_l("Expected back on"), [InputRequired()])
    contact_person = StringField(
        _l("Who keeps in touch meanwhile, and how"), [InputRequired(), Length(max=200)]
    )


class ReturnForm(Form):
    """When the student came back."""

    on = DateField(_l("Back since"), [InputRequired()])
