"""Instruments of the library, compiled once."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from app.instruments.loader import load_instrument
from app.scoring import CompiledInstrument, compile_instrument

LIBRARY = Path(__file__).parents[3] / "instruments"


@cache
def _compiled(code: str) -> CompiledInstrument:
    return compile_instrument(load_instrument(LIBRARY / code))


@pytest.fixture(scope="session")
def compiled() -> Callable[[str], CompiledInstrument]:
    return _compiled


@pytest.fixture(scope="session")
def phq9() -> CompiledInstrument:
    return _compiled("phq9")
