"""The shape of what is said about a sitting."""

from collections.abc import Sequence
from itertools import groupby

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.campaigns.models import Campaign, Invitation
from app.platform.forms import Form

WHY = _l("Say why, in a sentence.")


class ReasonForm(Form):
    """Why somebody says so."""

    reason = TextAreaField(_l("Why"), [InputRequired(WHY), Length(max=500)])


class GiveForm(ReasonForm):
    """Who really answered."""

    student = SelectField(_l("Who answered"), [InputRequired(_l("Choose a student."))])


class ProposalForm(ReasonForm):
    """Why a school's past results are to be scored again."""

    site = SelectField(_l("School"), [InputRequired(_l("Choose a school."))])


class BudgetForm(Form):
    """What is planned, and which cut-off moves; a form that only asks."""

    class Meta(Form.Meta):
        """It changes nothing: its answers stand in the address."""

        csrf = False

    move = SelectField(_l("Cut-off that moves"), validate_choice=False)
    students = IntegerField(_l("Students to be asked"), [InputRequired(), NumberRange(1, 200_000)])
    weeks = IntegerField(_l("Over how many weeks"), [InputRequired(), NumberRange(1, 52)])
    counsellors = IntegerField(
        _l("Counsellors who hold the talks"), [InputRequired(), NumberRange(1, 500)]
    )
    capacity = IntegerField(
        _l("Talks that one counsellor can hold in a week"), [InputRequired(), NumberRange(1, 100)]
    )


class NormsForm(Form):
    """Which further campaigns the school's norms are made of."""

    further = SelectMultipleField(
        _l("Together with these closed campaigns"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self, campaigns: Sequence[Campaign]) -> "NormsForm":
        """Let these be ticked; none is beforehand."""
        self.further.choices = [SelectChoice(one.public_id, one.title) for one in campaigns]
        return self


class MixUpForm(Form):
    """Whose slip it was, and who had it."""

    slip = SelectField(_l("Whose slip was it?"), [InputRequired(_l("Choose a student."))])
    other = SelectField(_l("Who had it in hand?"))

    def offer(self, slips: Sequence[Invitation]) -> "MixUpForm":
        """Show the students of these slips, class by class."""
        classes = groupby(slips, key=lambda slip: slip.cohort)
        listed = [
            SelectChoice(slip.public_id, slip.student.name, optgroup=cohort.name)
            for cohort, members in classes
            for slip in members
        ]
        self.slip.choices = [SelectChoice("", _l("Choose a student")), *listed]
        self.other.choices = [SelectChoice("", _l("I do not know")), *listed]
        return self
