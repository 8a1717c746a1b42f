"""Measurements of alice, who is 14, with the shipped instruments."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from app.config import ROOT
from app.instruments.loader import load_instrument
from app.profiles import Measured, Raised
from app.scoring import CompiledInstrument, Person, compile_instrument

ALICE = Person(sex="female", age=14, grade=8)


@cache
def compiled(code: str) -> CompiledInstrument:
    return compile_instrument(load_instrument(ROOT / "instruments" / code))


@pytest.fixture
def measure() -> Callable[..., Measured]:
    """`measure("phq9", [1, 0, …])`: one instrument answered and scored."""

    def measured(code: str, values: list[float | None], **chosen: Any) -> Measured:
        person = chosen.pop("person", ALICE)
        instrument = compiled(code).instrument
        answers = dict(zip(instrument.item_codes, values, strict=True))
        scores = compiled(code).score_one(answers, person=person)
        defaults: dict[str, Any] = {
            "instrument": instrument,
            "taken_on": date(2026, 10, 12),
            "campaign": "2026年秋季测评",
            "mode": "phone",
            "language": "zh_Hans",
            "scores": scores.scales,
            "engine_version": "1",
            "person": person,
        }
        return Measured(**defaults | chosen)

    return measured


@pytest.fixture
def raise_flag() -> Callable[..., Raised]:
    """`raise_flag("critical_q9", kind="critical", …)`: a flag of the current sitting."""

    def raised(code: str, **chosen: Any) -> Raised:
        defaults: dict[str, Any] = {
            "instrument": "phq9",
            "kind": "critical",
            "raised_at": datetime(2026, 10, 12, 2, 0, tzinfo=UTC),
            "taken_on": date(2026, 10, 12),
        }
        return Raised(code=code, **defaults | chosen)

    return raised
