"""What is repeated, how often, from when until when."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.cases import words
from app.cases.domain.measures import Every
from app.platform.forms import Form


class MeasureForm(Form):
    """One repeated measure."""

    instrument = SelectField(_l("Questionnaire"), [InputRequired()])
    every = SelectField(
        _l("How often"),
        choices=lambda: [SelectChoice(each.value, words.life.every_word(each)) for each in Every],
        coerce=int,
        default=Every.FOUR_WEEKS.value,
    )
    first_on = DateField(_l("First time on"), [InputRequired()])
    until_on = DateField(_l("Last time by"), [Optional()])

    def offer(self, instruments: Iterable[tuple[str, str]]) -> "MeasureForm":
        """Show these questionnaires, by code and title."""
        self.instrument.choices = [SelectChoice(code, title) for code, title in instruments]
        return self
