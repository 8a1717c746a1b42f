"""Published instruments for tests: the shipped ones, read once a test run."""

from functools import cache

from app.access.actor import OPERATOR
from app.authoring.models import InstrumentVersion
from app.authoring.service import publish_instruments
from app.config import ROOT
from app.instruments.loader import load_instrument
from app.instruments.model import Instrument


def published(*codes: str) -> list[InstrumentVersion]:
    return publish_instruments(actor=OPERATOR, instruments=[_shipped(code) for code in codes])


@cache
def _shipped(code: str) -> Instrument:
    return load_instrument(ROOT / "instruments" / code)
