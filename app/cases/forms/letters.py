"""Which phrases go to the class teacher and to the family, and what came back."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, DateTimeLocalField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.cases import words
from app.cases.domain.letters import Ask, CarePhrase, Topic
from app.cases.forms.choices import named
from app.cases.words.letters import ask_phrase, care_phrase, topic_phrase
from app.platform.forms import Form


def _several(
    label: Any, kind: type[StrEnum], members: Iterable[StrEnum], word: words.Word, *checks: Any
) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        list(checks),
        choices=named(members, word),
        coerce=kind,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


_NEEDED = InputRequired(_l("Choose at least one phrase."))


class CareNoticeForm(Form):
    """What the class teacher is asked for."""

    phrases = _several(_l("Phrases"), CarePhrase, CarePhrase, care_phrase, _NEEDED)


class LetterForm(Form):
    """What the family reads."""

    topics = _several(_l("What we talked about"), Topic, Topic, topic_phrase)
    asks = _several(_l("What we ask of the family"), Ask, Ask, ask_phrase, _NEEDED)
    meet_at = DateTimeLocalField(_l("Talk at school on"), [Optional()], format="%Y-%m-%dT%H:%M")


class ReceiptForm(Form):
    """What stands on the part that came back."""

    received_on = DateField(_l("Received on"), [InputRequired()])
    wants_talk = BooleanField(_l("The guardian wishes to talk"))
