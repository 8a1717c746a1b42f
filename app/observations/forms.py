"""The shape of a report: one student, up to three ticks, since when."""

from collections.abc import Sequence
from itertools import groupby

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.observations.content import signs
from app.observations.domain import MOST_SIGNS, Since
from app.observations.words import since_word
from app.people.models import Student
from app.platform.forms import Form
from app.platform.i18n import choose_locale

FEW = _l("Tick one to three that fit best.")


class SelfForm(Form):
    """Nothing but the confirmation; `token` tells two presses from two reports."""

    token = HiddenField(validators=[InputRequired(), Length(min=22, max=22)])


class ReportForm(SelfForm):
    """What was noticed about one student."""

    student = SelectField(_l("Who"), [InputRequired(_l("Choose a student."))])
    signs = SelectMultipleField(
        _l("What you have noticed"),
        [InputRequired(FEW), Length(max=MOST_SIGNS, message=FEW)],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        choices=lambda: [SelectChoice(one.code, one.text.get(choose_locale())) for one in signs()],
    )
    since = RadioField(
        _l("Since when"),
        [InputRequired(_l("Choose since when."))],
        coerce=Since,
        choices=lambda: [SelectChoice(since.value, since_word(since)) for since in Since],
    )

    def offer(self, students: Sequence[Student]) -> "ReportForm":
        """Show these students, class by class."""
        classes = groupby(students, key=lambda student: student.cohort)
        self.student.choices = [SelectChoice("", _l("Choose a student"))] + [
            SelectChoice(student.public_id, student.name, optgroup=cohort.name)
            for cohort, members in classes
            for student in members
        ]
        return self
