"""A profile shows each scale on its own axis, over time, with the exact reason of every flag."""

from dataclasses import replace

import pytest

from app.instruments.words import Text
from app.profiles import Answered, Sitting
from app.profiles.reasons import short_title
from app.scoring import Person
from tests.unit.profiles.conftest import (
    AUTUMN,
    CRITICAL,
    CUTOFF,
    NEED,
    SPRING,
    WORDS,
    compiled,
    measured,
    raised,
)


def test_zones_cover_the_axis_without_a_score_on_a_line(profile):
    (scale,) = profile([measured("phq9", [0] * 9)]).scales

    assert [(zone.low, zone.high, zone.name) for zone in scale.zones] == [
        (0.0, 4.5, "minimal"),
        (4.5, 9.5, "mild"),
        (9.5, 14.5, "moderate"),
        (14.5, 19.5, "moderately severe"),
        (19.5, 27.0, "severe"),
    ]
    assert (scale.cutoff.edge, scale.cutoff.text) == (9.5, "≥ 10")


def test_low_is_worse_turns_ranks_and_cutoff_around(profile):
    (scale,) = profile([measured("who5", [1] * 5)]).scales

    assert [zone.rank for zone in scale.zones] == [2, 1, 0]
    assert (scale.cutoff.edge, scale.cutoff.text) == (50.0, "≤ 50")
    assert scale.latest.reaches_cutoff


def test_chinese_band_names_lose_what_they_share(profile):
    (scale,) = profile([measured("phq9", [0] * 9)], locale="zh_Hans").scales

    assert scale.zones_title == "情绪困扰水平"
    assert [zone.name for zone in scale.zones] == ["很低", "较低", "中等", "较高", "很高"]


def test_history_stands_oldest_first_and_knows_its_change(profile):
    spring = measured("phq9", [1] * 8 + [0], sitting=SPRING)
    autumn = measured("phq9", [2] * 8 + [1])

    (scale,) = profile([spring, autumn]).scales

    assert [(p.campaign, p.score, p.is_current) for p in scale.points] == [
        ("2026年春季测评", 8.0, False),
        ("2026年秋季测评", 17.0, True),
    ]
    assert scale.change == 9.0


def test_change_skips_a_sitting_without_a_score(profile):
    first = measured("phq9", [1] * 9, sitting=Sitting("x", SPRING.taken_on, "x", "paper", "en"))
    unscored = measured("phq9", [None] * 9, sitting=SPRING)

    (scale,) = profile([first, unscored, measured("phq9", [2] * 9)]).scales

    assert scale.change == 9.0


def test_person_outside_the_ages_has_no_band_and_no_cutoff_reached(profile):
    child = Person(age=10)

    (scale,) = profile([measured("phq9", [3] * 9, person=child)]).scales

    assert not scale.is_within_ages
    assert (scale.latest.band, scale.latest.reaches_cutoff) == ("no band", False)


def test_flags_stand_most_urgent_first_with_their_reasons(profile):
    flags = profile([measured("phq9", [2] * 9)], flags=(CUTOFF, WORDS, NEED, CRITICAL)).flags

    assert [flag.why for flag in flags] == [
        "“Thoughts that you would be better off dead or of hurting yourself in some way” "
        "was answered “More than half the days”",
        "needs somebody to come at once",
        "The message to the counsellor holds words to read today",
        "PHQ-9 17, cut-off ≥ 10",
    ]
    assert flags[0].note == "instrument version 1.0.0, scoring version 1"


def test_flag_of_a_changed_answer_says_so(profile):
    edited = raised("critical_q9", reason={"item": "q9", "value": 3.0}, is_edited=True)

    (flag,) = profile([measured("phq9", [0] * 9)], flags=(edited,)).flags

    assert flag.note == "The student changed this answer afterwards; the flag stands"


def test_flag_of_a_refused_item_says_so(profile):
    refused = raised("critical_q9", reason={"item": "q9", "refused": True})

    (flag,) = profile([measured("phq9", [0] * 9)], flags=(refused,)).flags

    assert flag.why.endswith("was shown and not answered")


def test_earlier_flags_stand_apart(profile):
    built = profile(
        [measured("phq9", [2] * 9)],
        flags=(CUTOFF, raised("critical_q9", sitting=SPRING, reason={"item": "q9", "value": 1.0})),
    )

    assert [flag.title for flag in built.current_flags] == ["At or above the cut-off"]
    assert [flag.title for flag in built.earlier_flags] == ["Critical item"]


def test_critical_answers_are_told_in_the_students_own_options(profile):
    answers = (Answered("phq9", "q9", 1.0),)

    (answer,) = profile([measured("phq9", [0] * 8 + [1])], answers=answers).critical

    assert (answer.answer, answer.is_critical) == ("Several days", True)


def test_sitting_under_way_has_flags_before_it_has_scores(profile):
    under_way = Sitting("u", AUTUMN.taken_on, AUTUMN.campaign, "phone", "en", is_finished=False)
    flag = raised("critical_q9", sitting=under_way, lane="fast", reason={"item": "q9", "value": 3})

    built = profile([], flags=(flag,), sitting=under_way)

    assert built.scales == ()
    assert built.steps[0].startswith("Find the student now")
    assert "began" in built.opening


def test_answer_quality_is_told_with_its_numbers(profile):
    careless = measured(
        "gad7",
        [2] * 5 + [None] * 2,
        quality={"too_fast": 0.8, "long_run": 0.9, "many_missing": 0.2857},
    )

    (instrument,) = profile([careless]).instruments

    assert instrument.quality == (
        "answered fast: 0.8 s an item",
        "the same answer to 90% of the items in a row",
        "29% not answered",
    )


def test_instrument_without_an_axis_tells_the_outcome_of_its_rules(profile):
    built = profile([measured("asq", [1, 0, 0, 0, 0])])

    (instrument,) = built.instruments
    assert built.scales == ()
    assert instrument.outcomes == ("Screen: positive, not acute",)
    assert built.closing[0].endswith("(ASQ) · Screen: positive, not acute.")


def test_outcome_stands_once_beside_the_first_of_several_scales(profile):
    built = profile([measured("phq9", [3, 3, 3, 3, 3, 0, 0, 0, 0]), measured("dass21", [1] * 21)])

    assert [len(scale.outcomes) for scale in built.scales] == [1, 0, 0, 0]
    assert [instrument.outcomes for instrument in built.instruments] == [(), ()]


def test_three_subscales_have_an_axis_each(profile):
    scales = profile([measured("dass21", [2] * 21)], locale="zh_Hans").scales

    assert [(scale.label, scale.latest.score) for scale in scales] == [
        ("DASS-21 · 情绪低落", 28.0),
        ("DASS-21 · 紧张不安", 28.0),
        ("DASS-21 · 压力", 28.0),
    ]


def test_total_made_of_subscales_counts_their_questions(profile):
    scales = profile([measured("sdq", [1.0] * 25)]).scales

    (total,) = [scale for scale in scales if scale.scale == "total"]
    assert (total.latest.answered, total.latest.items) == (20, 20)


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("病人健康问卷（PHQ-9）", "PHQ-9"),
        ("Patient Health Questionnaire (PHQ-9)", "PHQ-9"),
        ("病人健康问卷（PHQ-9)", "PHQ-9"),
        ("病人健康问卷(PHQ-9）", "PHQ-9"),
        ("病人健康问卷 PHQ-9)", "病人健康问卷 PHQ-9)"),
    ],
)
def test_short_title_is_what_stands_in_brackets_of_either_width(title, short):
    instrument = compiled("phq9").instrument
    retitled = instrument.model_copy(update={"title": Text({"zh_Hans": title})})

    assert short_title(retitled, "zh_Hans") == short


def test_score_that_is_the_cut_off_but_for_a_rounding_error_reaches_it(profile):
    exact = measured("who5", [1.0] * 5)
    (scale,) = profile([exact]).scales
    threshold = exact.instrument.scales[0].cutoffs[0].at_most
    (code,) = exact.scores
    near = replace(exact, scores={code: replace(exact.scores[code], score=threshold + 1e-12)})

    assert scale.latest.reaches_cutoff
    assert profile([near]).scales[0].latest.reaches_cutoff
