"""The narrative says what now and what was seen, in both languages, and never names an illness."""

from itertools import product

import pytest

from app.profiles.lint import find_banned
from app.profiles.wording import LOCALES
from app.scoring import Person
from tests.unit.profiles.conftest import (
    CRITICAL,
    CUTOFF,
    NEED,
    SPRING,
    WORDS,
    measured,
    raised,
)


def without(titles, sentence):
    """Official titles are the one exemption from the word lint."""
    for title in titles:
        sentence = sentence.replace(title, "")
    return sentence


TALK = raised("talk", instrument="closing", kind="request", reason={"wish": "this_week"})

CASES = {
    "calm": ([measured("phq9", [0] * 9), measured("who5", [4] * 5)], ()),
    "reached": (
        [
            measured("phq9", [1] * 8 + [0], sitting=SPRING),
            measured("phq9", [2] * 8 + [1]),
            measured("who5", [1] * 5),
            measured("gad7", [0] * 7),
        ],
        (CRITICAL, CUTOFF, NEED, WORDS),
    ),
    "eased": (
        [measured("who5", [1] * 5, sitting=SPRING), measured("who5", [4] * 5)],
        (TALK,),
    ),
    "unscored": ([measured("phq9", [1] + [None] * 8, quality={"many_missing": 0.89})], ()),
    "outside": ([measured("phq9", [3] * 9, person=Person(age=9))], ()),
}


@pytest.mark.parametrize(("case", "locale"), list(product(CASES, LOCALES)))
def test_no_sentence_names_an_illness_or_blames(profile, case, locale):
    measurements, flags = CASES[case]

    built = profile(measurements, flags=flags, locale=locale)

    said = [
        *built.narrative,
        *built.steps,
        *built.strengths,
        *built.difficulties,
        *(f.title + f.why + f.note for f in built.flags),
    ]
    titles = [instrument.title for instrument in built.instruments]
    assert [found for sentence in said if (found := find_banned(without(titles, sentence)))] == []


def test_narrative_of_a_calm_sitting_in_english(profile):
    built = profile([measured("gad7", [0] * 7)])

    assert built.narrative == (
        "On 12 Oct 2026 the student completed Generalised Anxiety Disorder scale (GAD-7) "
        "in “2026年秋季测评” (on a phone, Simplified Chinese).",
        "GAD-7: 0 of 21, not at the cut-off (≥ 10). Band: minimal.",
        "On the strong side: GAD-7 is not at the cut-off.",
        "All this is for screening reference only, not a diagnosis; "
        "a conversation tells what it means.",
    )
    assert built.steps == (
        "Nothing in this sitting asks for follow-up; the usual attention is enough.",
    )


def test_low_wellbeing_is_told_as_a_range_not_as_a_height(profile):
    built = profile([measured("who5", [1] * 5)], locale="zh_Hans")

    assert built.scales[0].words.startswith(
        "WHO-5：20 分（满分 100），进入建议关注的分数范围（≤ 50；分数越低越需要关注）"
    )


def test_change_is_told_with_its_direction(profile):
    better = [measured("who5", [1] * 5, sitting=SPRING), measured("who5", [4] * 5)]

    built = profile(better, locale="zh_Hans")

    assert built.scales[0].words.endswith("比上次（2026年3月16日，20 分）高 60 分。")


def test_safety_comes_before_any_score(profile):
    measurements, flags = CASES["reached"]

    built = profile(measurements, flags=flags)

    assert built.steps[0].startswith("Find the student now")
    assert built.narrative[1].startswith("Critical item:")


def test_missing_score_is_never_told_as_calm(profile):
    measurements, flags = CASES["unscored"]

    built = profile(measurements, flags=flags)

    assert "no score does not mean that nothing is hard" in built.scales[0].words
    assert built.strengths == ()
