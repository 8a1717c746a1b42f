"""A Likert scale as a psychologist sees it: questions, answers, what counts how, on whose word."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.authoring.starter.problems import N_, Say

#: The same words in each language of the scale, by locale.
Words = dict[str, str]
Lane = Literal["fast", "same_day"]
#: A factor by its place, or the total.
Target = int | None
TOTAL = None


@dataclass(frozen=True)
class Option:
    """One answer to choose, and what it counts."""

    value: int
    label: Words


@dataclass(frozen=True)
class Question:
    """One question; without `options` of its own it has those of the scale."""

    text: Words
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Factor:
    """Questions that are scored together beside the total, by their numbers."""

    title: Words
    questions: tuple[int, ...]


@dataclass(frozen=True)
class Licence:
    """What may be done with the wording, and the proof of it."""

    terms: str
    holder: str
    granted_by: str = ""
    granted_on: str = ""
    reference: str = ""
    file_name: str = ""

    def statement(self, say: Say) -> str:
        """What the file says of the right to the wording; names of people stay with the draft."""
        if not self.granted_on:
            return say(N_("The wording may be used freely; no permission is needed."))
        words = {"day": self.granted_on, "reference": self.reference}
        return say(N_("Permission given on %(day)s (%(reference)s).")) % words

    @property
    def proof(self) -> str:
        """Who allowed it, when, and where that is written, line by line; for the draft alone."""
        lines = (self.granted_by, self.granted_on, self.reference, self.file_name)
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True)
class Missing:
    """What a scale does about missing answers; `share` is the per cent that has to be answered."""

    rule: Literal["refuse", "others"]
    share: int = 100


@dataclass(frozen=True)
class Band:
    """A range of scores and its name."""

    of: Target
    start: float
    end: float
    label: Words


@dataclass(frozen=True)
class Cutoff:
    """The score from which (or down to which) a talk is advised."""

    of: Target
    at: float
    is_low: bool = False


@dataclass(frozen=True)
class Calling:
    """Answers to one question that call a person, or (without a lane) that are to be noticed."""

    question: int
    answers: tuple[int, ...]
    lane: Lane | None = None


@dataclass(frozen=True)
class ScaleSheet:
    """Everything the form asks for; questions are named by their numbers, the first is 1."""

    code: str
    version: str
    languages: tuple[str, ...]
    title: Words
    student_title: Words
    recall: Words
    instructions: Words
    informant: str
    ages: tuple[int, int | None]
    licence: Licence
    citation: str
    population: str
    wording: dict[str, str]
    options: tuple[Option, ...]
    questions: tuple[Question, ...]
    method: Literal["sum", "mean"]
    missing: Missing
    higher_is: str
    #: What the sum is multiplied with before it is reported; a fraction of a point is dropped.
    multiply: Fraction = Fraction(1)
    #: From which value up an answer is a positive item; these are counted beside the scores.
    positive_from: int | None = None
    reverse: frozenset[int] = frozenset()
    factors: tuple[Factor, ...] = ()
    has_total: bool = True
    outside_total: frozenset[int] = frozenset()
    bands: tuple[Band, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    figures_source: str = ""
    calling: tuple[Calling, ...] = ()
    cleared: tuple[tuple[int, str], ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of all questions."""
        return tuple(range(1, len(self.questions) + 1))

    @property
    def targets(self) -> tuple[Target, ...]:
        """What is scored: the total first, then the factors."""
        return (*([TOTAL] if self.has_total else []), *range(len(self.factors)))

    def members(self, target: Target) -> tuple[int, ...]:
        """The questions that count in the total or in a factor."""
        if target is None:
            return tuple(n for n in self.numbers if n not in self.outside_total)
        return self.factors[target].questions

    def counts(self, number: int) -> bool:
        """Whether a question counts in any score."""
        is_positive = self.positive_from is not None and number in self.members(TOTAL)
        return is_positive or any(number in self.members(target) for target in self.targets)

    def options_of(self, number: int) -> tuple[Option, ...]:
        """The answers a question offers."""
        return self.questions[number - 1].options or self.options

    def values_of(self, number: int) -> tuple[int, ...]:
        """What the answers of a question count, in the order shown."""
        return tuple(option.value for option in self.options_of(number))

    def needed(self, target: Target) -> int:
        """How many questions of a scale have to be answered before it has a score."""
        return max(1, -(-len(self.members(target)) * self.missing.share // 100))
