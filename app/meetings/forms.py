"""Forms of review meetings and supervision: shape and messages only."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms import Form as Part
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.meetings.domain import Decided, Point, Verdict
from app.meetings.words import point_word, verdict_word
from app.platform.forms import Form, require_whole_line

MAX_TEXT = 10_000
MOST_DECISIONS, MOST_DRAWN = 8, 20


class DecisionPart(Part):  # type: ignore[misc]  # WTForms brings no types
    """One decision; an empty line is none."""

    what = StringField(_l("Decision"), [Optional(), Length(max=200)])
    who = StringField(_l("Who carries it"), [Optional(), Length(max=60)])
    due_on = DateField(_l("By"), [Optional()])

    def validate_due_on(self, _field: DateField) -> None:
        """Half a line helps nobody."""
        message = _l("Fill in what, who and by when, or leave the line empty.")
        require_whole_line(message, self.what, self.who, self.due_on)


class MeetingForm(Form):
    """A review meeting."""

    held_on = DateField(_l("Held on"), [InputRequired()])
    present = StringField(_l("Who took part"), [InputRequired(), Length(max=500)])
    minutes = TextAreaField(_l("Minutes"), [InputRequired(), Length(max=MAX_TEXT)])
    decisions = FieldList(FormField(DecisionPart), min_entries=4, max_entries=MOST_DECISIONS)

    def decided(self) -> Iterator[Decided]:
        """The lines that are filled in."""
        for line in self.decisions:
            if line.what.data:
                yield Decided(line.what.data, line.who.data, line.due_on.data)


class DrawForm(Form):
    """How many cases to draw."""

    size = IntegerField(
        _l("How many cases"), [InputRequired(), NumberRange(1, MOST_DRAWN)], default=5
    )


class ChecklistForm(Form):
    """The supervisor's checklist, one choice a point."""

    remark = TextAreaField(_l("Remark"), [Optional(), Length(max=MAX_TEXT)])

    @property
    def points(self) -> Iterator[RadioField]:
        """The choices, in the order of the list."""
        return (self[point.value] for point in Point)

    def findings(self) -> dict[Point, Verdict]:
        """What was chosen."""
        return {point: Verdict(self[point.value].data) for point in Point}


for _point in Point:
    setattr(
        ChecklistForm,
        _point.value,
        RadioField(
            point_word(_point),
            [InputRequired(_l("Choose one."))],
            choices=[SelectChoice(verdict.value, verdict_word(verdict)) for verdict in Verdict],
        ),
    )
