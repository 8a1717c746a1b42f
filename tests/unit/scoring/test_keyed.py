"""The items behind a scale add up to its score."""

import numpy as np
import pytest

from app.instruments.loader import parse_instrument
from app.scoring import CompiledInstrument
from app.scoring.keyed import is_sum, keyed_items
from tests.unit.scoring.constructs import HEAD

REFUSE = "    missing: {rule: refuse}\n    higher_is: worse\n"
TEXT = f"""\
{HEAD}\
items:
  - {{codes: q1..q5, options: degree}}
  - code: q6
    options: [{{value: 0}}, {{value: 1}}, {{value: 9, refusal: true}}]
scales:
  - code: turned
    title: {{en: Scale}}
    method: sum
    items: [q1, q2]
    reverse: [q2]
    convert: {{multiply: 2}}
    range: [0, 8]
{REFUSE}\
  - code: middle
    title: {{en: Scale}}
    method: mean
    items: [q3, q4]
    range: [0, 2]
{REFUSE}\
  - code: heavy
    title: {{en: Scale}}
    method: weighted_sum
    items: [q5, q6]
    weights: {{q5: 3, q6: 1}}
    range: [0, 7]
{REFUSE}\
  - code: counted
    title: {{en: Scale}}
    method: count
    items: [q1, q5]
    endorsed: {{all: [1, 2]}}
    range: [0, 2]
{REFUSE}\
  - code: largest
    title: {{en: Scale}}
    method: max
    items: [q1, q2]
    range: [0, 2]
{REFUSE}\
  - code: whole
    title: {{en: Scale}}
    method: sum
    scales: [turned, middle, heavy]
    range: [0, 17]
{REFUSE}\
  - code: twice
    title: {{en: Scale}}
    method: sum
    scales: [turned, counted]
    range: [0, 10]
{REFUSE}\
"""
ROWS = np.array([[0, 0, 2, 1, 2, 1], [2, 1, 0, 0, 1, 0], [1, 2, 2, 2, 0, 1]], dtype=float)


@pytest.fixture(scope="module")
def made() -> CompiledInstrument:
    return CompiledInstrument(parse_instrument(TEXT))


@pytest.mark.parametrize(
    ("code", "unit"), [("turned", 2), ("middle", 0.5), ("heavy", 1), ("counted", 1), ("whole", 1)]
)
def test_keyed_items_add_up_to_the_score(made: CompiledInstrument, code: str, unit: float) -> None:
    scale = made.instrument.scale(code)

    items = keyed_items(made, scale, made.counting(ROWS))

    assert (unit * items.matrix.sum(axis=1)).tolist() == made.score(ROWS).scales[
        code
    ].score.tolist()
    assert (items.matrix >= items.least).all()
    assert (items.matrix <= items.most).all()


def test_a_refusal_is_missing_and_no_value(made: CompiledInstrument) -> None:
    answers = ROWS.copy()
    answers[0, 5] = 9

    items = keyed_items(made, made.instrument.scale("heavy"), made.counting(answers))

    assert np.isnan(items.matrix[:, 1]).tolist() == [True, False, False]
    assert (items.least.tolist(), items.most.tolist()) == ([0, 0], [6, 1])


def test_the_largest_answer_and_parts_that_share_items_are_no_sum(made: CompiledInstrument) -> None:
    sums = {scale.code: is_sum(made.instrument, scale) for scale in made.instrument.scales}

    assert [code for code, holds in sums.items() if not holds] == ["largest", "twice"]
    with pytest.raises(ValueError, match="largest is no sum of items"):
        keyed_items(made, made.instrument.scale("largest"), ROWS)
