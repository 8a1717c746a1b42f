"""Norms and exactness: what is published, for whom it is published, on the scale's own axis."""

from dataclasses import replace
from datetime import date

import pytest

from app.instruments.norms import NormGroup, NormTable
from app.instruments.scales import Conversion, Reliability
from app.profiles.inputs import LocalGroup, LocalNorms, LocalScale
from app.profiles.narrative import change_words, interval_words
from app.profiles.norms import norm_lines
from app.scoring import Person
from tests.unit.profiles.conftest import SPRING, compiled, measured

GIRLS = NormGroup(**{"for": {"sex": "female"}}, size=400, mean=10, sd=4)
TABLE = NormTable(
    code="invented",
    version="1.0.0",
    source="Invented 2026",
    population="Girls of an invented county",
    collected="2026",
    scales={"total": (GIRLS,)},
)


def lines(
    code="phq9",
    person=Person(sex="female", age=14),  # noqa: B008 -- frozen
    convert=None,
    local=None,
    score=12.0,
):
    instrument = compiled(code).instrument
    scale = next(s for s in instrument.scales if s.code == "total")
    if convert:
        scale = scale.model_copy(update={"convert": convert})
    return norm_lines(scale, with_norms(instrument), local, score, person, "en")


def with_norms(instrument):
    copy = instrument.model_copy()
    copy._norms = (TABLE,)
    return copy


def cited(scale, sem):
    """The scale as if its reliability were published."""
    whose = Reliability(sem=sem, source="Invented 2026", population="invented")
    return scale.model_copy(update={"reliability": whose})


def test_norm_of_the_persons_group_is_drawn_and_said():
    (line,) = lines()

    assert (line.mean, line.text, line.size) == (10.0, "norm mean 10", 400)


@pytest.mark.parametrize("person", [Person(sex="male", age=14), Person()])
def test_who_is_outside_the_group_or_unknown_has_no_norm(person):
    assert lines(person=person) == ()


@pytest.mark.parametrize(
    ("convert", "means"),
    [
        (Conversion(multiply=4), [40.0]),
        (Conversion(method="t", norms="invented"), [50.0]),
        (Conversion(method="z", norms="invented"), [0.0]),
        (Conversion(method="t", norms="another"), []),
        (Conversion(method="percentile", norms="invented"), []),
        (Conversion(method="lookup", table={0: 0}), []),
    ],
)
def test_mean_lies_where_the_scale_reports_it(convert, means):
    assert [line.mean for line in lines(convert=convert)] == means


def local(standard_error=None):
    """Norms of the school: girls, and everybody."""
    groups = tuple(
        LocalGroup(sex, None, size, mean, mean - 1, mean + 1, {12.0: (91.4, 86.2, 95.1)})
        for sex, size, mean in (("female", 80, 9.0), (None, 150, 8.0))
    )
    scale = LocalScale(groups, standard_error)
    return LocalNorms("1.0.0", ("Autumn",), date(2026, 11, 20), {"total": scale})


def test_local_norms_stand_behind_published_ones_with_size_date_and_interval():
    _published, own = lines(local=local())

    assert (own.is_local, own.mean, own.size, own.collected) == (True, 9.0, 80, "95% interval 8–10")
    assert own.source == "This school's own figures: Autumn, approved on 20 Nov 2026"
    assert own.rank == (
        "Percentile 91 (86–95) of 80 at this school, girls; it compares and is no cut-off"
    )


def test_who_is_in_no_narrower_group_is_compared_with_everybody():
    (own,) = lines(local=local(), person=Person(sex="male", age=14))

    assert (own.size, own.population) == (150, "all students")


def test_a_score_that_nobody_had_has_no_rank():
    assert [line.rank for line in lines(local=local(), score=13.0)] == ["", ""]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (1.0, "Risen by more than 2.8 (this school's own figures): more than chance"),
        (4.0, "Less than 11.1 (by this school's own figures): this change may be chance"),
    ],
)
def test_local_exactness_is_told_as_that_and_decides_nothing(profile, error, said):
    taken = [measured("phq9", [1] * 8 + [0], sitting=SPRING), measured("phq9", [2] * 9)]

    plain, own = profile(taken), profile(taken, local={"phq9": local(error)})

    (scale,) = own.scales
    assert scale.change_words == said
    assert "by this school's own figures" in scale.interval_words
    assert (scale.change_mark, own.strengths, own.difficulties, own.steps) == (
        "",
        plain.strengths,
        plain.difficulties,
        plain.steps,
    )


def test_a_published_reliability_goes_before_a_local_one(profile):
    exact = with_reliability(2.0)

    (scale,) = profile([exact(measured("phq9", [1] * 9))], local={"phq9": local(9.0)}).scales

    assert (scale.is_exactness_local, scale.latest.interval) == (
        False,
        pytest.approx((5.08, 12.92)),
    )


def test_norms_of_another_version_do_not_count(profile):
    other = replace(local(2.0), version="0.9.0")

    assert profile([measured("phq9", [1] * 9)], local={"phq9": other}) == profile(
        [measured("phq9", [1] * 9)]
    )


def with_reliability(sem):
    scales = [cited(s, sem) if s.code == "total" else s for s in compiled("phq9").instrument.scales]
    changed = compiled("phq9").instrument.model_copy(update={"scales": tuple(scales)})
    return lambda one: replace(one, instrument=changed)


def test_interval_is_score_and_196_standard_errors_inside_the_range(profile):
    exact = with_reliability(2.0)

    (middle,) = profile([exact(measured("phq9", [1] * 9))]).scales
    (end,) = profile([exact(measured("phq9", [3] * 9))]).scales

    assert middle.latest.interval == pytest.approx((5.08, 12.92))
    assert end.latest.interval == pytest.approx((23.08, 27.0))
    assert interval_words(middle, "en") == "95% interval 5.1–12.9"


def test_without_a_citation_nothing_is_claimed(profile):
    (scale,) = profile([measured("phq9", [1] * 9)]).scales

    assert scale.latest.interval is None
    assert scale.interval_words == (
        "No published reliability: how exact this is, and whether a change is more than chance, "
        "cannot be told"
    )


@pytest.mark.parametrize(
    ("sem", "mark", "said"),
    [
        (1.0, "↑ reliable rise", "↑ reliable rise (more than 2.8)"),
        (4.0, "", "Less than 11.1: this change may be chance"),
    ],
)
def test_change_is_told_with_the_reliability(profile, sem, mark, said):
    exact = with_reliability(sem)

    (scale,) = profile(
        [exact(measured("phq9", [1] * 8 + [0], sitting=SPRING)), exact(measured("phq9", [2] * 9))]
    ).scales

    assert (scale.change_mark, change_words(scale, "en")) == (mark, said)
    assert ("may be chance" in scale.words) == (mark == "")


def test_difficulties_stand_beside_strengths(profile):
    built = profile([measured("phq9", [2] * 9), measured("gad7", [0] * 7)])

    assert built.difficulties == ("PHQ-9 is in the range worth a conversation",)
    assert built.strengths == ("GAD-7 is not at the cut-off",)
