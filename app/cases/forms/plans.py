"""The support plan: a fixed number of goals, empty ones are left out."""

from collections.abc import Sequence

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.cases import words
from app.cases.domain.plans import MOST_GOALS, Doer, Goal, GoalState
from app.cases.forms.choices import MAX_NOTE, named
from app.platform.forms import Form, NeededWith

MAX_STEP = 500


class GoalForm(wtforms.Form):  # type: ignore[misc]  # the library is untyped
    """One goal; without its text it counts as empty, without a measure or a day it is a wish."""

    text = TextAreaField(_l("Goal, in the student’s words"), [Optional(), Length(max=MAX_NOTE)])
    measure = StringField(_l("How we will notice"), [NeededWith("text"), Length(max=MAX_STEP)])
    by_on = DateField(_l("By when"), [NeededWith("text")])
    state = SelectField(
        _l("State"), choices=named(GoalState, words.life.goal_state_word), coerce=GoalState
    )
    student = StringField(_l("The student does"), [Optional(), Length(max=MAX_STEP)])
    counsellor = StringField(_l("The counsellor does"), [Optional(), Length(max=MAX_STEP)])
    teacher = StringField(_l("The class teacher does"), [Optional(), Length(max=MAX_STEP)])
    family = StringField(_l("The family does"), [Optional(), Length(max=MAX_STEP)])

    @property
    def goal(self) -> Goal:
        """What was written."""
        steps = {doer: self[doer.value].data for doer in Doer}
        return Goal(
            text=self.text.data,
            measure=self.measure.data,
            by_on=self.by_on.data,
            state=self.state.data,
            steps={doer: step for doer, step in steps.items() if step},
        )


class PlanForm(Form):
    """The whole plan as it stands from now on."""

    goals = FieldList(FormField(GoalForm), max_entries=MOST_GOALS)
    review_on = DateField(_l("Look at it together again on"), [InputRequired()])

    def offer(self, goals: Sequence[Goal]) -> "PlanForm":
        """The goals that hold, and room for two more."""
        for goal in goals:
            steps = {doer.value: step for doer, step in goal.steps.items()}
            row = {"text": goal.text, "measure": goal.measure, "by_on": goal.by_on}
            self.goals.append_entry(row | {"state": goal.state.value} | steps)
        while len(self.goals) < min(len(goals) + 2, MOST_GOALS):
            self.goals.append_entry()
        return self

    @property
    def written(self) -> list[Goal]:
        """The goals that have a text."""
        return [entry.form.goal for entry in self.goals if entry.form.text.data]
