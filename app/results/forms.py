"""The shape of what is said about a sitting."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.platform.forms import Form

WHY = _l("Say why, in a sentence.")


class ReasonForm(Form):
    """Why somebody says so."""

    reason = TextAreaField(_l("Why"), [InputRequired(WHY), Length(max=500)])


class GiveForm(ReasonForm):
    """Who really answered."""

    student = SelectField(_l("Who answered"), [InputRequired(_l("Choose a student."))])
