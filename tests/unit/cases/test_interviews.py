"""The interview reads what was chosen, and writes it down without counting anything."""

from pathlib import Path

import pytest

from app.cases.domain.interviews import (
    ESSENTIAL,
    FACTS,
    headed,
    is_feared,
    lines_of,
    read_answers,
    unanswered,
)
from app.cases.domain.letters import Ask, Topic, asks_of, topics_of
from app.instruments.loader import load_instrument
from app.instruments.model import Instrument

LIBRARY = Path(__file__).parents[3] / "instruments"


@pytest.fixture(scope="module")
def form() -> Instrument:
    return load_instrument(LIBRARY / "crisis_interview")


def test_form_is_led_by_a_person_and_counts_nothing(form):
    assert (form.informant, form.scales, form.flag_codes) == ("interviewer", (), ())


def test_every_question_about_danger_can_stay_unspoken(form):
    asked = [code for code in ESSENTIAL if code != "decision"]

    assert [form.item(code).refusal_value for code in asked] == [9, 9, 9, 9]


def test_every_topic_of_the_talk_has_words_to_say(form):
    written_only = {"decision", "told"}
    silent = [
        item.code
        for item in form.items
        if item.read_aloud is None
        and not item.code.endswith("_words")
        and item.code not in written_only
    ]

    assert silent == []


def test_answers_keep_what_the_form_knows_and_drop_the_rest(form):
    given = {
        "thoughts": ["1"],
        "plan": ["7"],
        "means": ["0", "1"],
        "triggers": ["2", "1", "99"],
        "occasion": ["  想聊聊\r\n最近  "],
        "helps": [""],
        "strange": ["1"],
    }

    assert read_answers(form, given) == {
        "occasion": "想聊聊\n最近",
        "thoughts": 1,
        "triggers": [1, 2],
    }


def test_unanswered_names_the_essential_questions_only():
    assert unanswered({"thoughts": 0, "plan": 9, "means": 0}) == ["past", "decision"]


@pytest.mark.parametrize(
    ("locale", "text"),
    [("zh_Hans", "母亲、朋友或同学。同桌"), ("en", "Mother, Friends or classmates. 同桌")],
)
def test_words_stand_behind_what_they_explain(form, locale, text):
    answers = {"supports": [1, 5], "supports_words": "同桌"}

    lines = lines_of(form, answers, headed(form, form.item_codes), locale)

    assert [line.text for line in lines] == [text]


def test_facts_for_a_hospital_leave_out_what_was_confided_besides(form):
    confided = {"occasion", "triggers", "feared", "supports", "reasons", "helps"}

    assert set(FACTS).isdisjoint(confided)
    assert set(FACTS) <= set(form.item_codes)


@pytest.mark.parametrize(("answer", "feared"), [(1, True), (0, False), (9, False), (None, False)])
def test_fear_is_what_was_said_and_nothing_else(answer, feared):
    assert is_feared({"feared": answer} if answer is not None else {}) is feared


def test_letter_begins_with_the_topics_that_were_touched():
    assert topics_of({"triggers": [1, 3], "helps": "跑步"}) == [
        Topic.FEELINGS,
        Topic.SCHOOL_WORK,
        Topic.FRIENDS,
        Topic.STRENGTHS,
    ]
    assert topics_of({}) == [Topic.FEELINGS]


def test_letter_asks_for_a_doctor_only_where_the_counsellor_decided_so():
    assert [Ask.SEE_A_DOCTOR in asks_of({"decision": n}) for n in (1, 2, 3, 4)] == [
        True,
        True,
        False,
        False,
    ]
