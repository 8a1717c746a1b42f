"""Forms of interview days: shape and messages only."""

from datetime import time

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.appointments.domain.slots import LONGEST, LONGEST_PAUSE, SHORTEST, DayPlan
from app.platform.forms import Form

LONGEST_PLACE = 60


def short_lines(_form: Form, field: TextAreaField) -> None:
    """Refuse places that no slip holds."""
    if any(len(line) > LONGEST_PLACE for line in (field.data or "").splitlines()):
        raise ValidationError(_l("A place may have 60 characters at most."))


class PlanDayForm(Form):
    """A day and how it is cut."""

    on = DateField(_l("Day"), [InputRequired(_l("Enter a date."))])
    slot_minutes = IntegerField(
        _l("Minutes for a talk"), [InputRequired(), NumberRange(SHORTEST, LONGEST)]
    )
    pause_minutes = IntegerField(
        _l("Minutes between two talks"), [InputRequired(), NumberRange(0, LONGEST_PAUSE)]
    )
    lunch_from = TimeField(_l("Lunch break from"), [InputRequired()])
    lunch_to = TimeField(_l("Lunch break to"), [InputRequired()])
    rooms = TextAreaField(_l("Places, one a line"), [InputRequired(), short_lines])
    random_every = SelectField(
        _l("Students drawn at random"),
        choices=[
            SelectChoice("0", _l("none")),
            SelectChoice("5", _l("1 in 5")),
            SelectChoice("4", _l("1 in 4")),
            SelectChoice("3", _l("1 in 3")),
            SelectChoice("2", _l("1 in 2")),
        ],
    )

    def plan(self) -> DayPlan:
        """How the day is to be cut."""
        lines = (line.strip() for line in self.rooms.data.splitlines())
        return DayPlan(
            slot_minutes=self.slot_minutes.data,
            pause_minutes=self.pause_minutes.data,
            lunch_from=self.lunch_from.data or time(12),
            lunch_to=self.lunch_to.data or time(12),
            rooms=tuple(dict.fromkeys(line for line in lines if line)),
        )


class ProtectedTimeForm(Form):
    """Classes that are not to be disturbed at a time of the week."""

    cohorts = SelectMultipleField(_l("Classes"), [InputRequired(_l("Choose at least one class."))])
    weekday = SelectField(_l("Weekday"), coerce=int)
    starts = TimeField(_l("From (hour)"), [InputRequired(_l("Enter a time."))])
    ends = TimeField(_l("To (hour)"), [InputRequired(_l("Enter a time."))])
    subject = StringField(_l("What it is"), [Optional(), Length(max=40)])
