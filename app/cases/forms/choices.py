"""What the forms of this room share: choices with their words, and lengths."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from wtforms.fields.choices import SelectChoice

from app.cases import words
from app.triage.domain import RiskLevel

MAX_NOTE = 10_000
LEVELS = [level for level in reversed(RiskLevel) if level is not RiskLevel.NONE]


def named(members: Iterable[StrEnum], word: words.Word) -> Callable[[], list[SelectChoice]]:
    """Choices with their words, in the language of the page that shows them."""
    chosen = list(members)
    return lambda: [SelectChoice(member.value, word(member)) for member in chosen]
