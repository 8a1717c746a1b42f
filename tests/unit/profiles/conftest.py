"""Measurements of alice, who is 14, with the shipped instruments."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

import pytest

from app.config import ROOT
from app.instruments.loader import load_instrument
from app.profiles import Answered, LocalNorms, Measured, Profile, Raised, Sitting, build_profile
from app.scoring import CompiledInstrument, Person, compile_instrument

ALICE = Person(sex="female", age=14, grade=8)
AUTUMN = Sitting("a", date(2026, 10, 12), "2026年秋季测评", "phone", "zh_Hans")
SPRING = Sitting("s", date(2026, 3, 16), "2026年春季测评", "phone", "zh_Hans")


@cache
def compiled(code: str) -> CompiledInstrument:
    return compile_instrument(load_instrument(ROOT / "instruments" / code))


def measured(code: str, values: list[float | None], **chosen: Any) -> Measured:
    """One instrument answered and scored; `values` in published order."""
    person = chosen.pop("person", ALICE)
    instrument = compiled(code).instrument
    answers = dict(zip(instrument.item_codes, values, strict=True))
    scores = compiled(code).score_one(answers, person=person)
    fixed = Measured(AUTUMN, instrument, scores.scales, engine_version="1", person=person)
    return replace(fixed, **chosen)


def raised(code: str, **chosen: Any) -> Raised:
    """A flag of PHQ-9 in the autumn."""
    fixed = Raised("phq9", code, "critical", datetime(2026, 10, 12, 2, 0, tzinfo=UTC), AUTUMN)
    return replace(fixed, **chosen)


CRITICAL = raised(
    "critical_q9",
    lane="fast",
    reason={"item": "q9", "value": 2.0, "instrument_version": "1.0.0", "engine_version": "1"},
)
CUTOFF = raised(
    "cutoff_total",
    kind="cutoff",
    reason={"scale": "total", "value": 17.0, "cutoff": 10, "direction": "ge"},
)
NEED = raised("company", instrument="closing", kind="request", lane="fast", reason={"wish": "need"})
WORDS = raised("words_message", instrument="closing", kind="words", lane="same_day")


@pytest.fixture
def profile() -> Callable[..., Profile]:
    """`profile([measured(…)], flags=[…], answers=[…], locale="en")` of the autumn."""

    def build(
        measurements: list[Measured],
        flags: tuple[Raised, ...] = (),
        answers: tuple[Answered, ...] = (),
        locale: str = "en",
        sitting: Sitting = AUTUMN,
        local: Mapping[str, LocalNorms] = MappingProxyType({}),
    ) -> Profile:
        return build_profile(
            sitting,
            measured=measurements,
            flags=flags,
            answers=answers,
            instruments={code: compiled(code).instrument for code in ("phq9", "gad7", "who5")},
            locale=locale,
            local_norms=local,
        )

    return build
