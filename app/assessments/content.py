"""What a sitting shows beside its instruments: closing and neutral questions, helplines."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from app.instruments import strict_yaml
from app.instruments.items import Item
from app.instruments.problems import InstrumentError, Problem
from app.instruments.words import Part, Sentence, Text

FOLDER = Path(__file__).parent


class Questions(Part):
    """Questions that belong to no instrument but are shown like one."""

    title: Text
    instructions: Text
    items: Annotated[tuple[Item, ...], Field(min_length=1)]


class Helpline(Part):
    """A number to call, and what is known about it: hours only as far as a source says."""

    number: Annotated[str, Field(pattern=r"^[0-9-]{3,20}$")]
    name: Text
    hours: Text
    source: Sentence
    verified_on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    emergency: bool = False


class Helplines(Part):
    """The numbers in the order in which they are shown, after the school's own."""

    helplines: Annotated[tuple[Helpline, ...], Field(min_length=1)]


@cache
def closing() -> Questions:
    """The questions with which every sitting ends."""
    return Questions.model_validate(_read("closing.yaml"))


@cache
def neutral() -> Questions:
    """What is shown where a guardian has not consented; the answers are not kept."""
    return Questions.model_validate(_read("neutral.yaml"))


@cache
def helplines() -> tuple[Helpline, ...]:
    """The numbers of the help page."""
    return Helplines.model_validate(_read("helplines.yaml")).helplines


def _read(name: str) -> object:
    problems: list[Problem] = []
    root = strict_yaml.read((FOLDER / name).read_text(encoding="utf-8"), name, problems)
    if root is None or problems:
        raise InstrumentError(problems)
    return root.plain()
