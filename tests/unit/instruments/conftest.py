"""A small instrument as text, to be read as it is or with one thing changed."""

from collections.abc import Callable

import pytest

from app.instruments.loader import InstrumentError, parse_instrument
from app.instruments.model import Instrument

SMALL = """\
code: small
version: '1.0.0'
title: {zh_Hans: 小量表, en: Small scale}
student_title: {zh_Hans: 最近的感受, en: How you felt}
languages: [zh_Hans, en]
ages: {from: 12, to: 18}
licence:
  terms: public_domain
  statement: Free for everybody.
  source: Made up for a test
citation: Nobody 2026
translations:
  en: {status: original, source: Made up}
  zh_Hans: {status: unvalidated, source: Made up}
recall: {zh_Hans: 最近一周, en: the last week}
instructions: {zh_Hans: 请选择。, en: Please choose.}
option_sets:
  degree:
    - {value: 0, label: {zh_Hans: 没有, en: 'No'}}
    - {value: 1, label: {zh_Hans: 有时, en: Sometimes}}
    - {value: 2, label: {zh_Hans: 经常, en: Often}}
items:
  - code: q1
    text: {zh_Hans: 我感到开心, en: I felt glad}
    options: degree
  - code: q2
    text: {zh_Hans: 我感到难过, en: I felt sad}
    options: degree
  - code: q3
    text: {zh_Hans: 我想伤害自己, en: I thought of hurting myself}
    options: degree
    critical:
      - {answers: [2], lane: fast}
      - {answers: [1, refused], lane: same_day}
scales:
  - code: total
    title: {zh_Hans: 总分, en: Total}
    method: sum
    items: q1..q3
    reverse: [q1]
    missing: {rule: prorate, at_least: 2, round: half_up}
    range: [0, 6]
    higher_is: worse
    bands:
      - set: first
        source: Nobody 2026
        population: Nobody
        bands:
          - {code: low, from: 0, to: 2, label: {zh_Hans: 低, en: low}}
          - {code: high, from: 3, to: 6, label: {zh_Hans: 高, en: high}}
    cutoffs:
      - set: first
        at_least: 4
        meaning: {zh_Hans: 达到参考值, en: At the cut-off}
        source: Nobody 2026
        population: Nobody
"""


@pytest.fixture
def small_text() -> str:
    return SMALL


@pytest.fixture
def small() -> Instrument:
    return parse_instrument(SMALL, path="small/instrument.yaml")


@pytest.fixture
def change() -> Callable[[str, str], str]:
    def changed(old: str, new: str) -> str:
        assert SMALL.count(old) >= 1, f"{old!r} is not in the text"
        return SMALL.replace(old, new, 1)

    return changed


@pytest.fixture
def faults() -> Callable[[str], list[str]]:
    """The faults of a text as “line:column: message”."""

    def found(text: str, examples: str | None = None) -> list[str]:
        try:
            parse_instrument(text, examples=examples, path="small/instrument.yaml")
        except InstrumentError as error:
            return [f"{p.line}:{p.column}: {p.message}" for p in error.problems]
        return []

    return found
