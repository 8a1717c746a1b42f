"""Batteries to begin with, by age and season; a planner changes them before they are saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from app.campaigns.domain import is_showable, minutes_needed
from app.instruments import strict_yaml
from app.instruments.model import Instrument
from app.instruments.problems import InstrumentError, Problem
from app.instruments.schema import build
from app.instruments.words import Code, Part, Stage, Text

FILE = Path(__file__).with_name("starters.yaml")

Season = Literal["start_of_school", "before_exams", "after_incident", "yearly"]


class Starter(Part):
    """A proposal: which instruments, for whom, when, and why these."""

    code: Code
    title: Text
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    season: Season
    instruments: Annotated[tuple[Code, ...], Field(min_length=1)]
    why: Text


class Starters(Part):
    """The file."""

    starters: Annotated[tuple[Starter, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Offer:
    """A starter as this installation can give it now."""

    starter: Starter
    codes: tuple[str, ...]
    left_out: tuple[str, ...]
    minutes: int


@cache
def starters() -> tuple[Starter, ...]:
    """Every starter of the file, in its order."""
    problems: list[Problem] = []
    text = strict_yaml.decode(FILE.read_bytes(), FILE.name)
    file = build(Starters, strict_yaml.read(text, FILE.name, problems), FILE.name, problems)
    if problems or file is None:
        raise InstrumentError(problems)
    return file.starters


def offers(library: Mapping[str, Instrument]) -> list[Offer]:
    """What can be offered from the published instruments.

    Never without an instrument that calls a person: a battery that lost its question about
    self-harm would promise less than its name.
    """
    return [offer for starter in starters() if (offer := _offer(starter, library)) is not None]


def _offer(starter: Starter, library: Mapping[str, Instrument]) -> Offer | None:
    shown = [c for c in starter.instruments if c in library and is_showable(library[c])]
    lost = [code for code in starter.instruments if code not in shown]
    if not shown or any(code not in library or _calls(library[code]) for code in lost):
        return None
    items = sum(len(library[code].items) for code in shown)
    return Offer(starter, tuple(shown), tuple(lost), minutes_needed(items))


def _calls(instrument: Instrument) -> bool:
    return any(item.critical for item in instrument.items)
