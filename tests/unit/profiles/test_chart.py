"""The chart runs from the scale's own minimum to its maximum, and nothing on it lies outside."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from app.config import ROOT
from app.profiles import Sitting
from app.profiles.chart import NARROW, PAPER, WIDE, draw, summary
from app.profiles.labels import Box
from app.profiles.model import NormLine
from app.profiles.narrative import change_mark, change_words
from app.profiles.strip import PAD, WIDTH, draw_strip
from tests.unit.profiles.conftest import SPRING, compiled, measured

LIBRARY = sorted(path.parent.name for path in ROOT.glob("instruments/*/instrument.yaml"))


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
    assert all(chart.top - 4 < mark.label.y < chart.bottom for mark in chart.marks)


def test_names_of_neighbouring_zones_do_not_touch(scale):
    heights = [line.y for zone in draw(scale).zones for line in zone.names]

    assert all(below - above >= 15 for below, above in pairwise(heights))


@pytest.mark.parametrize("locale", ["zh_Hans", "en"])
@pytest.mark.parametrize("code", LIBRARY)
def test_every_name_of_the_library_fits_beside_the_plot(profile, code, locale):
    items = len(compiled(code).instrument.item_codes)

    for scale in profile([measured(code, [1] * items)], locale=locale).scales:
        for size in (WIDE, NARROW, PAPER):
            chart = draw(scale, size)
            lines = [line for zone in chart.zones for line in zone.names]
            assert all(line.box.right <= size.width for line in lines)
            assert all(chart.top - 9 <= line.y <= chart.bottom for line in lines)


def test_zones_grow_darker_towards_what_needs_attention(profile):
    fills = [zone.fill for zone in draw(profile([measured("who5", [2] * 5)]).scales[0]).zones]

    lightness = [int(fill[1:3], 16) for fill in fills]
    assert lightness == sorted(lightness)


def test_unscored_sitting_leaves_an_empty_plot(profile):
    chart = draw(profile([measured("phq9", [None] * 9)]).scales[0])

    assert (chart.marks, chart.path) == ((), "")


def test_chart_can_be_heard(scale):
    assert summary(scale, "en") == "2026-03-16: 0 (minimal); 2026-10-12: 27 (severe)"


@pytest.mark.parametrize(
    ("least", "said", "mark"),
    [
        (None, "", ""),
        (5.24, "↑ reliable rise (more than 5.2)", "↑ reliable rise"),
        (27.5, "Less than 27.5: this change may be chance", ""),
    ],
)
def test_change_is_called_reliable_only_by_a_published_figure(scale, least, said, mark):
    chart = draw(cited(scale, least))

    assert cited(scale, least).change_words == said
    assert (chart.arrow.label.text if chart.arrow else "") == mark


def cited(scale, least):
    """The scale as if its least reliable change were published."""
    found = replace(scale, least_change=least)
    said = change_words(found, "en")
    return replace(found, change_words=said, change_mark=change_mark(found, "en"))


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_arrow_leads_from_the_score_before_to_the_latest(scale, size):
    chart = draw(cited(scale, 5.0), size)

    assert (chart.arrow.start, chart.arrow.end) == tuple(mark.y for mark in chart.marks)
    assert chart.marks[-1].x + 7 < chart.arrow.x < chart.right


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("scores", [[9], [9, 9], [0, 27], [10, 9, 11], [3, 9, 4, 12, 8, 10]])
def test_words_on_lines_cover_no_point_and_no_value(profile, size, scores):
    many = [
        measured("phq9", spread(score), sitting=Sitting(f"s{n}", DAYS[n], "x", "phone", "en"))
        for n, score in enumerate(scores[:-1])
    ]
    chart = draw(profile([*many, measured("phq9", spread(scores[-1]))]).scales[0], size)

    (cutoff,) = chart.rules
    covered = [cutoff.label.box.overlap(mark.label.box) for mark in chart.marks]
    points = [Box(m.x - 7, m.y - 7, m.x + 7, m.y + 7) for m in chart.marks]
    covered += [cutoff.label.box.overlap(point) for point in points]
    assert covered == [0.0] * len(covered)


def spread(score: int) -> list[int]:
    """Nine answers that add up to a score."""
    return [min(3, max(0, score - 3 * n)) for n in range(9)]


DAYS = [date(2024 + n // 2, 3 + 6 * (n % 2), 16) for n in range(5)]


def test_whisker_and_norm_lie_where_they_are_told(scale):
    norm = NormLine(9.5, "norm mean 9.5", False, 400, "Invented", "invented", "2026")
    point = replace(scale.latest, interval=(23.0, 27.0))

    chart = draw(replace(scale, norms=(norm,), points=(*scale.points[:-1], point)))

    assert [rule.kind for rule in chart.rules] == ["cutoff", "norm"]
    assert chart.rules[0].y == chart.rules[1].y
    assert chart.rules[0].label.box.overlap(chart.rules[1].label.box) == 0.0
    assert (chart.whisker.top, chart.marks[-1].y) == (chart.top, chart.top)
    assert chart.whisker.bottom > chart.top


def test_strip_shows_where_the_score_lies_and_lay(scale):
    strip = draw_strip(scale)

    assert [span.rank for span in strip.spans] == [0, 1, 2, 3, 4]
    assert (strip.before, strip.latest) == (PAD, WIDTH - PAD)
    assert strip.before < strip.cutoff < strip.latest


def test_strip_of_an_unscored_sitting_has_no_dot(profile):
    strip = draw_strip(profile([measured("phq9", [None] * 9)]).scales[0])

    assert (strip.latest, strip.before) == (None, None)
