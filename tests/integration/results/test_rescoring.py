"""A changed instrument weighed against past results, and the ledger of what is scored again."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.actor import OPERATOR, Actor
from app.access.permissions import Role
from app.authoring.models import InstrumentVersion
from app.authoring.service import publish_instruments
from app.cases.models import QueueEntry
from app.instruments.loader import parse_instrument
from app.people.models import Site, Student, User
from app.people.service.logins import actor_of
from app.platform import events
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from app.results import past
from app.results.domain import (
    MOST_TRIES,
    DecidedAlreadyError,
    NotInServiceError,
    NotYoursError,
    RescoringState,
    SecondPersonError,
    WeighingState,
)
from app.results.models import Administration, Flag, ScaleScore, ScoreMove, Weighing
from app.results.queries import history, latest_of_sitting
from app.results.service import rescorings
from app.results.service.rescorings import (
    approve_rescoring,
    propose_rescoring,
    retry_rescoring,
    withdraw_rescoring,
)
from app.results.service.weighings import ask_weighing, cancel_weighing
from tests.conftest import NOW
from tests.factories import authoring, people, results, work

MADE = (
    authoring.TWO_ITEMS.replace("CODE", "energy")
    + """\
    bands:
      - set: made
        source: This test
        population: Nobody
        bands:
          - {code: calm, from: 0, to: LAST, label: {zh_Hans: 平稳, en: calm}}
          - {code: tired, from: FIRST, to: 4, label: {zh_Hans: 疲惫, en: tired}}
    cutoffs:
      - set: made
        at_least: FIRST
        meaning: {zh_Hans: 建议访谈, en: A talk is advised}
        source: This test
        population: Nobody
"""
)
EXAMPLES = """\
instrument: energy
examples:
  - {name: Nothing, source: Rules above, answers: [0, 0], expect: {scores: {total: 0}, flags: []}}
  - name: Everything
    source: Rules above
    answers: [2, 2]
    expect: {scores: {total: 4}, flags: [cutoff_total]}
"""
#: What the students of the school answer.
TOTALS = ((0, 0), (1, 0), (1, 1), (2, 1), (2, 2))


def energy(first: int, version: str) -> str:
    """The instrument whose upper band and cut-off begin at `first`."""
    text = MADE.replace("FIRST", str(first)).replace("LAST", str(first - 1))
    return text.replace("1.0.0", version, 1)


def files(first: int, version: str = "1.1.0") -> dict[str, str]:
    return {"instrument.yaml": energy(first, version), "examples.yaml": EXAMPLES}


@dataclass
class World:
    """A school with five results by version 1.0.0 (from 3 on: tired), and its staff."""

    site: Site
    there: Site
    students: list[Student]
    counsellor: User
    lead: User
    author: User
    counsellor_acts: Actor
    lead_acts: Actor


@pytest.fixture
def world(app, fixed_clock) -> World:
    with app.app_context():
        begin_write()
        version = publish(3, "1.0.0")
        site, there = people.site(), people.site()
        cohort = people.cohort(site)
        campaign = results.campaign_of(version)
        students = [people.student(cohort, name=f"学生{n}") for n in range(len(TOTALS))]
        for student, given in zip(students, TOTALS, strict=True):
            sitting = results.sitting(campaign, student)
            results.answers(sitting, "energy", results.values(list(given)))
            results.answers(sitting, "closing", {"company": 0})
            events.publish(results.submitted(sitting))
        counsellor, lead = (
            people.user(role, site.id) for role in (Role.COUNSELLOR, Role.CRISIS_LEAD)
        )
        made = World(
            site,
            there,
            students,
            counsellor,
            lead,
            people.user(Role.AUTHOR),
            actor_of(counsellor, Role.COUNSELLOR),
            actor_of(lead, Role.CRISIS_LEAD),
        )
        db.session.commit()
        for one in (site, there, *students, made.counsellor, made.lead, made.author):
            db.session.refresh(one)
            db.session.expunge(one)
    return made


@pytest.fixture
def in_world(app, world):
    with app.app_context():
        begin_write()
        yield world
        db.session.rollback()


def publish(first: int, version: str) -> InstrumentVersion:
    made = parse_instrument(energy(first, version), examples=EXAMPLES)
    (published,) = publish_instruments(actor=OPERATOR, instruments=[made])
    return published


def weighed(world: World, first: int):
    """A weighing of the instrument with another cut-off, worked out."""
    actor = world.counsellor_acts
    begin_write()
    weighing = ask_weighing(actor=actor, files=files(first))
    db.session.commit()
    work.run_due()
    db.session.refresh(weighing)
    return weighing


def proposed(world: World, first: int = 2):
    """A proposal to score the school's results again by a version in service."""
    publish(first, "1.1.0")
    db.session.commit()
    weighing = weighed(world, first)
    begin_write()
    lead = world.lead_acts
    return propose_rescoring(actor=lead, weighing=weighing, site=world.site, reason="新研究")


def rescored(world: World, first: int = 2):
    rescoring = proposed(world, first)
    approver = people.user(Role.CRISIS_LEAD, world.site.id)
    approve_rescoring(
        actor=actor_of(approver, Role.CRISIS_LEAD), rescoring=rescoring, reason="同意"
    )
    db.session.commit()
    work.run_due()
    begin_write()
    db.session.refresh(rescoring)
    return rescoring


def moves() -> list[tuple[str, str, str, str]]:
    rows = db.session.scalars(select(ScoreMove).order_by(ScoreMove.id))
    return [(row.kind, row.code, row.was, row.now) for row in rows]


def test_the_same_rules_move_nobody(in_world):
    weighing = weighed(in_world, 3)

    assert (weighing.state, weighing.done, weighing.total) == (WeighingState.READY, 5, 5)
    assert moves() == []


def test_a_lower_cutoff_moves_exactly_those_between(in_world):
    weighing = weighed(in_world, 2)

    assert moves() == [("band", "total", "calm", "tired"), ("flag", "cutoff_total", "0", "1")]
    assert weighing.counts == {
        str(in_world.site.id): [
            ["band", "total", "calm", "calm", 2],
            ["band", "total", "calm", "tired", 1],
            ["band", "total", "tired", "tired", 2],
            ["filled", "total", "complete", "complete", 5],
            ["flag", "cutoff_total", "0", "0", 2],
            ["flag", "cutoff_total", "0", "1", 1],
            ["flag", "cutoff_total", "1", "1", 2],
            ["points", "total", "same", "same", 5],
        ]
    }


def test_batches_add_up_and_the_work_can_be_stopped(in_world, monkeypatch):
    monkeypatch.setattr(past, "BATCH", 2)
    whole = weighed(in_world, 2)
    begin_write()
    stopped = ask_weighing(actor=in_world.counsellor_acts, files=files(1))

    cancel_weighing(actor=in_world.counsellor_acts, weighing=stopped)
    db.session.commit()
    work.run_due()

    rows = whole.counts[str(in_world.site.id)]
    assert (whole.done, sum(row[-1] for row in rows if row[0] == "band")) == (5, 5)
    db.session.refresh(stopped)
    assert (stopped.state, stopped.done) == (WeighingState.CANCELLED, 0)


def test_nothing_is_scored_again_by_a_draft(in_world):
    weighing = weighed(in_world, 2)

    begin_write()
    with pytest.raises(NotInServiceError):
        propose_rescoring(
            actor=in_world.lead_acts,
            weighing=weighing,
            site=in_world.site,
            reason="x",
        )


def test_who_proposed_does_not_approve(in_world):
    rescoring = proposed(in_world)

    with pytest.raises(SecondPersonError):
        approve_rescoring(actor=in_world.lead_acts, rescoring=rescoring, reason="x")

    work.run_due()
    assert rescoring.state is RescoringState.PROPOSED
    assert db.session.scalars(select(Administration.rescoring_id)).all() == [None] * 5


def test_old_results_stay_and_new_ones_name_them(in_world):
    def kept() -> list[tuple[object, ...]]:
        rows = db.session.execute(
            select(Administration.__table__, ScaleScore.__table__)
            .join(ScaleScore, ScaleScore.administration_id == Administration.id)
            .where(Administration.rescoring_id.is_(None))
            .order_by(ScaleScore.id)
        )
        return [tuple(row) for row in rows]

    before = kept()
    flags_before = [tuple(row) for row in db.session.execute(select(Flag.__table__))]

    rescoring = rescored(in_world)

    assert (rescoring.state, rescoring.done) == (RescoringState.DONE, 5)
    assert kept() == before
    flags = [tuple(row) for row in db.session.execute(select(Flag.__table__))]
    assert flags[: len(flags_before)] == flags_before
    new = db.session.scalars(
        select(Administration).where(Administration.rescoring_id == rescoring.id)
    ).all()
    old = {row.id: row for row in db.session.scalars(select(Administration))}
    assert [old[row.supersedes_id].assessment_id for row in new] == [r.assessment_id for r in new]
    assert {row.instrument_version.version for row in new} == {"1.1.0"}
    done = db.session.scalars(select(ScoreMove).where(ScoreMove.rescoring_id == rescoring.id))
    assert [(row.code, row.was, row.now) for row in done] == [
        ("total", "calm", "tired"),
        ("cutoff_total", "0", "1"),
    ]


def test_a_new_flag_goes_into_the_queue_and_one_that_falls_away_closes_nothing(in_world):
    entries = {row.student_id for row in db.session.scalars(select(QueueEntry))}
    assert entries == {student.id for student in in_world.students[3:]}

    rescored(in_world, first=2)

    now = {row.student_id for row in db.session.scalars(select(QueueEntry))}
    assert now == {student.id for student in in_world.students[2:]}


def test_a_higher_cutoff_leaves_flags_and_entries_as_they_are(in_world):
    before = [tuple(r) for r in db.session.execute(select(Flag.__table__))]
    entries = [tuple(r) for r in db.session.execute(select(QueueEntry.__table__))]

    rescoring = rescored(in_world, first=4)

    assert [tuple(r) for r in db.session.execute(select(Flag.__table__))] == before
    assert [tuple(r) for r in db.session.execute(select(QueueEntry.__table__))] == entries
    fallen = db.session.scalars(
        select(ScoreMove).where(ScoreMove.rescoring_id == rescoring.id, ScoreMove.kind == "flag")
    ).all()
    assert [(row.was, row.now) for row in fallen] == [("1", "0")]


def test_done_twice_it_does_nothing_new_and_later_answers_keep_the_version(in_world):
    rescoring = rescored(in_world)
    count = len(db.session.scalars(select(Administration.id)).all())
    rescoring.state = RescoringState.APPROVED
    db.session.commit()

    from app.results.service.rescorings import rescore_on

    rescore_on(rescoring_id=rescoring.id)
    begin_write()

    assert len(db.session.scalars(select(Administration.id)).all()) == count
    sitting = db.session.scalars(select(Administration)).first().assessment_id
    events.publish(results.submitted(db.session.get(results.Assessment, sitting)))
    (latest,) = latest_of_sitting(sitting)
    assert latest.instrument_version.version == "1.1.0"
    shown = history(OPERATOR, student_ids=[one.id for one in in_world.students])
    assert [row.instrument_version.version for row in shown] == ["1.1.0"] * 5


@pytest.fixture
def stuck(in_world, fixed_clock, monkeypatch):
    """An approved re-scoring that fails at the third result, each time that it is tried."""
    rescoring = proposed(in_world)
    approver = people.user(Role.CRISIS_LEAD, in_world.site.id)
    rescore_one, monkeypatching = rescorings._rescore_one, monkeypatch.context
    third = in_world.students[2].id

    def fails(rescoring, version, compiled, result):
        if result.student_id == third:
            raise ZeroDivisionError
        rescore_one(rescoring, version, compiled, result)

    with monkeypatching() as broken:
        broken.setattr(rescorings, "_rescore_one", fails)
        approve_rescoring(
            actor=actor_of(approver, Role.CRISIS_LEAD), rescoring=rescoring, reason="同意"
        )
        db.session.commit()
        for minute in range(8):
            with fixed_clock(NOW + timedelta(minutes=minute)):
                work.run_due()
    begin_write()
    db.session.refresh(rescoring)
    return rescoring


def test_one_that_keeps_failing_says_so_and_is_tried_no_more(in_world, stuck):
    told = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    new = select(Administration.id).where(Administration.rescoring_id == stuck.id)

    assert (stuck.state, stuck.error, stuck.tries) == (
        RescoringState.FAILED,
        "ZeroDivisionError",
        MOST_TRIES,
    )
    assert (stuck.done, db.session.scalars(new).all()) == (0, [])
    assert told.count("fail_rescoring") == 1
    assert work.run_due() == 0


def test_failed_one_is_tried_again_after_it_was_mended(in_world, stuck):
    retry_rescoring(actor=in_world.lead_acts, rescoring=stuck)
    db.session.commit()
    work.run_due()
    begin_write()
    db.session.refresh(stuck)

    assert (stuck.state, stuck.done, stuck.error) == (RescoringState.DONE, 5, None)


def test_failed_one_is_withdrawn_by_name_and_makes_room_for_the_next(in_world, stuck):
    with pytest.raises(DecidedAlreadyError):
        proposed_again(in_world)

    withdraw_rescoring(actor=in_world.lead_acts, rescoring=stuck, reason="规则有误")
    proposed_again(in_world)

    assert (stuck.state, stuck.withdrawn_by_id, stuck.withdrawal) == (
        RescoringState.WITHDRAWN,
        in_world.lead.id,
        "规则有误",
    )
    actions = db.session.scalars(select(AuditEvent.action)).all()
    assert "withdraw_rescoring" in actions


def proposed_again(world: World):
    (weighing,) = db.session.scalars(select(Weighing)).all()
    return propose_rescoring(
        actor=world.lead_acts, weighing=weighing, site=world.site, reason="再来"
    )


def test_neither_is_ended_by_a_colleague_who_has_no_part_in_it(in_world, stuck):
    with pytest.raises(NotYoursError):
        withdraw_rescoring(actor=in_world.counsellor_acts, rescoring=stuck, reason="x")
    with pytest.raises(NotYoursError):
        retry_rescoring(actor=in_world.counsellor_acts, rescoring=stuck)

    assert stuck.state is RescoringState.FAILED


def test_page_of_a_failed_one_says_what_to_do_to_whom_it_concerns(app, world, as_):
    with app.app_context():
        begin_write()
        rescoring = proposed(world)
        rescoring.state, rescoring.error = RescoringState.FAILED, "ZeroDivisionError"
        db.session.commit()
        address = f"/rescorings/{rescoring.public_id}"
    lead = as_(Role.CRISIS_LEAD, user=world.lead)
    counsellor = as_(Role.COUNSELLOR, user=world.counsellor)

    page, theirs = lead.get(f"{address}?lang=en").text, counsellor.get(address).text
    pressed = counsellor.post(f"{address}/withdraw", data={"reason": "x"}, follow_redirects=True)
    lead.post(f"{address}/withdraw", data={"reason": "规则有误"})
    after = lead.get(f"{address}?lang=en").text

    assert "ZeroDivisionError" in page
    assert ("/retry" in page, "/retry" in theirs, "/withdraw" in theirs) == (True, False, False)
    assert "/withdraw" not in pressed.text
    assert ("Withdrawn by" in after, "规则有误" in after, "/retry" in after) == (True, True, False)


def test_a_weighing_is_stopped_by_who_asked_or_a_reviewer(in_world):
    begin_write()
    weighing = ask_weighing(actor=in_world.counsellor_acts, files=files(2))

    with pytest.raises(NotYoursError):
        cancel_weighing(actor=in_world.lead_acts, weighing=weighing)
    waits = weighing.state
    reviewer = actor_of(people.user(Role.REVIEWER), Role.REVIEWER)
    cancel_weighing(actor=reviewer, weighing=weighing)

    assert (waits, weighing.state) == (WeighingState.WAITING, WeighingState.CANCELLED)


def test_profile_says_beside_the_score_that_it_was_worked_out_anew(app, world, as_):
    with app.app_context():
        begin_write()
        rescored(world)
        db.session.commit()
    name = world.students[2].public_id

    page = as_(Role.COUNSELLOR, user=world.counsellor).get(f"/profiles/{name}?lang=en").text

    assert "was worked out anew on 12 Oct 2026, by version 1.1.0. The reason: 新研究" in page


def test_decided_is_decided(in_world):
    rescoring = rescored(in_world)

    with pytest.raises(DecidedAlreadyError):
        approve_rescoring(
            actor=actor_of(people.user(Role.CRISIS_LEAD, in_world.site.id), Role.CRISIS_LEAD),
            rescoring=rescoring,
            reason="x",
        )


def test_a_version_without_the_critical_item_takes_nothing_back(in_world):
    """What an answer says stands as the student's word, whatever version scores it later."""
    called = energy(3, "1.0.0").replace("code: energy", "code: alarmed")
    called = called.replace(
        "{code: q1, text: {zh_Hans: 累, en: tired}, options: degree}",
        "{code: q1, text: {zh_Hans: 累, en: tired}, options: degree, critical: "
        "[{answers: [2, refused], lane: fast}]}",
    )
    examples = EXAMPLES.replace("energy", "alarmed")
    calling = examples.replace("[cutoff_total]", "[critical_q1, cutoff_total]")
    (version,) = publish_instruments(
        actor=OPERATOR, instruments=[parse_instrument(called, examples=calling)]
    )
    sitting = results.sitting(results.campaign_of(version), in_world.students[0])
    results.answers(sitting, "alarmed", results.values([2, 2]))
    events.publish(results.submitted(sitting))
    quiet = energy(3, "1.1.0").replace("code: energy", "code: alarmed")
    (calm,) = publish_instruments(
        actor=OPERATOR, instruments=[parse_instrument(quiet, examples=examples)]
    )
    (before,) = latest_of_sitting(sitting.id)
    results.scored_since(before, calm)

    events.publish(results.submitted(sitting))

    (flag,) = db.session.scalars(
        select(Flag).where(Flag.assessment_id == sitting.id, Flag.code == "critical_q1")
    )
    assert (flag.lane, flag.edited_at) == ("fast", None)
