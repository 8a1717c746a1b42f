"""Forms of this room: shape and messages only."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from app.platform.forms import Form


class OfficeFormUpload(Form):
    """A form of the education office and the school it is for."""

    site = SelectField(_l("School"), [InputRequired()])
    file = FileField(_l("Form (.xlsx or .docx)"), [FileRequired(_l("Choose a file."))])


class SpotForm(Form):
    """Which figure goes into one place of the form."""

    spot = HiddenField()
    figure = SelectField(_l("What goes here"))
