"""Whom a published cut-off was found in, named in the reader's language."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from app.instruments import strict_yaml
from app.instruments.problems import InstrumentError, Problem
from app.instruments.schema import build
from app.instruments.words import Part, Text

FILE = Path(__file__).with_name("populations.yaml")


class Populations(Part):
    """The file."""

    populations: Annotated[tuple[Text, ...], Field(min_length=1)]


def population_word(population: str, locale: str) -> str:
    """The people in words, without the criterion that the authors used, which stands in brackets.

    One that the file does not know is shown as it was published.
    """
    plain = population.partition(" (")[0]
    return _words().get((plain, locale), plain)


@cache
def _words() -> dict[tuple[str, str], str]:
    problems: list[Problem] = []
    text = strict_yaml.decode(FILE.read_bytes(), FILE.name)
    root = strict_yaml.read(text, FILE.name, problems)
    file = build(Populations, root, FILE.name, problems)
    if problems or file is None:
        raise InstrumentError(problems)
    return {
        (each.get("en"), locale): each.get(locale)
        for each in file.populations
        for locale in ("en", "zh_Hans")
    }
