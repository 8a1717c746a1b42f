"""Special tags: seen by who accompanies the student and the crisis lead, and by nobody else."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest

from app.access.actor import OPERATOR
from app.access.grants import Scope, end_grants, grant
from app.access.permissions import Role
from app.cases.domain.cases import CaseState
from app.cases.models import Case, StudentTag
from app.cases.queries.cases import stale_cases
from app.people.service.logins import actor_of
from app.platform import audit, clock
from app.platform.db import begin_write, db
from app.triage.domain import RiskLevel
from tests.conftest import NOW
from tests.factories import people

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
            self.bob = people.user(Role.COUNSELLOR, self.site.id)
            case = Case(
                site_id=self.site.id,
                student_id=self.alice.id,
                owner_id=self.bob.id,
                state=CaseState.OPEN,
                risk_level=RiskLevel.LOW,
                next_on=clock.today(),
                opened_at=clock.now(),
            )
            db.session.add(case)
            counsellor = actor_of(self.bob, Role.COUNSELLOR)
            grant(counsellor, scope=Scope.STUDENT, scope_id=self.alice.id, reason="claimed")
            db.session.flush()
            self.address = f"/students/{self.alice.public_id}/tags"
            self.case_page = f"/cases/{case.public_id}"
            for row in (self.site, self.cohort, self.alice, self.bob):
                db.session.refresh(row)
                db.session.expunge(row)

    @contextmanager
    def writing(self):
        with self.app.app_context():
            begin_write()
            yield
            db.session.commit()

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
