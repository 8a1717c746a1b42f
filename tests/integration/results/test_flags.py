"""A critical answer calls somebody when it is given, and nothing takes the call back."""

from sqlalchemy import select

from app.assessments.domain import TalkRequested
from app.assessments.models import Assessment
from app.platform import clock, events
from app.platform.db import db
from app.results.models import Flag
from tests.conftest import NOW
from tests.factories import results


def flags() -> list[Flag]:
    return list(db.session.scalars(select(Flag).order_by(Flag.id)))


def test_critical_answer_raises_its_flag_at_the_tap(sitting, answer, raised):
    answer(sitting, "phq9", {"q9": 2})

    (flag,) = flags()
    assert (flag.code, flag.kind, flag.lane) == ("critical_q9", "critical", "fast")
    assert flag.student_id == sitting.student_id
    assert flag.reason == {
        "item": "q9",
        "value": 2.0,
        "refused": False,
        "instrument_version": "1.0.0",
        "engine_version": "1",
    }
    assert [(e.assessment_id, e.flag_ids) for e in raised] == [(sitting.id, (flag.id,))]


def test_harmless_answer_raises_nothing(sitting, answer, raised):
    answer(sitting, "phq9", {"q8": 3, "q9": 0})

    assert flags() == []
    assert raised == []


def test_refusal_of_a_shown_critical_item_is_critical(sitting, answer, raised):
    answer(sitting, "phq9", {"q9": "refused"})

    (flag,) = flags()
    assert (flag.lane, flag.reason["refused"]) == ("same_day", True)


def test_empty_cell_of_an_import_never_calls_anybody(sitting, answer, submit, raised):
    sitting.mode = "import"

    answer(sitting, "phq9", results.values([0] * 8))
    submit(sitting)

    assert flags() == []


def test_edited_answer_keeps_the_flag_and_marks_it(sitting, answer, raised):
    answer(sitting, "phq9", {"q9": 3})
    answer(sitting, "phq9", {"q9": 0})

    (flag,) = flags()
    assert (flag.reason["value"], flag.lane, flag.edited_at) == (3.0, "fast", NOW)
    assert len(raised) == 1


def test_milder_answer_leaves_the_lane_as_fast_as_it_was(sitting, answer, raised):
    answer(sitting, "phq9", {"q9": 3})
    answer(sitting, "phq9", {"q9": 1})

    (flag,) = flags()
    assert (flag.lane, flag.reason["value"], flag.edited_at) == ("fast", 3.0, NOW)


def test_more_urgent_answer_moves_the_flag_to_the_fast_lane_and_says_so(sitting, answer, raised):
    answer(sitting, "phq9", {"q9": 1})
    answer(sitting, "phq9", {"q9": 2})

    (flag,) = flags()
    assert (flag.lane, flag.reason["value"], flag.edited_at) == ("fast", 2.0, None)
    assert [event.flag_ids for event in raised] == [(flag.id,), (flag.id,)]


def test_answers_of_one_batch_are_read_in_the_order_they_were_given(sitting, answer, raised):
    first, second = (results.answers(sitting, "phq9", {"q9": value})[0] for value in (3, 0))

    events.publish(results.stored(sitting, [first, second]))

    (flag,) = flags()
    assert (flag.reason["value"], flag.edited_at) == (3.0, clock.now())


def test_wish_for_company_now_is_fast_and_imminent(sitting, answer, raised):
    answer(sitting, "closing", {"company": 2})

    (flag,) = flags()
    assert (flag.code, flag.kind, flag.lane) == ("company", "request", "fast")
    assert flag.reason == {"item": "company", "value": 2, "wish": "need", "imminent": True}


def test_wish_to_talk_today_is_same_day_and_this_week_can_wait(sitting, answer, raised):
    answer(sitting, "closing", {"talk": 2})
    assert [(f.code, f.lane) for f in flags()] == [("talk", None)]

    answer(sitting, "closing", {"talk": 3})
    assert [(f.code, f.lane) for f in flags()] == [("talk", "same_day")]
    assert len(raised) == 2


def test_no_wish_raises_nothing(sitting, answer, raised):
    answer(sitting, "closing", {"message": "谢谢老师", "talk": 0, "company": 0})

    assert flags() == []


def test_message_with_critical_words_is_flagged_and_stays_sealed(sitting, answer, raised):
    answer(sitting, "closing", {"message": "有时候觉得不 想 活了"})

    (flag,) = flags()
    assert (flag.code, flag.kind, flag.lane) == ("words_message", "words", "same_day")
    assert flag.reason == {"item": "message"}


def test_talk_button_is_heard_once(sitting, raised):
    events.publish(TalkRequested(sitting.id))
    events.publish(TalkRequested(sitting.id))

    (flag,) = flags()
    assert (flag.code, flag.kind, flag.lane) == ("talk_button", "request", "same_day")
    assert len(raised) == 1


def test_anonymous_critical_answer_is_a_flag_without_a_person(sitting, answer, raised):
    nobody = results.sitting(sitting.campaign, None, site_id=sitting.site_id)

    answer(nobody, "phq9", {"q9": 1})

    (flag,) = flags()
    assert (flag.student_id, flag.site_id) == (None, sitting.site_id)


def test_answers_of_another_sitting_raise_nothing_here(sitting: Assessment, answer, raised):
    other = results.sitting(sitting.campaign, sitting.student)

    answer(other, "phq9", {"q9": 2})

    assert [flag.assessment_id for flag in flags()] == [other.id]
