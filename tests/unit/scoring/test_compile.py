import numpy as np
import pytest

from app.instruments.loader import InstrumentError, parse_instrument
from app.scoring import ENGINE_VERSION, Person, ScaleScore, compile_instrument

NAN = np.nan


def answers(*values: float | None) -> dict[str, float | None]:
    return {f"q{n}": value for n, value in enumerate(values, start=1)}


def test_score_one_returns_scores_flags_and_versions(phq9):
    result = phq9.score_one(answers(3, 3, 3, 3, 0, 0, 0, 0, 2))

    assert (result.instrument, result.instrument_version) == ("phq9", "1.0.0")
    assert result.content_hash == phq9.instrument.content_hash
    assert result.engine_version == ENGINE_VERSION
    assert result.scales == {
        "total": ScaleScore("total", 14.0, 14.0, 9, 0, "moderate", prorated=False),
        "algorithm": ScaleScore("algorithm", 2.0, 14.0, 9, 0, "major", prorated=False),
    }
    assert [flag.code for flag in result.flags] == ["critical_q9", "cutoff_total"]


def test_a_flag_carries_its_reason(phq9):
    critical, cutoff = phq9.score_one(answers(3, 3, 3, 3, 0, 0, 0, 0, 1)).flags

    assert (critical.kind, critical.item, critical.value, critical.lane) == (
        "critical",
        "q9",
        1.0,
        "same_day",
    )
    assert (cutoff.scale, cutoff.value, cutoff.threshold, cutoff.direction) == (
        "total",
        13.0,
        10,
        "at_least",
    )
    assert "Kroenke" in (cutoff.source or "")
    assert "Adults" in (cutoff.population or "")


def test_missing_answers_are_prorated_or_refused_and_never_zero(phq9):
    prorated = phq9.score_one(answers(1, 1, 1, 1, 0, 0, 0, 0)).scales["total"]
    refused = phq9.score_one(answers(3, 3, 3, 3, 3, 3)).scales["total"]
    empty = phq9.score_one({}).scales["total"]

    assert (prorated.score, prorated.raw, prorated.missing) == (5.0, 4.0, 1)
    assert prorated.prorated
    assert (refused.score, refused.raw, refused.band) == (None, 18.0, None)
    assert (empty.score, empty.raw, empty.answered) == (None, None, 0)


def test_a_shown_and_refused_critical_item_calls_somebody_but_an_empty_one_does_not(phq9):
    refused = phq9.score_one(answers(*[0] * 8), refused=frozenset({"q9"}))
    empty = phq9.score_one(answers(*[0] * 8))

    assert [(flag.code, flag.refused, flag.lane) for flag in refused.flags] == [
        ("critical_q9", True, "same_day")
    ]
    assert empty.flags == ()


@pytest.mark.parametrize(
    ("answer", "lane"),
    [(0, None), (1, "same_day"), (2, "fast"), (3, "fast"), ("refused", "same_day")],
)
def test_critical_flag_decides_one_answer_at_the_tap(phq9, answer, lane):
    flag = phq9.critical_flag("q9", answer)

    assert (flag.lane if flag else None) == lane


def test_critical_flag_ignores_other_items(phq9):
    assert phq9.critical_flag("q1", 3) is None
    assert phq9.critical_flag("q1", "refused") is None


def test_outside_the_ages_answers_are_kept_without_band_or_cutoff_but_critical_items_call(phq9):
    result = phq9.score_one(answers(*[3] * 9), person=Person(age=11))

    assert not result.within_ages
    assert result.scales["total"].score == 27.0
    assert result.scales["total"].band is None
    assert [flag.code for flag in result.flags] == ["critical_q9"]


@pytest.mark.parametrize(("age", "band"), [(11.99, None), (12, "minimal"), (None, "minimal")])
def test_the_age_limit_is_inclusive_and_needs_an_age(phq9, age, band):
    assert phq9.score_one(answers(*[0] * 9), person=Person(age=age)).scales["total"].band == band


def test_a_cohort_is_scored_as_its_people_one_by_one(phq9):
    matrix = np.array(
        [[0] * 9, [3] * 9, [1, 1, 1, 1, 0, 0, 0, NAN, 0], [NAN] * 9, [2, 2, 1, 1, 1, 1, 1, 1, NAN]]
    )
    refused = np.zeros(matrix.shape, dtype=bool)
    refused[4, 8] = True

    cohort = phq9.score(matrix, refused=refused, age=[15, 16, 17, 18, 11])

    total = cohort.scales["total"]
    assert total.score.tolist()[:3] == [0, 27, 5]
    assert np.isnan(total.score[3])
    assert total.answered.tolist() == [9, 9, 8, 0, 8]
    assert total.prorated.tolist() == [False, False, True, False, True]
    assert total.band.tolist() == [0, 4, 1, -1, -1]
    assert cohort.flags["critical_q9"].tolist() == [False, True, False, False, True]
    assert cohort.flags["cutoff_total"].tolist() == [False, True, False, False, False]


def test_who5_is_reported_from_0_to_100_and_low_is_worse(compiled):
    result = compiled("who5").score_one(answers(3, 3, 2, 2, 2))

    assert (result.scales["total"].score, result.scales["total"].raw) == (48.0, 12.0)
    assert [(flag.code, flag.direction) for flag in result.flags] == [("cutoff_total", "at_most")]


def test_an_example_that_does_not_come_out_stops_the_instrument(phq9):
    source = phq9.instrument.source
    wrong = source.examples.replace("scores: {total: 4,", "scores: {total: 6,")
    instrument = parse_instrument(source.instrument, examples=wrong)

    with pytest.raises(InstrumentError, match="total comes out as 4, not 6"):
        compile_instrument(instrument)


def test_examples_have_to_reach_every_band_and_flag(phq9):
    source = phq9.instrument.source
    few = source.examples[: source.examples.index("  - name: Lowest moderately")]
    instrument = parse_instrument(source.instrument, examples=few)

    with pytest.raises(InstrumentError) as caught:
        compile_instrument(instrument)

    assert [problem.message for problem in caught.value.problems] == [
        "no worked example raises the flag “critical_q9”; add one.",
        "no worked example reaches the band “moderately_severe” of total; add one.",
        "no worked example reaches the band “severe” of total; add one.",
        "no worked example reaches the band “major” of algorithm; add one.",
    ]


def test_a_refused_answer_does_not_count_even_where_a_value_stands(phq9):
    matrix, refused = np.full((1, 9), 3.0), np.zeros((1, 9), dtype=bool)
    refused[0, 0] = True

    total = phq9.score(matrix, refused=refused).scales["total"]

    assert (total.raw[0], total.answered[0]) == (24, 8)


def test_it_knows_what_its_flags_look_at_beyond_the_instrument(phq9):
    assert phq9.elsewhere == frozenset()
