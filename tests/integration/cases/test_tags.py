"""Special tags: seen by who accompanies the student and the crisis lead, and by nobody else."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest

from app.access.actor import OPERATOR
from app.access.grants import Scope, end_grants, grant
from app.access.permissions import Role
from app.cases.domain.cases import CaseState
from app.cases.domain.holidays import Break
from app.cases.domain.story import Happening
from app.cases.domain.tags import TagKind
from app.cases.models import Case, QueueEntry, StudentTag
from app.cases.queries.cases import stale_cases
from app.cases.service.holidays import Cover, cover_holiday
from app.cases.service.queue import note_in_case
from app.cases.service.story import tell
from app.people.domain import DayKind
from app.people.models import CalendarDay, Site, Student, User
from app.people.service.logins import actor_of
from app.platform import audit, clock, events
from app.platform.db import begin_write, db
from app.results.models import Flag
from app.triage.domain import Channel, RiskLevel
from tests.conftest import NOW
from tests.factories import people, results
from tests.factories.authoring import shipped_library

pytestmark = pytest.mark.usefixtures("fixed_clock")

TOKENS = re.compile(r'name="(?:csrf_token|token)"[^>]*value="[^"]*"|data-csrf="[^"]*"')
REASON = "金丝雀案由"
BOUND_TO_A_CLASS = {Role.CLASS_TEACHER, Role.STUDENT_OBSERVER}


class School:
    """A school with alice, whose case bob has."""

    def __init__(self, app):
        self.app = app
        with self.writing():
            self.site = people.site(name="桥东中学")
            self.cohort = people.cohort(self.site)
            self.alice = people.student(self.cohort, name="爱丽丝")
            self.bob = people.user(Role.COUNSELLOR, self.site.id, name="鲍勃老师")
            self.fay = people.user(Role.COUNSELLOR, self.site.id)
            case = Case(
                site_id=self.site.id,
                student_id=self.alice.id,
                owner_id=self.bob.id,
                state=CaseState.OPEN,
                risk_level=RiskLevel.LOW,
                next_on=clock.today(),
                opened_at=clock.now(),
            )
            entry = QueueEntry(
                site_id=self.site.id,
                student_id=self.alice.id,
                case=case,
                risk_level=RiskLevel.LOW,
                raised_at=clock.now(),
                due_at=clock.now() + timedelta(days=1),
                channel=Channel.IN_PERSON,
                rule="request",
                reasons={"zh_Hans": "想聊聊", "en": "asked"},
            )
            db.session.add_all([case, entry])
            db.session.flush()
            counsellor = actor_of(self.bob, Role.COUNSELLOR)
            tell(case, Happening.OPENED, counsellor, level="low")
            grant(counsellor, scope=Scope.STUDENT, scope_id=self.alice.id, reason="claimed")
            db.session.flush()
            self.address = f"/students/{self.alice.public_id}/tags"
            self.case_page = f"/cases/{case.public_id}"
            self.case_id, self.entry_ref = case.id, entry.public_id
            for row in (self.site, self.cohort, self.alice, self.bob, self.fay):
                db.session.refresh(row)
                db.session.expunge(row)

    @contextmanager
    def writing(self):
        with self.app.app_context():
            begin_write()
            yield
            db.session.commit()

    def asked_for_a_talk(self):
        """Alice asks, and bob notes it in her case without having met her."""
        alice = db.session.get_one(Student, self.alice.id)
        sitting = results.sitting(results.campaign("phq9"), alice)
        events.publish(results.stored(sitting, results.answers(sitting, "closing", {"talk": 3})))
        bob = actor_of(db.session.get_one(User, self.bob.id), Role.COUNSELLOR)
        note_in_case(actor=bob, entry=db.session.query(QueueEntry).one())

    def told_about_home(self):
        """Alice answers the background page: both parents away, money short."""
        with self.writing():
            alice = db.session.get_one(Student, self.alice.id)
            sitting = results.sitting(results.campaign("background"), alice)
            told = {"parents": 2, "economic": 3, "academic": 0, "integration": 0, "social": 0}
            events.publish(results.stored(sitting, results.answers(sitting, "background", told)))
            events.publish(results.submitted(sitting))

    def logged(self, action):
        with self.app.app_context():
            return db.session.query(audit.AuditEvent).filter_by(action=action).count()

    def last_tag(self):
        with self.app.app_context():
            return db.session.query(StudentTag).order_by(StudentTag.id.desc()).first()


@pytest.fixture
def school(app):
    return School(app)


@pytest.fixture
def bob(as_, school):
    return as_(Role.COUNSELLOR, user=school.bob)


@pytest.fixture
def dora(as_, school):
    return as_(Role.COUNSELLOR, site=school.site)


@pytest.fixture
def lead(as_, school):
    return as_(Role.CRISIS_LEAD, site=school.site)


@pytest.fixture
def anybody(as_, school):
    """A new person of the school in a role."""
    return lambda role: (
        as_(role, cohort=school.cohort) if role in BOUND_TO_A_CLASS else as_(role, site=school.site)
    )


def _tag(kind):
    today = NOW.date()
    return {
        "kind": kind,
        "reason": REASON,
        "since_on": str(today),
        "review_on": str(today + timedelta(days=90)),
    }


def test_owner_and_lead_see_the_tag_and_every_look_is_logged(school, bob, lead):
    assert bob.post(school.address, data=_tag("left_behind")).status_code == 303

    assert REASON in bob.get(school.address).text
    assert REASON in lead.get(school.address).text
    assert school.logged("see_tags") == 2


def test_reason_is_encrypted(school, bob):
    bob.post(school.address, data=_tag("left_behind"))

    assert REASON.encode() not in school.last_tag().reason_sealed


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CRISIS_LEAD])
def test_nobody_without_a_live_grant_sees_or_sets_one(school, anybody, bob, role):
    bob.post(school.address, data=_tag("left_behind"))
    other = anybody(role)

    assert other.get(school.address).status_code == 404
    assert other.post(school.address, data=_tag("in_difficulty")).status_code == 404
    assert other.post(f"/tags/{school.last_tag().public_id}/end").status_code == 404
    assert school.logged("set_tag") == 1


LISTS = ["/campaigns", "/roster", "/duty", "/releases", "/releases/new", "/queue"]
LISTS += ["/cases?whose=all", "/observations/new", "/observations"]


@pytest.mark.parametrize("kind", ["left_behind", "in_difficulty"])
def test_pages_of_all_others_are_the_same_with_and_without_a_tag(school, anybody, bob, kind):
    others = {role: anybody(role) for role in Role}
    student = school.alice.public_id
    pages = [*LISTS, school.case_page, f"/profiles/{student}", f"/roster/students/{student}"]

    def seen():
        return {
            (role, page): (answer.status_code, TOKENS.sub("", answer.text))
            for role, client in others.items()
            for page in pages
            for answer in [client.get(page)]
        }

    without = seen()
    bob.post(school.address, data=_tag(kind))

    assert school.logged("set_tag") == 1
    assert seen() == without


def test_case_page_of_the_owner_shows_a_way_but_no_tag(school, bob):
    without = TOKENS.sub("", bob.get(school.case_page).text)
    bob.post(school.address, data=_tag("in_difficulty"))
    bob.get(school.address)

    assert school.address in without
    assert TOKENS.sub("", bob.get(school.case_page).text) == without


def test_matter_of_law_seals_the_case_until_the_tag_ends(school, bob, dora, lead):
    assert dora.get(school.case_page).status_code == 200

    bob.post(school.address, data=_tag("law_conflict"))

    assert [who.get(school.case_page).status_code for who in (bob, lead, dora)] == [200, 200, 404]
    assert dora.get(school.case_page).data == dora.get("/cases/nowhere").data
    assert "爱丽丝" not in dora.get("/cases?whose=all").text
    bob.post(f"/tags/{school.last_tag().public_id}/end")
    assert dora.get(school.case_page).status_code == 200


def test_who_takes_the_entry_on_cannot_open_the_seal(school, bob, as_):
    bob.post(school.address, data=_tag("law_conflict"))
    fay = as_(Role.COUNSELLOR, user=school.fay)
    fay.post(f"/queue/{school.entry_ref}/claim")

    assert fay.get(school.address).status_code == 404
    assert fay.post(f"/tags/{school.last_tag().public_id}/end").status_code == 404
    assert school.last_tag().ended_at is None


def test_pages_around_a_sealed_case_do_not_say_whose_it_is(school, bob, dora, lead):
    pages = [f"/queue/{school.entry_ref}", "/queue", f"/alarms/timeline/{school.entry_ref}"]
    told = [("鲍勃老师" in dora.get(page).text) for page in pages]
    bob.post(school.address, data=_tag("law_conflict"))

    after = [dora.get(page).text for page in pages]

    assert told == [True, True, True]
    assert [("鲍勃老师" in text, school.case_page in text) for text in after] == [
        (False, False)
    ] * 3
    assert school.case_page not in dora.get(f"/profiles/{school.alice.public_id}").text
    assert ["鲍勃老师" in lead.get(page).text for page in pages] == [True, True, True]


def test_overdue_entry_of_a_sealed_case_says_that_somebody_has_it_and_not_who(
    school, bob, dora, lead
):
    page = f"/queue/stale?as_of={NOW.date() + timedelta(days=2)}"
    before = "鲍勃老师" in dora.get(page).text
    bob.post(school.address, data=_tag("law_conflict"))

    assert before
    assert "鲍勃老师" not in dora.get(page).text
    assert "有同事已在跟进" in dora.get(page).text
    assert ["鲍勃老师" in who.get(page).text for who in (bob, lead)] == [True, True]


def test_promise_that_lies_in_a_sealed_case_is_a_row_of_who_may_open_it(school, bob, dora, lead):
    page = f"/queue/stale?as_of={NOW.date() + timedelta(days=2)}"
    with school.writing():
        school.asked_for_a_talk()
    before = school.case_page in dora.get(page).text
    bob.post(school.address, data=_tag("law_conflict"))

    shown = [school.case_page in who.get(page).text for who in (bob, lead, dora)]

    assert before
    assert shown == [True, True, False]
    assert "爱丽丝" not in dora.get(page).text


def test_who_stands_in_for_a_sealed_case_opens_it_during_the_break_and_no_list_names_it(
    school, bob, dora, lead, as_, fixed_clock
):
    bob.post(school.address, data=_tag("law_conflict"))
    today = NOW.date()
    first, last = today + timedelta(days=3), today + timedelta(days=6)
    with school.writing():
        for n in (3, 4):
            free = today + timedelta(days=n)
            db.session.add(CalendarDay(site_id=school.site.id, on=free, kind=DayKind.HOLIDAY))
        cover_holiday(
            actor=actor_of(db.session.get_one(User, school.bob.id), Role.COUNSELLOR),
            site=db.session.get_one(Site, school.site.id),
            holiday=Break(first, last),
            covers=[
                Cover(
                    db.session.get_one(Case, school.case_id),
                    db.session.get_one(User, school.fay.id),
                    first,
                )
            ],
        )
    names = ["爱丽丝" in who.get("/cases/holiday-cover/list").text for who in (bob, lead, dora)]
    opened = []
    for days in (2, 3, 6, 7):
        with fixed_clock(NOW + timedelta(days=days)):
            fay = as_(Role.COUNSELLOR, user=school.fay)
            opened.append(fay.get(school.case_page).status_code)

    assert names == [True, True, False]
    assert opened == [404, 200, 200, 404]


def test_sealed_case_is_still_found_by_who_looks_for_silence(school, bob, app):
    bob.post(school.address, data=_tag("law_conflict"))

    with app.app_context():
        assert len(stale_cases(OPERATOR, clock.today() + timedelta(days=30))) == 1


def test_tag_is_set_once_and_with_days_that_make_sense(school, bob):
    bob.post(school.address, data=_tag("left_behind"))

    assert bob.post(school.address, data=_tag("left_behind")).status_code == 422
    past = _tag("in_difficulty") | {"review_on": "2026-10-01"}
    assert bob.post(school.address, data=past).status_code == 422
    assert school.logged("set_tag") == 1


def test_ended_grant_closes_the_tags_too(school, bob):
    bob.post(school.address, data=_tag("left_behind"))
    with school.writing():
        end_grants(scope=Scope.STUDENT, scope_id=school.alice.id, user_id=school.bob.id)

    assert bob.get(school.address).status_code == 404


def test_answers_propose_tags_and_a_person_sets_them(school, bob):
    school.told_about_home()

    page = bob.get(f"{school.address}?lang=en").text
    filled = bob.get(f"{school.address}?lang=en&proposed=left_behind").text
    bob.post(school.address, data=_tag("left_behind"))
    after = bob.get(f"{school.address}?lang=en").text

    assert "Both parents away for long" in page
    assert "Money makes things hard" in page
    assert "No tag is set." in page
    assert re.search(r'checked[^>]*value="left_behind"', filled)
    assert "Answered by the student on" in filled.partition("<textarea")[2]
    assert "Both parents away for long" not in after
    assert "Money makes things hard" in after


def test_a_proposed_tag_calls_nobody_and_stands_nowhere_else(school, bob, dora):
    school.told_about_home()

    with school.app.app_context():
        assert db.session.query(Flag).count() == 0
        assert db.session.query(StudentTag).count() == 0
        assert db.session.query(QueueEntry).count() == 1
    assert dora.get(school.address).status_code == 404
    assert "Both parents" not in bob.get(f"{school.case_page}?lang=en").text


def test_every_tag_that_an_instrument_proposes_is_one_that_can_be_set():
    proposed = {
        rule.code
        for instrument in shipped_library().values()
        for rule in instrument.flags
        if rule.kind == "tag"
    }

    assert proposed == set(TagKind) - {TagKind.LAW_CONFLICT}
