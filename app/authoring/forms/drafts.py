"""Forms of the authors' desk: shape and messages only."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField
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

    def files(self) -> Files:
        """The texts as they were typed."""
        texts = {
            INSTRUMENT_FILE: self.instrument.data,
            EXAMPLES_FILE: self.examples.data,
            NORMS_FILE: self.norms.data,
        }
        return {name: text for name, text in texts.items() if text}


class ReturnForm(RevisionForm):
    """Why a draft goes back."""

    reason = TextAreaField(_l("What has to be mended?"), [InputRequired(), Length(max=MAX_NOTE)])
