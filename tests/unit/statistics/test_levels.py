"""How many students persons put at a level, told only of groups."""

import pytest

from app.statistics.domain.waiting import Waiting
from app.statistics.queries.quality import LevelCounts
from app.triage.domain import RiskLevel

NOBODY = Waiting(0, 0, None, None)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((500, 40, 30, 20, 10), [40, 30, 20, 10]),
        ((500, 40, 30, 20, 3), [40, 30, None, None]),
        ((500, 40, 30, 2, 0), [40, None, None, None]),
        ((500, 4, 3, 0, 0), [None, None, None, None]),
    ],
)
def test_level_of_a_few_and_the_one_it_could_be_told_from_stay_hidden(counts, shown):
    levels = LevelCounts(counts, NOBODY)

    told = [levels.shown(level, 10) for level in RiskLevel if level is not RiskLevel.NONE]

    assert told == shown
