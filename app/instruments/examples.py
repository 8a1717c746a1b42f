"""Worked examples: answers with the scores, bands and flags a person worked out by hand."""

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from app.instruments.words import Answer, Code, Number, Part, Sentence, Sex

Listed = Annotated[tuple[Answer, ...], Tag("listed")]
Named = Annotated[dict[str, Answer], Tag("named")]


def _shape(answers: object) -> str:
    return "named" if isinstance(answers, dict) else "listed"


class Respondent(Part):
    """What the example knows of the person."""

    sex: Sex | None = None
    age: Annotated[Number, Field(ge=0, le=120)] | None = None
    grade: int | None = None


class Expectation(Part):
    """What must come out; `flags` is the complete list, a score of null means no score."""

    scores: dict[Code, Number | None]
    bands: dict[Code, Code | None] = Field(default_factory=dict)
    flags: tuple[Code, ...]


class Example(Part):
    """One worked example.

    `answers` is a list in the order of the items, or names items: `all`, a run `q1..q4`, one code;
    the more exact name wins. Items that are not named stay unanswered. `context` holds scores from
    elsewhere: `gad7.total` of the same sitting, `previous.total` of the last one.
    """

    name: Sentence
    source: Sentence
    person: Respondent = Respondent()
    answers: Annotated[Listed | Named, Discriminator(_shape)]
    context: dict[Sentence, Number] = Field(default_factory=dict)
    expect: Expectation


class ExampleFile(Part):
    """The examples.yaml that stands beside an instrument."""

    instrument: Code
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]
