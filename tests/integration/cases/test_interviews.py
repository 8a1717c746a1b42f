"""One interview: sealed while it is keyed in, one contact when it is signed, never overwritten."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.authoring.queries import instrument_of
from app.cases.models import Case, CaseEvent, Contact, InterviewDraft, InterviewRecord
from app.cases.queries.guardians import guardian_is_feared
from app.cases.queries.interviews import note_text, referral_facts
from app.cases.queries.leaves import stale_fears
from app.cases.service import interviews as service
from app.platform import clock
from app.platform.db import db
from tests.factories import people
from tests.integration.cases import interview_world
from tests.integration.cases.interview_world import World

pytestmark = pytest.mark.usefixtures("fixed_clock")

SEALED = ("上课时哭了", "不想醒来了", "小学时咬过手背", "外婆今晚来陪", "谈了半小时。")


@pytest.fixture
def world(app) -> World:
    return interview_world.build(app)


@pytest.fixture
def bob(world, as_) -> FlaskClient:
    """Her counsellor."""
    return as_(Role.COUNSELLOR, user=world.counsellor)


def read(world: World, kind=InterviewRecord):
    """The last record with what it seals."""
    with world.app.app_context():
        record = db.session.query(kind).order_by(kind.id.desc()).first()
        return record.answers, record.note


def test_draft_goes_on_where_another_device_left_it(world, bob, as_):
    assert world.keep(bob) == 204

    again = as_(Role.COUNSELLOR, user=world.counsellor).get(world.path).text

    assert "不想醒来了" in again
    assert re.search(r'<input checked[^>]*name="thoughts"[^>]*value="1"', again)


def test_draft_is_its_authors_alone(world, bob, as_):
    world.keep(bob)

    colleague = as_(Role.COUNSELLOR, site=world.site).get(world.path).text

    assert "不想醒来了" not in colleague


def test_page_that_another_has_overtaken_is_told_and_overwrites_nothing(world, bob):
    world.keep(bob, writer="old page")
    bob.get(world.path)

    late = world.keep(bob, writer="old page", occasion="晚到的话")

    assert late == 409
    assert read(world, InterviewDraft)[0]["occasion"] == "上课时哭了"


def test_nothing_that_was_typed_lies_readable_in_the_database(world, bob, settings):
    if not settings.sqlalchemy_url.startswith("sqlite"):
        pytest.skip("reads the files of SQLite")
    world.keep(bob)
    bob.post(f"{world.path}/draft", data={"writer": "page", "note": "谈了半小时。"})

    draft = raw(settings)
    world.sign(bob)
    signed = raw(settings)

    assert world.count(InterviewRecord) == 1
    found = [
        (w, at)
        for w in SEALED
        for at, raw_bytes in (("draft", draft), ("signed", signed))
        if w.encode() in raw_bytes or ascii(w)[1:-1].encode() in raw_bytes
    ]
    assert found == []


def raw(settings) -> bytes:
    """Every byte of the database and its log."""
    files = sorted(settings.data_dir.rglob("*"))
    return b"".join(file.read_bytes() for file in files if file.is_file())


def test_signing_makes_contact_record_and_dates_in_one(world, bob):
    world.keep(bob)

    answer = world.sign(bob)

    contact, record, case = world.last(Contact), world.last(InterviewRecord), world.last(Case)
    assert answer.location.endswith(f"/interview-records/{record.public_id}")
    assert (record.contact_id, record.revision) == (contact.id, 1)
    assert (case.risk_level, case.state, str(case.next_on)) == (
        "moderate",
        "supporting",
        "2026-10-19",
    )
    assert world.count(InterviewDraft) == 0
    assert (world.logged("record_contact"), world.logged("sign_interview")) == (1, 1)


def test_signing_that_fails_at_its_end_leaves_the_draft_and_nothing_else(world, bob, monkeypatch):
    world.keep(bob)
    monkeypatch.setattr(service, "_sign", lambda *_a, **_k: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        world.sign(bob)

    assert [world.count(kind) for kind in (Contact, InterviewRecord, InterviewDraft)] == [0, 0, 1]
    assert world.last(Case).risk_level == "high"


def test_answers_are_pinned_to_the_version_they_were_given_to(world, bob):
    world.keep(bob)
    world.sign(bob)

    with world.app.app_context():
        record = db.session.query(InterviewRecord).one()
        version = record.instrument_version
        assert (version.code, version.version) == ("crisis_interview", "1.0.0")
        assert record.answers["triggers"] == [1, 2]


@pytest.mark.parametrize("essential", ["thoughts", "plan", "means", "past", "decision"])
def test_nobody_signs_while_an_essential_question_is_open(world, bob, essential):
    del world.answers[essential]
    world.keep(bob)

    answer = world.sign(bob)

    assert answer.status_code == 422
    assert (world.count(Contact), world.count(InterviewDraft)) == (0, 1)


def test_refused_signature_keeps_the_changed_note(world, bob):
    world.keep(bob)

    page = world.sign(bob, note="改过的记录", next_on="2027-05-01")

    assert page.status_code == 422
    assert "改过的记录" in bob.get(f"{world.path}/note").text


def test_note_follows_the_answers_when_they_change(world, bob):
    world.keep(bob)
    bob.post(f"{world.path}/draft", data={"writer": "page", "note": "改过的记录"})

    world.keep(bob, occasion="下课后来的")

    page = bob.get(f"{world.path}/note").text
    assert "改过的记录" not in page
    assert "下课后来的" in page


def test_correction_is_a_further_revision_and_the_first_stays(world, bob):
    world.keep(bob)
    world.sign(bob)
    first = world.last(InterviewRecord)
    begun = bob.get(f"{world.path}?corrects={first.public_id}").text
    writer = re.search(r'name="writer" value="([^"]+)"', begun)[1]

    world.keep(bob, writer=writer, corrects=first.public_id, past="0")
    world.sign(bob, writer=writer, corrects=first.public_id, note="更正：没有过。")

    with world.app.app_context():
        records = db.session.query(InterviewRecord).order_by(InterviewRecord.revision).all()
        assert [(r.revision, r.answers["past"]) for r in records] == [(1, 1), (2, 0)]
        assert [r.note for r in records] == ["谈了半小时。", "更正：没有过。"]
        assert [c.note for c in db.session.query(Contact)] == ["谈了半小时。"]
        told = [event.what for event in db.session.query(CaseEvent)]
        assert told.count("interview_corrected") == 1
    assert "不想醒来了" in begun


def test_note_says_everything_that_was_answered(world, bob):
    world.keep(bob)

    page = bob.get(f"{world.path}/note").text

    for said in (
        "上课时哭了",
        "最近一个月有过，现在没有。不想醒来了",
        "学习和考试、家里的矛盾",
        "妹妹",
    ):
        assert said in page


@pytest.mark.parametrize("locale", ["zh_Hans", "en"])
def test_facts_for_the_hospital_agree_with_the_answers(world, bob, locale):
    world.keep(bob)
    world.sign(bob)

    with world.app.app_context():
        case = db.session.get(Case, world.case.id)
        record = db.session.query(InterviewRecord).one()
        facts = referral_facts(case, locale)
        note = note_text(instrument_of(record.instrument_version), record.answers, locale)

    lines = facts.splitlines()
    assert len(lines) == 7
    assert set(lines) <= set(note.splitlines())
    for said in ("不想醒来了", "小学时咬过手背", "外婆今晚来陪", "十点电话"):
        assert said in facts
    for confided in ("上课时哭了", "妹妹", "跑步"):
        assert confided not in facts


def test_there_are_no_facts_without_an_interview(world, bob):
    with world.app.app_context():
        assert referral_facts(db.session.get(Case, world.case.id), "zh_Hans") == ""


def test_referral_to_a_hospital_begins_with_the_facts_and_nobody_types_them_again(world, bob):
    world.keep(bob)
    world.sign(bob)
    address = f"/cases/{world.case.public_id}/referrals/new"

    hospital, police = (
        bob.get(f"{address}?partner={kind}").text for kind in ("hospital", "police")
    )

    assert "不想醒来了" in hospital
    assert "不想醒来了" not in police


def test_fear_of_the_guardian_is_noted_with_the_signature(world, bob):
    world.keep(bob, feared="1")
    world.sign(bob)

    with world.app.app_context():
        case = db.session.get(Case, world.case.id)
        owed = stale_fears(OPERATOR, clock.today() + timedelta(days=1))
        assert guardian_is_feared(case)
        assert [row.case for row in owed] == [case]


def test_next_interview_begins_with_what_lasts(world, bob):
    world.keep(bob)
    world.sign(bob)

    page = bob.get(world.path).text

    assert "妹妹" in page
    assert "不想醒来了" not in page


def test_draft_can_be_thrown_away(world, bob):
    world.keep(bob)

    bob.post(f"{world.path}/discard")

    assert world.count(InterviewDraft) == 0


def test_interview_of_another_case_is_corrected_nowhere_else(world, bob):
    world.keep(bob)
    world.sign(bob)
    record = world.last(InterviewRecord)
    with world.writing():
        carol = people.student(people.cohort(world.site))
        other = Case(
            site_id=world.site.id,
            student_id=carol.id,
            owner_id=world.counsellor.id,
            risk_level="high",
            next_on=world.case.next_on,
            opened_at=world.case.opened_at,
        )
        db.session.add(other)
        db.session.flush()
        address = other.public_id

    answer = bob.get(f"/cases/{address}/interview?corrects={record.public_id}")

    assert answer.status_code == 404
