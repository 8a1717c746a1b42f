"""What is wrong with a field of the form, in sentences that say how to mend it."""

from collections.abc import Callable
from dataclasses import dataclass, field

#: Says a marked sentence in the author's language.
Say = Callable[[str], str]


def N_(sentence: str) -> str:  # noqa: N802 -- gettext's own name for "translate this later"
    """Mark a sentence for the translators; who shows it translates it."""
    return sentence


def in_english(sentence: str) -> str:
    """The sentence as it stands in the source."""
    return sentence


@dataclass(frozen=True)
class FieldProblem:
    """One fault of the field `name`; `line` is the line of the field it stands in."""

    name: str
    sentence: str
    words: dict[str, str | int] = field(default_factory=dict)
    line: int | None = None

    def __str__(self) -> str:
        return self.sentence % self.words


class LineError(ValueError):
    """A line that cannot be read."""

    def __init__(self, sentence: str, **words: str | int) -> None:
        self.sentence = sentence
        self.words = words
        super().__init__(sentence % words)
