"""The queue and the case as a counsellor's browser meets them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.access.permissions import Role
from app.assessments.models import Assessment
from app.campaigns.models import Campaign
from app.cases.domain.cases import CaseState
from app.cases.domain.queue import EntryState
from app.cases.models import Case, CaseEnding, Contact, QueueEntry, Referral
from app.people.models import Cohort, Site, Student, User
from app.platform import audit, clock, events
from app.platform.db import begin_write, db
from app.triage.domain import RiskLevel
from tests.conftest import NOW
from tests.factories import people, results

Row = TypeVar("Row")

pytestmark = pytest.mark.usefixtures("fixed_clock")


@dataclass
class School:
    """A school with a campaign; every method opens and ends its own transaction."""

    app: Flask
    site: Site
    cohort: Cohort
    campaign: Campaign

    def flagged(
        self,
        *,
        name: str = "爱丽丝",
        instrument: str = "phq9",
        nameless: bool = False,
        **given: float,
    ) -> str:
        """A student (or visitor) who waits in the queue; the entry's public id."""
        with self.writing():
            student = None if nameless else people.student(self.cohort, name=name)
            return self._answer(student, instrument, given or {"q9": 1.0})

    def flagged_again(self, case: Case) -> str:
        """The student of a case answers again."""
        with self.writing():
            return self._answer(db.session.get(Student, case.student_id), "phq9", {"q9": 2.0})

    def case(self, client: FlaskClient, **chosen: Any) -> Case:
        """A case that the client's person has opened."""
        entry = self.flagged(**chosen)
        client.post(f"/queue/{entry}/claim")
        client.post(
            f"/queue/{entry}/open-case",
            data={"open-risk_level": "high", "open-next_on": "2026-10-12"},
        )
        return self.last(Case)

    def waiting(self) -> int:
        """How many open entries there are."""
        with self.app.app_context():
            return db.session.query(QueueEntry).filter_by(state=EntryState.WAITING).count()

    def last(self, kind: type[Row]) -> Row:
        """The newest row of a table, as it stands now."""
        with self.app.app_context():
            return db.session.query(kind).order_by(kind.id.desc()).first()

    def last_logged(self, action: str) -> str:
        """What the last such row is about."""
        with self.app.app_context():
            rows = db.session.query(audit.AuditEvent).filter_by(action=action)
            return rows.order_by(audit.AuditEvent.seq.desc()).first().object_ref

    def logged(self, action: str) -> int:
        """How often this was logged."""
        with self.app.app_context():
            return db.session.query(audit.AuditEvent).filter_by(action=action).count()

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self.app.app_context():
            begin_write()
            yield
            db.session.commit()

    def _answer(self, student: Student | None, instrument: str, given: dict[str, float]) -> str:
        sitting = results.sitting(self.campaign, student, site_id=self.site.id)
        rows = results.answers(sitting, instrument, given)
        events.publish(results.stored(sitting, rows))
        newest = db.session.query(QueueEntry).order_by(QueueEntry.id.desc()).first()
        return newest.public_id


@pytest.fixture
def school(app):
    with app.app_context():
        begin_write()
        site = people.site(name="桥东中学")
        cohort, campaign = people.cohort(site), results.campaign("phq9")
        db.session.commit()
        for row in (site, cohort, campaign):
            db.session.refresh(row)
    return School(app, site, cohort, campaign)


@pytest.fixture
def bob(as_, school):
    return as_(Role.COUNSELLOR, site=school.site)


@pytest.fixture
def dora(as_, school):
    return as_(Role.COUNSELLOR, site=school.site)


@pytest.fixture
def charlie(as_, school):
    with school.writing():
        elsewhere = people.site()
        db.session.refresh(elsewhere)
        db.session.expunge(elsewhere)
    return as_(Role.COUNSELLOR, site=elsewhere)


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_queue_shows_the_most_urgent_first_with_reason_and_due_time(school, bob):
    school.flagged(name="晚一点", instrument="closing", talk=2.0)
    school.flagged(name="现在就", instrument="closing", company=2.0)

    page = bob.get("/queue").text

    assert page.index("现在就") < page.index("晚一点")
    assert "说此刻需要有人马上来陪。这不是诊断；请现在就到身边去。" in page
    assert "badge--imminent" in page


def test_queue_says_what_an_empty_queue_means(bob):
    assert 'class="empty"' in bob.get("/queue").text


@pytest.mark.parametrize(
    ("whose", "seen"), [("all", {"甲", "乙"}), ("unclaimed", {"乙"}), ("mine", {"甲"})]
)
def test_queue_filters_stay_in_the_address(school, bob, whose, seen):
    mine = school.flagged(name="甲")
    school.flagged(name="乙")
    bob.post(f"/queue/{mine}/claim")

    page = bob.get(f"/queue/entries?whose={whose}").text

    assert {name for name in ("甲", "乙") if name in page} == seen


def test_queue_marks_what_is_overdue(school, bob, fixed_clock):
    school.flagged(q9=3.0)

    before = bob.get("/queue/entries").text
    with fixed_clock(NOW + timedelta(minutes=16)):
        after = bob.get("/queue/entries").text

    assert ("queue__over" in before, "queue__over" in after) == (False, True)


def test_queue_answers_304_until_something_changes(school, bob):
    entry = school.flagged()
    tag = bob.get("/queue/entries").headers["ETag"]

    unchanged = bob.get("/queue/entries", headers={"If-None-Match": tag})
    bob.post(f"/queue/{entry}/claim")
    changed = bob.get("/queue/entries", headers={"If-None-Match": tag})

    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert changed.status_code == 200


def test_queue_is_logged_when_it_is_sent_and_not_when_it_stands_still(school, bob):
    school.flagged()
    tag = bob.get("/queue/entries").headers["ETag"]
    for _ in range(3):
        bob.get("/queue/entries", headers={"If-None-Match": tag})

    assert school.logged("see_queue") == 1


def test_reading_the_list_does_not_count_as_seen_but_opening_does(school, bob):
    entry = school.flagged()

    bob.get("/queue")
    after_list = school.last(QueueEntry).seen_at
    bob.get(f"/queue/{entry}")

    assert (after_list, school.last(QueueEntry).seen_at) == (None, clock.now())


def test_queue_shows_a_visitor_without_a_name(school, bob):
    entry = school.flagged(nameless=True)

    with school.writing():
        results.answers(db.session.query(Assessment).one(), "closing", {"contact": "138 0000 0001"})

    page = bob.get(f"/queue/{entry}").text

    assert "桥东中学" in page
    assert "138 0000 0001" in page
    assert "open-case" not in page


def test_two_counsellors_claim_and_the_second_is_told(school, bob, dora):
    entry = school.flagged()

    bob.post(f"/queue/{entry}/claim")
    told = dora.post(f"/queue/{entry}/claim", follow_redirects=True).text

    with school.writing():
        winner = db.session.query(QueueEntry).one().claimed_by.name
    assert "notice--error" in told
    assert f"{winner}刚刚先接手了" in told


def test_take_over_hands_a_claimed_entry_on(school, bob, dora):
    entry = school.flagged()
    bob.post(f"/queue/{entry}/claim")
    before = school.last(QueueEntry).claimed_by_id

    dora.post(f"/queue/{entry}/take-over")

    assert school.last(QueueEntry).claimed_by_id not in {None, before}


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("take-over", {}),
        ("settle", {"settle-reason": "talked_no_need", "settle-note": "聊过了"}),
        ("open-case", {"open-risk_level": "high", "open-next_on": "2026-10-12"}),
    ],
)
def test_step_that_comes_too_late_shows_how_things_are(school, bob, step, said):
    entry = school.flagged()

    told = bob.post(f"/queue/{entry}/{step}", data=said, follow_redirects=True)

    assert told.request.path == f"/queue/{entry}"
    assert "notice--error" in told.text
    assert school.last(QueueEntry).state is EntryState.WAITING


def test_settle_needs_a_note(school, bob):
    entry = school.flagged(instrument="closing", talk=2.0)
    bob.post(f"/queue/{entry}/claim")
    address = f"/queue/{entry}/settle"

    without = bob.post(address, data={"settle-reason": "talked_no_need", "settle-note": ""})
    with_note = bob.post(address, data={"settle-reason": "talked_no_need", "settle-note": "聊过"})

    assert (without.status_code, with_note.location) == (422, "/queue")
    assert school.last(QueueEntry).state is EntryState.SETTLED


def test_open_case_says_beside_the_field_what_is_wrong(school, bob):
    entry = school.flagged()
    bob.post(f"/queue/{entry}/claim")

    late = bob.post(
        f"/queue/{entry}/open-case",
        data={"open-risk_level": "high", "open-next_on": "2026-10-13"},
    )

    assert late.status_code == 422
    assert late.text.count('href="#open-next_on"') == 1
    assert school.last(Case) is None


def test_case_is_worked_from_contact_to_closing(school, bob, dora):
    case = school.case(bob)
    address = f"/cases/{case.public_id}"

    bob.post(
        f"{address}/contacts",
        data={
            "contact-modality": "in_person",
            "contact-held_at": "2026-10-12T09:30",
            "contact-reached": "yes",
            "contact-note": "聊了半小时",
            "contact-risk_level": "moderate",
            "contact-state": "supporting",
            "contact-next_on": "2026-10-19",
        },
    )
    bob.post(
        f"{address}/referrals",
        data={
            "referral-partner": "hospital",
            "referral-place": "市医院",
            "referral-legal_basis": "guardian_consent",
            "referral-given_by": "母亲",
            "referral-given_on": "2026-10-12",
            "referral-reason": "请评估",
            "referral-answer_due_on": "2026-10-20",
        },
    )
    referral = school.last(Referral)
    closing = {
        "close-reason": "goals_reached",
        "close-outcome": "followed_up",
        "close-note": "好",
    }
    refused = bob.post(f"{address}/close", data=closing)
    for state in ("accepted", "attended", "answered"):
        bob.post(f"/referrals/{referral.public_id}/step", data={"step-state": state})
    bob.post(f"{address}/next-date", data={"date-next_on": "2026-10-21"})
    page = bob.get(address).text
    bob.post(f"{address}/close", data=closing)
    proposed = school.last(Case)
    dora.post(f"/case-endings/{school.last(CaseEnding).public_id}/sign")

    case = school.last(Case)
    assert (proposed.state, proposed.next_on) == (CaseState.SUPPORTING, date(2026, 10, 21))
    assert school.last(Contact).held_at == NOW - timedelta(minutes=30)
    assert refused.status_code == 422
    assert "聊了半小时" in page
    assert "2026年10月21日" in page
    assert (case.state, case.next_on) == (CaseState.CLOSED, None)


def test_goal_without_a_day_is_named_by_its_own_field(school, bob):
    case = school.case(bob)
    goal = {"plan-goals-0-text": "睡好", "plan-goals-0-measure": "一周五天"}

    told = bob.post(f"/cases/{case.public_id}/plan", data=goal | {"plan-review_on": "2026-10-20"})

    assert told.status_code == 422
    assert '<a href="#plan-goals-0-by_on">' in told.text
    assert "by_on&#39;" not in told.text


def test_only_what_can_be_left_out_of_a_goal_is_called_optional(school, bob):
    case = school.case(bob)

    labels = re.findall(
        r'for="plan-goals-0-(\w+)">(.*)</label>', bob.get(f"/cases/{case.public_id}/plan").text
    )

    optional = {name for name, label in labels if "（选填）" in label}
    assert optional == {"text", "student", "counsellor", "teacher", "family"}
    assert {"measure", "by_on"} <= dict(labels).keys()


def test_contact_that_is_refused_changes_nothing(school, bob):
    case = school.case(bob)

    refused = bob.post(
        f"/cases/{case.public_id}/contacts",
        data={
            "contact-modality": "phone",
            "contact-held_at": "2026-10-12T09:30",
            "contact-reached": "no",
            "contact-note": "没有接",
            "contact-risk_level": "low",
            "contact-state": "supporting",
            "contact-next_on": "2027-10-12",
        },
    )

    case = school.last(Case)
    assert refused.status_code == 422
    assert "没有接" in refused.text
    assert (case.risk_level, case.state) == (RiskLevel.HIGH, CaseState.OPEN)


def test_new_flags_in_an_open_case_are_noted_on_its_page(school, bob):
    case = school.case(bob)
    school.flagged_again(case)
    address = f"/cases/{case.public_id}"

    before = bob.get(address).text
    bob.post(f"{address}/note-flags")
    after = bob.get(address).text

    assert ("note-flags" in before, "note-flags" in after) == (True, False)


def test_cases_list_begins_with_what_is_overdue(school, bob, fixed_clock):
    first = school.case(bob, name="先")
    school.case(bob, name="后")
    with school.writing():
        db.session.get(Case, first.id).next_on = clock.today() - timedelta(days=1)

    page = bob.get("/cases").text

    assert page.index("先") < page.index("后")
    assert page.count("queue__over") == 1


def test_cases_of_colleagues_stand_under_all(school, bob, dora):
    school.case(bob, name="甲")

    assert ("甲" in dora.get("/cases").text, "甲" in dora.get("/cases?whose=all").text) == (
        False,
        True,
    )


def test_opening_a_case_page_is_logged(school, bob):
    case = school.case(bob)

    bob.get(f"/cases/{case.public_id}")

    assert school.last_logged("see_case") == case.public_id


PAGES = ["/queue/{entry}", "/cases/{case}"]
DEEDS = [
    "/queue/{entry}/claim",
    "/queue/{entry}/take-over",
    "/queue/{entry}/open-case",
    "/queue/{entry}/level",
    "/queue/{entry}/give",
    "/queue/{entry}/put-back",
    "/queue/{entry}/retest",
    "/queue/{entry}/settle",
    "/cases/{case}/contacts",
    "/cases/{case}/next-date",
    "/cases/{case}/referrals",
    "/cases/{case}/note-flags",
    "/cases/{case}/close",
    "/cases/{case}/hand-over",
    "/referrals/{referral}/step",
]


@pytest.fixture
def addresses(school, bob):
    case = school.case(bob)
    bob.post(
        f"/cases/{case.public_id}/referrals",
        data={
            "referral-partner": "hospital",
            "referral-place": "市医院",
            "referral-legal_basis": "danger",
            "referral-reason": "请评估",
            "referral-answer_due_on": "2026-10-20",
        },
    )
    return {
        "entry": school.last(QueueEntry).public_id,
        "case": case.public_id,
        "referral": school.last(Referral).public_id,
    }


def test_outsider_finds_nothing(addresses, bob, charlie):
    assert [bob.get(page.format(**addresses)).status_code for page in PAGES] == [200, 200]
    assert [charlie.get(page.format(**addresses)).status_code for page in PAGES] == [404, 404]
    assert {charlie.post(deed.format(**addresses)).status_code for deed in DEEDS} == {404}
    assert "爱丽丝" not in charlie.get("/queue").text + charlie.get("/cases?whose=all").text


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.COUNSELLOR, Role.CRISIS_LEAD}]
)
def test_no_other_role_reaches_queue_or_cases(school, as_, role):
    other = as_(role, site=school.site)

    assert {other.get(page).status_code for page in ("/queue", "/queue/entries", "/cases")} == {404}


def test_queue_and_cases_need_as_many_queries_for_three_as_for_one(app, school, bob):
    counts = []
    for names in (["甲"], ["乙", "丙"]):
        for name in names:
            school.case(bob, name=f"个案{name}")
            school.flagged(name=name)
        with _counted(app) as sent:
            bob.get("/queue")
            bob.get("/cases")
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_queue_needs_as_many_statements_for_sixty_rows_as_for_one(app, school, bob):
    counts = {}
    for waiting in (1, 3, 60):
        while school.waiting() < waiting:
            school.flagged(name="学生", **{"q9": 1.0})
        for path in ("/queue", "/queue/entries", "/queue?level=high&lane=same_day"):
            with _counted(app) as sent:
                bob.get(path)
            counts.setdefault(path, set()).add(len(sent))

    assert {path: len(seen) for path, seen in counts.items()} == dict.fromkeys(counts, 1)


def test_filters_and_the_student_number_narrow_the_queue(school, bob, charlie):
    school.flagged(name="爱丽丝")
    school.flagged(name="小明", instrument="closing", talk=2.0)
    with school.app.app_context():
        number = db.session.query(Student).order_by(Student.id).first().student_no

    found = bob.post("/queue/find", data={"find-student_no": number}, follow_redirects=True)
    elsewhere = charlie.post("/queue/find", data={"find-student_no": number}, follow_redirects=True)

    assert ("爱丽丝" in found.text, "小明" in found.text) == (True, False)
    assert number not in found.request.url
    assert "爱丽丝" not in elsewhere.text
    for path, names in {
        "/queue?level=low": {"小明"},
        "/queue?lane=same_day": {"爱丽丝"},
        "/queue?overdue=1": set(),
        "/queue?level=nonsense": set(),
    }.items():
        text = bob.get(path).text
        assert {name for name in ("爱丽丝", "小明") if name in text} == names


def test_person_decides_and_hands_over_on_the_entrys_page(school, bob, as_):
    entry = school.flagged()
    dora = as_(Role.COUNSELLOR, site=school.site)
    with school.app.app_context():
        receiver = db.session.query(User).order_by(User.id.desc()).first().public_id
    bob.post(f"/queue/{entry}/claim")

    refused = bob.post(
        f"/queue/{entry}/level",
        data={"level-risk_level": "imminent", "level-channel": "in_person", "level-reason": ""},
    )
    bob.post(
        f"/queue/{entry}/level",
        data={
            "level-risk_level": "imminent",
            "level-channel": "in_person",
            "level-reason": "有计划",
        },
    )
    no_note = bob.post(f"/queue/{entry}/give", data={"give-colleague": receiver})
    bob.post(f"/queue/{entry}/give", data={"give-colleague": receiver, "give-note": "已打过电话"})

    page = dora.get(f"/queue/{entry}").text
    assert (refused.status_code, no_note.status_code) == (422, 422)
    assert "请说明理由" in refused.text
    assert "有计划" in page
    assert "已打过电话" in page
    assert "系统建议：" in page


def test_entry_and_case_open_for_the_crisis_lead_too(school, addresses, as_):
    lead = as_(Role.CRISIS_LEAD, site=school.site)

    assert lead.get(f"/cases/{addresses['case']}").status_code == 200
