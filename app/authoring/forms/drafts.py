"""Forms of the authors' desk: shape and messages only."""

from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.authoring.domain import Files
from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE, NORMS_FILE
from app.platform.forms import Form

MAX_NOTE = 4_000


class NewDraftForm(Form):
    """A draft begins with a name and, if it is at hand, the right to use the wording."""

    title = StringField(_l("Name of the questionnaire"), [InputRequired(), Length(max=200)])
    licence_proof = TextAreaField(
        _l("By what right is the wording used?"), [Optional(), Length(max=MAX_NOTE)]
    )


class RevisionForm(Form):
    """A decision about the text as it was read."""

    revision = IntegerField(validators=[InputRequired()], widget=HiddenInput())


class OriginForm(RevisionForm):
    """How far the wording in a language may be trusted, and who wrote or translated it."""

    status = SelectField(_l("How far can the wording be trusted?"), choices=[])
    source = StringField(
        _l("Where is it from, and who translated it?"), [InputRequired(), Length(max=MAX_NOTE)]
    )


class LanguageForm(RevisionForm):
    """A language in which the questionnaire is to be written too."""

    language = SelectField(_l("Language"), choices=[])


class DraftForm(RevisionForm):
    """The texts of a draft, and what stands beside them."""

    instrument = TextAreaField(_l("The questionnaire"))
    examples = TextAreaField(_l("Worked examples"))
    norms = TextAreaField(_l("Norms"))
    licence_proof = TextAreaField(
        _l("By what right is the wording used?"), [Optional(), Length(max=MAX_NOTE)]
    )
    pathway = TextAreaField(
        _l("What happens after an answer that calls a person?"), [Optional(), Length(max=MAX_NOTE)]
    )

    @classmethod
    def of(cls, files: Files, **values: object) -> "DraftForm":
        """The form filled with what is kept."""
        return cls(
            formdata=None,
            instrument=files.get(INSTRUMENT_FILE, ""),
            examples=files.get(EXAMPLES_FILE, ""),
            norms=files.get(NORMS_FILE, ""),
            **values,
        )

    def parts(self) -> tuple[tuple[str, Field], ...]:
        """Each file with the field that holds its text."""
        return (
            (INSTRUMENT_FILE, self.instrument),
            (EXAMPLES_FILE, self.examples),
            (NORMS_FILE, self.norms),
        )

    def files(self) -> Files:
        """The texts as they were typed."""
        return {name: field.data for name, field in self.parts() if field.data}


class ReturnForm(RevisionForm):
    """Why a draft goes back."""

    reason = TextAreaField(_l("What has to be mended?"), [InputRequired(), Length(max=MAX_NOTE)])


class ExampleForm(RevisionForm):
    """A try that becomes a worked example."""

    name = StringField(_l("What does the example show?"), [InputRequired(), Length(max=200)])
    source = StringField(
        _l("How did you work the score out yourself?"), [InputRequired(), Length(max=400)]
    )
