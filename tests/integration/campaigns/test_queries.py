"""Who sees which campaign, class and slip."""

import pytest

from app.access.actor import OPERATOR, Actor, ActorKind
from app.access.permissions import Role
from app.campaigns import queries, service
from app.campaigns.domain import CampaignState
from app.people.roster.reading import read_roster
from app.people.service.rosters import import_roster
from app.platform import clock
from app.platform.db import db
from tests.factories import campaigns, people

pytestmark = pytest.mark.usefixtures("in_app", "fixed_clock")


def at_site(site_id: int) -> Actor:
    return Actor(kind=ActorKind.USER, ref="a", role=Role.SITE_STAFF, site_ids=frozenset({site_id}))


def of_class(cohort_id: int) -> Actor:
    return Actor(
        kind=ActorKind.USER, ref="t", role=Role.CLASS_TEACHER, cohort_ids=frozenset({cohort_id})
    )


def test_a_school_sees_the_campaigns_it_takes_part_in() -> None:
    ours, theirs = people.cohort(people.site()), people.cohort(people.site())
    campaign = campaigns.draft(ours)
    campaigns.draft(theirs)

    visible = db.session.scalars(queries.visible_campaigns(at_site(ours.site_id))).all()

    assert visible == [campaign]


def test_a_school_sees_the_progress_of_its_own_classes_only() -> None:
    ours, theirs = people.cohort(people.site()), people.cohort(people.site())
    people.student(ours)
    people.student(theirs)
    campaign = campaigns.running(ours, theirs)
    staff = at_site(ours.site_id)

    rows = queries.progress(staff, campaign)
    total = queries.totals(staff, [campaign])[campaign.id]

    assert [row.cohort for row in rows] == [ours]
    assert total.invited == 1


def test_a_class_teacher_sees_the_own_class_only() -> None:
    own = people.cohort(people.site())
    other = people.cohort(own.site)
    people.student(own)
    people.student(other)
    campaign = campaigns.running(own, other)

    rows = queries.progress(of_class(own.id), campaign)

    assert [(row.cohort, row.counts.invited) for row in rows] == [(own, 1)]
    assert queries.totals(of_class(own.id), [campaign])[campaign.id].invited == 1


def test_slips_come_class_by_class_in_the_order_of_the_class() -> None:
    site = people.site()
    second, first = people.cohort(site, position=2), people.cohort(site, position=1)
    third_seat = people.student(first, position=3)
    first_seat = people.student(first, position=1)
    other = people.student(second, position=1)
    campaign = campaigns.running(second, first)

    everyone = queries.slips(at_site(site.id), campaign, None)
    one_class = queries.slips(at_site(site.id), campaign, second.public_id)

    assert [slip.student for slip in everyone] == [first_seat, third_seat, other]
    assert [slip.student for slip in one_class] == [other]


def test_waiting_slips_are_those_that_need_a_hand() -> None:
    cohort = people.cohort(people.site())
    students = [people.student(cohort) for _ in range(4)]
    campaign = campaigns.running(cohort)
    locked, stuck, disowned, _fine = (campaigns.invitation(campaign, s) for s in students)
    for _ in range(3):
        service.note_check_missed(locked)
    service.want_help(stuck)
    service.note_disowned(disowned)

    waiting = queries.waiting_slips(at_site(cohort.site_id), campaign)

    assert waiting == [locked, stuck, disowned]


def test_responders_are_counsellors_and_crisis_leads_of_the_school() -> None:
    site, elsewhere = people.site(), people.site()
    own = people.user(Role.COUNSELLOR, site.id)
    lead = people.user(Role.CRISIS_LEAD)
    people.user(Role.COUNSELLOR, elsewhere.id)
    people.user(Role.SITE_STAFF, site.id)

    choices = queries.possible_responders(at_site(site.id))

    assert choices == {site.id: [own, lead]}


def _moves(student, cohort_name: str) -> None:
    line = f"学号,姓名,班级\n{student.student_no},{student.name},{cohort_name}\n"
    import_roster(actor=OPERATOR, site=student.site, table=read_roster(line.encode()))


def test_who_changes_class_is_missing_in_the_new_one_and_what_was_begun_stays() -> None:
    old = people.cohort(people.site(), name="初二（1）班")
    new, apart = (people.cohort(old.site, name=f"初二（{n}）班") for n in (2, 3))
    moves, has_begun, leads_astray = (people.student(old) for _ in range(3))
    campaign = campaigns.running(old, new)
    campaigns.invitation(campaign, has_begun).started_at = clock.now()
    over = campaigns.running(old, new)
    missed = campaigns.invitation(over, moves)
    over.state = CampaignState.CLOSED

    for student, cohort in ((moves, new), (has_begun, new), (leads_astray, apart)):
        _moves(student, cohort.name)

    def missing_in(cohort):
        found = queries.missing(at_site(old.site_id), campaign, cohort.id)
        return {slip.student for slip in found}

    assert missing_in(new) == {moves}
    assert missing_in(old) == {has_begun, leads_astray}
    assert missed.cohort_id == old.id  # in the class of then
