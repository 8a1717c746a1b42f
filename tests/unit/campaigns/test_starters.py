"""Starter batteries: what they hold, and when they are not offered."""

from typing import get_args

import pytest

from app.campaigns.forms import PLACES
from app.campaigns.starters import Season, Starter, offers, starters
from app.instruments.model import Instrument
from app.instruments.words import STAGES
from tests.factories.authoring import shipped_library

LIBRARY = shipped_library()
#: The youngest usual age of a school year is its number and six.
YOUNGEST = {stage: years[0] + 6 for stage, years in STAGES.items()} | {"primary": 4 + 6}
each = pytest.mark.parametrize("starter", starters(), ids=lambda starter: starter.code)


def calls(instrument: Instrument) -> bool:
    return any(item.critical for item in instrument.items)


@each
def test_its_instruments_exist_fit_the_form_and_ask_the_student(starter: Starter):
    chosen = [LIBRARY[code] for code in starter.instruments]

    assert len(chosen) <= PLACES
    assert {instrument.informant for instrument in chosen} == {"self"}


@each
def test_from_secondary_school_on_somebody_is_asked_about_self_harm(starter: Starter):
    if starter.stages != ("primary",):
        assert any(calls(LIBRARY[code]) for code in starter.instruments)


@each
def test_nobody_is_asked_what_is_not_for_the_age(starter: Starter):
    youngest = min(YOUNGEST[stage] for stage in starter.stages)

    for code in starter.instruments:
        # Grade 9 and 12 sit entrance examinations; the first year of junior school may be 11.
        assert (LIBRARY[code].ages.least or 0) <= youngest + 1, code


def test_every_age_and_season_has_one():
    found = {(stage, starter.season) for starter in starters() for stage in starter.stages}

    assert found == {(stage, season) for stage in STAGES for season in get_args(Season)}


def test_no_starter_takes_longer_than_a_lesson_allows():
    assert all(offer.minutes <= 15 for offer in offers(LIBRARY))


def test_without_its_question_about_self_harm_a_starter_is_not_offered():
    without = {code: instrument for code, instrument in LIBRARY.items() if code != "phq9"}

    assert {offer.starter.stages for offer in offers(without)} == {("primary",)}


def test_what_cannot_be_shown_is_left_out_and_named():
    offer = next(o for o in offers(LIBRARY) if o.starter.code == "secondary_incident")

    assert offer.codes == ("phq9", "gad7", "mspss")
    assert offer.left_out == ("cries8",)
