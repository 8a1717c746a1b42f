"""A finished sitting is scored in its own transaction, with versions, bands, quality and flags."""

from datetime import date

import pytest
from sqlalchemy import event, select

from app.platform.db import db
from app.results.models import Administration, Flag, ScaleScore
from tests.conftest import NOW
from tests.factories import people, results


def administrations() -> list[Administration]:
    return list(db.session.scalars(select(Administration).order_by(Administration.id)))


def flags() -> dict[str, Flag]:
    return {flag.code: flag for flag in db.session.scalars(select(Flag))}


@pytest.fixture
def statements(in_app):
    """What was sent to the database."""
    sent: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    return sent


def test_submit_stores_scores_with_band_and_versions(sitting, answer, submit):
    answer(sitting, "phq9", results.values([1, 2, 1, 0, 2, 0, 1, 0, 0]))

    submit(sitting)

    (administration,) = administrations()
    assert (administration.instrument_code, administration.revision) == ("phq9", 1)
    assert (administration.engine_version, administration.scored_at) == ("1", NOW)
    assert administration.instrument_version.version == "1.0.0"
    score = next(score for score in administration.scores if score.scale == "total")
    assert (score.scale, score.score, score.raw, score.answered) == ("total", 7.0, 7.0, 9)
    assert (score.band, score.prorated) == ("mild", False)


def test_score_at_the_cutoff_raises_a_flag_that_says_why(sitting, answer, submit, raised):
    answer(sitting, "phq9", results.values([2, 2, 2, 2, 2, 2, 0, 0, 0]))
    answer(sitting, "closing", {"company": 0})

    submit(sitting)

    flag = flags()["cutoff_total"]
    assert (flag.kind, flag.lane) == ("cutoff", None)
    assert flag.reason == {
        "scale": "total",
        "value": 12.0,
        "refused": False,
        "cutoff": 10,
        "direction": "ge",
        "source": "Kroenke, Spitzer, Williams 2001, J Gen Intern Med 16:606-613",
        "population": "Adults in primary care, USA (major depression)",
        "instrument_version": "1.0.0",
        "engine_version": "1",
    }
    assert raised[-1].flag_ids == (flag.id,)


def test_submitting_again_changes_nothing(sitting, answer, submit, raised):
    answer(sitting, "phq9", results.values([3] * 9))
    submit(sitting)
    heard = len(raised)

    submit(sitting)

    assert len(administrations()) == 1
    assert len(raised) == heard


def test_late_answer_adds_a_revision_beside_the_old_one(sitting, answer, submit):
    answer(sitting, "phq9", results.values([1] * 8))
    submit(sitting)

    answer(sitting, "phq9", {"q9": 1})
    submit(sitting)

    assert [(a.revision, a.scores[0].answered) for a in administrations()] == [(1, 8), (2, 9)]


def test_person_outside_the_ages_gets_a_score_and_no_band(in_app, fixed_clock, answer, submit):
    child = people.student(people.cohort(people.site()), birth_date=date(2016, 1, 1))
    sitting = results.sitting(results.campaign("phq9"), child)
    answer(sitting, "phq9", results.values([3] * 8 + [0]))

    submit(sitting)

    score = next(s for s in administrations()[0].scores if s.scale == "total")
    assert (score.score, score.band) == (24.0, None)
    assert flags() == {}


def test_instrument_that_was_not_reached_is_not_scored(alice, answer, submit):
    sitting = results.sitting(results.campaign("phq9", "gad7"), alice)
    answer(sitting, "phq9", {"q1": 1})

    submit(sitting)

    (administration,) = administrations()
    assert administration.scores[0].score is None


def test_urgency_that_nobody_answered_is_fast_after_a_critical_answer(sitting, answer, submit):
    answer(sitting, "phq9", {"q9": 1})

    submit(sitting)

    assert {code: flag.lane for code, flag in flags().items() if flag.lane} == {
        "critical_q9": "same_day",
        "company_unanswered": "fast",
    }


def test_answered_urgency_leaves_the_lane_alone(sitting, answer, submit):
    answer(sitting, "phq9", {"q9": 1})
    answer(sitting, "closing", {"company": 0})

    submit(sitting)

    assert [code for code in flags() if code != "quality"] == ["critical_q9"]


def test_answer_quality_is_noted_with_its_numbers(sitting, answer, submit):
    answer(sitting, "phq9", results.values([2] * 8), seconds=0.8)

    submit(sitting)

    assert administrations()[0].quality == {"long_run": 0.89, "too_fast": 0.8}


def test_submit_of_phq9_costs_few_statements(sitting, answer, submit, statements, raised):
    answer(sitting, "phq9", results.values([2] * 9))
    submit(sitting)  # the instrument is compiled
    other = results.sitting(sitting.campaign, sitting.student)
    answer(other, "phq9", results.values([2] * 9))
    statements.clear()

    submit(other)

    assert len(statements) <= 10


def test_three_instruments_need_no_more_reads_than_one(alice, answer, submit, statements, raised):
    sitting = results.sitting(results.campaign("phq9", "gad7", "who5"), alice)
    answer(sitting, "phq9", results.values([2] * 9))
    answer(sitting, "gad7", results.values([2] * 7))
    answer(sitting, "who5", results.values([1] * 5))
    statements.clear()

    submit(sitting)

    assert len([sent for sent in statements if sent.startswith("SELECT")]) == 6
    assert db.session.query(ScaleScore).count() == 4  # PHQ-9 has two: its total and its pattern
