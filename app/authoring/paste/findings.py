"""What was understood of a pasted scale, and what was not."""

from dataclasses import dataclass, field

from app.authoring.paste.marks import Answer
from app.authoring.paste.rows import Row


@dataclass
class FoundQuestion:
    """One question: its wording in Chinese and English, and answers of its own."""

    number: int
    chinese: str = ""
    english: str = ""
    answers: tuple[Answer, ...] = ()
    is_reversed: bool = False
    factor: str = ""


@dataclass
class Findings:
    """Gathered row by row; questions are kept by their numbers."""

    title: str = ""
    instructions: str = ""
    answers: tuple[Answer, ...] = ()
    questions: dict[int, FoundQuestion] = field(default_factory=dict)
    reverse: set[int] = field(default_factory=set)
    factors: dict[str, tuple[int, ...]] = field(default_factory=dict)
    bands: list[tuple[float, float, str]] = field(default_factory=list)
    about_scores: list[Row] = field(default_factory=list)
    not_understood: list[Row] = field(default_factory=list)
    cut: list[Row] = field(default_factory=list)
    has_unread_rows: bool = False
    has_assumed_values: bool = False

    @property
    def in_order(self) -> list[FoundQuestion]:
        """The questions by their numbers."""
        return [self.questions[number] for number in sorted(self.questions)]

    @property
    def gaps(self) -> list[int]:
        """Numbers that are missing between the first question and the last."""
        last = max(self.questions, default=0)
        return [number for number in range(1, last + 1) if number not in self.questions]
