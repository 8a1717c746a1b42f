"""The library against the manuals: lists of items, reversals, critical items, ranges, cut-offs."""

from pathlib import Path

import pytest
import yaml

from app.instruments.model import Instrument
from tests.factories.authoring import shipped_library

FACTS = yaml.safe_load(Path(__file__).with_name("facts.yaml").read_text(encoding="utf-8"))
LIBRARY = shipped_library()
#: Written for this project: no manual speaks of them.
OWN = {"background", "class_climate", "crisis_interview"}

facts = pytest.mark.parametrize(("code", "fact"), FACTS.items(), ids=FACTS)


def numbers(instrument: Instrument, codes: tuple[str, ...] | list[str]) -> list[int]:
    """Where the items stand in the published order."""
    return sorted(instrument.item_codes.index(code) + 1 for code in codes)


def main(instrument: Instrument):
    return next((s for s in instrument.scales if s.code == "total"), instrument.scales[0])


def test_every_instrument_with_a_manual_is_compared():
    assert set(FACTS) == set(LIBRARY) - OWN


@facts
def test_items_and_answers_are_those_of_the_manual(code: str, fact: dict):
    scored = [item for item in LIBRARY[code].items if item.scored]

    assert len(LIBRARY[code].items) == fact["items"]
    assert min(item.bounds[0] for item in scored) == fact["values"][0]
    assert max(item.bounds[1] for item in scored) == fact["values"][1]


@pytest.mark.parametrize("code", [code for code, fact in FACTS.items() if "scales" in fact])
def test_scales_hold_the_items_of_the_manual(code: str):
    scales = {scale.code: scale for scale in LIBRARY[code].scales}

    for name, items in FACTS[code]["scales"].items():
        assert numbers(LIBRARY[code], scales[name].items) == sorted(items), name


@facts
def test_reversed_items_are_those_of_the_manual(code: str, fact: dict):
    for scale in LIBRARY[code].scales:
        expected = set(fact.get("reverse", [])) & set(numbers(LIBRARY[code], scale.items))
        assert set(numbers(LIBRARY[code], scale.reverse)) == expected, scale.code


@facts
def test_items_that_call_are_those_of_the_manual(code: str, fact: dict):
    instrument = LIBRARY[code]
    critical = [item.code for item in instrument.items if item.critical]
    attention = [item.code for item in instrument.items if item.attention]

    assert numbers(instrument, critical) == fact.get("critical", [])
    assert numbers(instrument, attention) == fact.get("attention", [])


@facts
def test_range_direction_and_cut_offs_are_the_published_ones(code: str, fact: dict):
    scale = main(LIBRARY[code])
    cuts = sorted({c.at_least if c.at_least is not None else c.at_most for c in scale.cutoffs})

    if "range" in fact:
        assert list(scale.range) == fact["range"]
    assert scale.higher_is == fact.get("higher", "worse")
    assert cuts == fact.get("cuts", [])


@facts
def test_a_wording_of_our_own_raises_no_flag_by_score(code: str, fact: dict):
    is_ours = LIBRARY[code].translations["zh_Hans"].status == "unvalidated"

    assert is_ours == fact.get("own", False)
    if is_ours:
        assert not any(scale.cutoffs for scale in LIBRARY[code].scales)


def test_the_class_climate_check_flags_nobody():
    climate = LIBRARY["class_climate"]

    assert climate.flag_codes == ()
    assert not any(scale.bands for scale in climate.scales)
