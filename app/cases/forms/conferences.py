"""Writing a conference down: who was there, the question, the decision, who does what."""

from collections.abc import Iterable, Iterator

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, SelectMultipleField, StringField, TextAreaField
from wtforms import Form as Part
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.cases.domain.conferences import Agreed
from app.cases.forms.choices import MAX_NOTE
from app.people.models import User
from app.platform.forms import Form, require_whole_line

MOST_ACTIONS = 5


class ActionPart(Part):  # type: ignore[misc]  # WTForms brings no types
    """One line: who does what until when; an empty line is no line."""

    who = StringField(_l("Who does it"), [Optional(), Length(max=60)])
    what = StringField(_l("Does what"), [Optional(), Length(max=200)])
    due_on = DateField(_l("By"), [Optional()])

    def validate_due_on(self, _field: DateField) -> None:
        """Half a line helps nobody."""
        message = _l("Fill in who, what and by when, or leave the line empty.")
        require_whole_line(message, self.who, self.what, self.due_on)


class ConferenceForm(Form):
    """A conference about one case."""

    held_on = DateField(_l("Held on"), [InputRequired()])
    members = SelectMultipleField(
        _l("Who took part"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    guests = StringField(_l("And from outside"), [Optional(), Length(max=200)])
    question = TextAreaField(_l("What was to be decided"), [InputRequired(), Length(max=MAX_NOTE)])
    decision = TextAreaField(_l("What was decided"), [InputRequired(), Length(max=MAX_NOTE)])
    actions = FieldList(FormField(ActionPart), min_entries=3, max_entries=MOST_ACTIONS)

    def offer(self, colleagues: Iterable[User]) -> "ConferenceForm":
        """Let these be ticked."""
        self.members.choices = [SelectChoice(user.public_id, user.name) for user in colleagues]
        return self

    def agreed(self) -> Iterator[Agreed]:
        """The lines that are filled in."""
        for line in self.actions:
            if line.who.data:
                yield Agreed(line.who.data, line.what.data, line.due_on.data)
