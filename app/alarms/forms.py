"""Forms of alarms: shape and messages only."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from app.alarms.domain import ChannelKind
from app.alarms.words import channel_word
from app.platform.forms import Form


class ChannelForm(Form):
    """One more way in which a person can be reached."""

    kind = SelectField(_l("Channel"), [InputRequired()], coerce=ChannelKind)
    address = StringField(
        _l("Number, key or address"),
        [InputRequired(), Length(max=300)],
        description=_l("Kept encrypted; only you see it."),
    )

    def offer(self, kinds: Iterable[ChannelKind]) -> "ChannelForm":
        """Show what this installation can send over."""
        self.kind.choices = [SelectChoice(kind.value, channel_word(kind)) for kind in kinds]
        return self


def _minutes(label: str, most: int) -> IntegerField:
    message = _l("From 1 to %(most)s minutes: earlier is possible, later is not.", most=most)
    return IntegerField(label, [InputRequired(), NumberRange(1, most, message=message)])


class ClocksForm(Form):
    """When the next one is called."""

    second = _minutes(_l("Second responder after (minutes)"), 5)
    lead = _minutes(_l("Crisis lead after (minutes)"), 15)
    head = _minutes(_l("School head and district after (minutes)"), 30)
