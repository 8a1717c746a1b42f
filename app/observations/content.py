"""The signs that can be ticked, and what each means to triage."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from app.instruments import strict_yaml
from app.instruments.problems import InstrumentError, Problem
from app.instruments.words import Part, Sentence, Text
from app.triage.domain import Lane, Signal, SignalKind
from app.triage.reasons import LOCALES

FILE = Path(__file__).parent / "signs.yaml"


class Sign(Part):
    """A change that anybody can see; `source` says why it stands in the list."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,39}$")]
    text: Text
    source: Sentence
    urgent: bool = False


class Signs(Part):
    """The list in the order in which it is shown: the everyday first."""

    signs: Annotated[tuple[Sign, ...], Field(min_length=1)]


@cache
def signs() -> tuple[Sign, ...]:
    """What can be ticked."""
    problems: list[Problem] = []
    root = strict_yaml.read(FILE.read_text(encoding="utf-8"), FILE.name, problems)
    if root is None or problems:
        raise InstrumentError(problems)
    return Signs.model_validate(root.plain()).signs


def sign_text(code: str, locale: str) -> str:
    """The words of a sign; a code that has left the list is shown as it was stored."""
    return next((sign.text.get(locale) for sign in signs() if sign.code == code), code)


def signals_of(codes: Iterable[str]) -> list[Signal]:
    """What ticked signs mean to triage; no ticks at all are an observer's own wish to talk."""
    ticked = set(codes)
    if not ticked:
        return [Signal(SignalKind.REQUEST, item="observer", wish="observer")]
    return [
        Signal(
            SignalKind.OBSERVATION,
            Lane.SAME_DAY if sign.urgent else None,
            title={locale: sign.text.get(locale) for locale in LOCALES},
            item=sign.code,
        )
        for sign in signs()
        if sign.code in ticked
    ]
