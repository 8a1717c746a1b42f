"""What a guardian answered, and what the answer asks for."""

from collections.abc import Sequence

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
from app.cases.domain.cases import Modality
from app.cases.domain.guardians import GuardianAnswer, PaperForm
from app.cases.forms.choices import MAX_NOTE, named
from app.people.models import Guardian
from app.platform.forms import Form

MAX_NAME = 120
MOMENT = "%Y-%m-%dT%H:%M"


class GuardianStepForm(Form):
    """One step; the lower parts belong to one answer each."""

    answer = RadioField(
        _l("How it stands"),
        [InputRequired()],
        choices=named(GuardianAnswer, words.life.answer_word),
        coerce=GuardianAnswer,
    )
    guardian = SelectField(_l("Which guardian"), validate_choice=True)
    means = SelectField(
        _l("How"), choices=named(Modality, words.modality_word), coerce=Modality, default="phone"
    )
    at = DateTimeLocalField(_l("When"), [InputRequired()], format=MOMENT)
    spoken_by = StringField(_l("Who spoke with them"), [InputRequired(), Length(max=MAX_NAME)])
    said = TextAreaField(_l("What was said"), [InputRequired(), Length(max=MAX_NOTE)])
    second_staff = StringField(
        _l("Second of staff at the talk"), [Optional(), Length(max=MAX_NAME)]
    )
    paper = RadioField(
        _l("The form about the risk"),
        choices=named(PaperForm, words.life.paper_word),
        coerce=PaperForm,
        default=PaperForm.SIGNED,
    )
    witness = StringField(_l("Witnessed by"), [Optional(), Length(max=MAX_NAME)])
    safety_plan = TextAreaField(
        _l("What keeps the student safe in school"), [Optional(), Length(max=MAX_NOTE)]
    )
    next_try_on = DateField(_l("Next attempt on"), [Optional()])
    reported_to = StringField(_l("Reported to"), [Optional(), Length(max=MAX_NAME)])
    reported_at = DateTimeLocalField(_l("Reported at"), [Optional()], format=MOMENT)

    def offer(self, guardians: Sequence[Guardian], *, is_feared: bool) -> "GuardianStepForm":
        """Show the student's guardians, by relation and name; where none is feared nothing ends."""
        if not is_feared:
            answers = [each for each in GuardianAnswer if each is not GuardianAnswer.FEAR_LIFTED]
            self.answer.choices = named(answers, words.life.answer_word)()
        named_ones = [
            SelectChoice(each.public_id, " ".join(filter(None, (each.relation, each.name))))
            for each in guardians
        ]
        self.guardian.choices = [*named_ones, SelectChoice("", _l("Another one"))]
        return self
