"""Published instruments for tests: shipped ones and made-up ones, read once a test run."""

from functools import cache
from pathlib import Path

from app.access.actor import OPERATOR
from app.authoring.models import InstrumentVersion
from app.authoring.service import publish_instruments
from app.config import ROOT
from app.instruments.loader import Library, load_instrument
from app.instruments.model import Instrument

#: Instruments that nobody is meant to be asked.
LIBRARY = Path(__file__).parent / "library"

#: An instrument of two items from 0 to 2; put a code for CODE, and flags behind it.
TWO_ITEMS = """\
code: CODE
version: '1.0.0'
title: {zh_Hans: 测试, en: Test}
student_title: {zh_Hans: 最近的精力, en: Your energy}
languages: [zh_Hans, en]
ages: {}
licence: {terms: public_domain, statement: Free for all., source: Made for this test}
citation: Nobody
translations:
  zh_Hans: {status: unvalidated, source: Made for this test}
  en: {status: original, source: Made for this test}
recall: {zh_Hans: 现在, en: now}
instructions: {zh_Hans: 请选择。, en: Choose.}
option_sets:
  degree:
    - {value: 0, label: {zh_Hans: 没有, en: never}}
    - {value: 1, label: {zh_Hans: 有时, en: sometimes}}
    - {value: 2, label: {zh_Hans: 经常, en: often}}
items:
  - {code: q1, text: {zh_Hans: 累, en: tired}, options: degree}
  - {code: q2, text: {zh_Hans: 困, en: sleepy}, options: degree}
scales:
  - code: total
    title: {zh_Hans: 总分, en: Total}
    method: sum
    items: [q1, q2]
    missing: {rule: refuse}
    range: [0, 4]
    higher_is: worse
"""


def published(*codes: str) -> list[InstrumentVersion]:
    return publish_instruments(actor=OPERATOR, instruments=[read(code) for code in codes])


@cache
def read(code: str) -> Instrument:
    """The shipped instrument of that code, or one that only tests know."""
    own = LIBRARY / code
    return load_instrument(own if own.is_dir() else ROOT / "instruments" / code)


@cache
def shipped_library() -> Library:
    """Everything that is shipped; reading it takes about a second, so it is read once."""
    folders = sorted((ROOT / "instruments").glob("[!_.]*/instrument.yaml"))
    return {path.parent.name: read(path.parent.name) for path in folders}
