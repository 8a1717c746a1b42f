"""The chart runs from the scale's own minimum to its maximum, and nothing on it lies outside."""

from dataclasses import replace
from itertools import pairwise

import pytest

from app.profiles.chart import NARROW, WIDE, draw, summary
from app.profiles.narrative import change_words
from tests.unit.profiles.conftest import SPRING, measured


@pytest.fixture
def scale(profile):
    """PHQ-9 in spring and autumn."""
    spring = measured("phq9", [0] * 9, sitting=SPRING)
    return profile([spring, measured("phq9", [3] * 9)]).scales[0]


def test_lowest_and_highest_score_lie_on_the_ends_of_the_axis(scale):
    chart = draw(scale)

    assert [mark.y for mark in chart.marks] == [chart.bottom, chart.top]
    assert [tick.text for tick in chart.ticks] == ["0", "5", "10", "15", "20", "27"]


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_marks_stay_inside_the_plot(scale, size):
    chart = draw(scale, size)

    assert all(chart.left < mark.x < chart.right for mark in chart.marks)
    assert all(chart.top - 4 < mark.text_y < chart.bottom for mark in chart.marks)


def test_names_of_neighbouring_zones_do_not_touch(scale):
    heights = [zone.name_y for zone in draw(scale).zones]

    assert all(below - above >= 15 for below, above in pairwise(heights))


def test_zones_grow_darker_towards_what_needs_attention(profile):
    fills = [zone.fill for zone in draw(profile([measured("who5", [2] * 5)]).scales[0]).zones]

    lightness = [int(fill[1:3], 16) for fill in fills]
    assert lightness == sorted(lightness)


def test_unscored_sitting_leaves_an_empty_plot(profile):
    chart = draw(profile([measured("phq9", [None] * 9)]).scales[0])

    assert (chart.marks, chart.path) == ((), "")


def test_chart_can_be_heard(scale):
    assert summary(scale, "en") == ("PHQ-9 · 2026-03-16: 0 (minimal); 2026-10-12: 27 (severe)")


@pytest.mark.parametrize(
    ("least", "said", "is_drawn"),
    [
        (None, "reliable or not: no published figure to tell by", False),
        (5.24, "↑ reliable rise (more than 5.2)", True),
        (27.5, "less than 27.5: this change may be chance", False),
    ],
)
def test_change_is_called_reliable_only_by_a_published_figure(profile, least, said, is_drawn):
    spring = measured("phq9", [0] * 9, sitting=SPRING)
    scale = profile([spring, measured("phq9", [3] * 9)], locale="en").scales[0]
    cited = replace(scale, least_change=least)
    cited = replace(cited, change_words=change_words(cited, "en"))

    chart = draw(cited)

    assert (cited.change_words, chart.change) == (said, said if is_drawn else "")
    assert chart.top < chart.change_y < chart.bottom
