"""Forms of this room: shape and messages only."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.platform.forms import Form
from app.statistics.domain.exports import Detail, FileForm
from app.statistics.words import detail_name, form_name

LONGEST_PURPOSE = 1_000


def _ticks(label: object, message: object) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        [InputRequired(message)],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class ExportForm(Form):
    """Which answers, how finely people are told apart, as what file, and what for."""

    campaigns = _ticks(_l("Campaigns"), _l("Choose at least one campaign."))
    school = SelectField(_l("School"), [InputRequired()])
    instruments = _ticks(_l("Instruments"), _l("Choose at least one instrument."))
    detail = RadioField(
        _l("What is said of a person"),
        [InputRequired()],
        coerce=Detail,
        default=Detail.GRADES,
        choices=lambda: [(detail.value, detail_name(detail)) for detail in Detail],
    )
    has_outcome = BooleanField(_l("Add whether a person found a need after a talk"))
    form = RadioField(
        _l("File"),
        [InputRequired()],
        coerce=FileForm,
        default=FileForm.CSV,
        choices=lambda: [(form.value, form_name(form)) for form in FileForm],
    )
    purpose = TextAreaField(
        _l("What for"),
        [
            InputRequired(_l("Say what the data are for and who will hold them.")),
            Length(max=LONGEST_PURPOSE),
        ],
    )


class ApprovalForm(Form):
    """Why an export is approved; obligatory where many stand out."""

    reason = TextAreaField(_l("Why it is approved all the same"), [Length(max=LONGEST_PURPOSE)])


class OfficeFormUpload(Form):
    """A form of the education office and the school it is for."""

    site = SelectField(_l("School"), [InputRequired()])
    file = FileField(_l("Form (.xlsx or .docx)"), [FileRequired(_l("Choose a file."))])


class SpotForm(Form):
    """Which figure goes into one place of the form."""

    spot = HiddenField()
    figure = SelectField(_l("What goes here"))
