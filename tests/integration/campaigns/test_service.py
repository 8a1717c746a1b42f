"""Planning, opening and closing campaigns, and the invitations between."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select

from app.access.actor import OPERATOR, Actor, ActorKind
from app.access.guards import DeniedError
from app.access.permissions import Role
from app.campaigns import queries, service
from app.campaigns.domain import (
    CampaignClosed,
    CampaignState,
    CampaignStateError,
    CodeTakenError,
    Obstacle,
    ObstacleKind,
    PlanError,
)
from app.campaigns.doors import open_door
from app.campaigns.models import Invitation
from app.platform import events, ids
from app.platform.audit import AuditEvent
from app.platform.db import db
from tests.factories import campaigns, people

pytestmark = pytest.mark.usefixtures("in_app", "fixed_clock")


def actor(role: Role, *site_ids: int) -> Actor:
    return Actor(kind=ActorKind.USER, ref=role.value, role=role, site_ids=frozenset(site_ids))


def last_audit() -> str | None:
    return db.session.scalar(select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(1))


def test_a_battery_pins_the_current_versions_in_order() -> None:
    battery = campaigns.battery("phq9", "who5")

    pinned = [
        (part.instrument_version.code, part.instrument_version.version) for part in battery.parts
    ]
    assert pinned == [("phq9", "1.0.0"), ("who5", "1.0.0")]


def test_a_battery_without_instruments_is_refused() -> None:
    with pytest.raises(PlanError, match="at least one instrument"):
        service.create_battery(
            actor=OPERATOR, code="empty", title_zh="空", title_en="Empty", instrument_codes=[]
        )


def test_a_campaign_code_is_used_once() -> None:
    cohort = people.cohort(people.site())
    campaigns.draft(cohort, code="autumn")

    with pytest.raises(CodeTakenError, match="the code “autumn” is taken"):
        campaigns.draft(cohort, code="autumn")


def test_a_campaign_needs_a_class() -> None:
    with pytest.raises(PlanError, match="at least one class"):
        campaigns.draft()


def test_a_campaign_does_not_end_before_it_begins() -> None:
    cohort = people.cohort(people.site())

    with pytest.raises(PlanError, match="the last day lies before the first"):
        campaigns.draft(cohort, opens_on=date(2026, 10, 12), closes_on=date(2026, 10, 11))


def test_an_administrator_of_one_school_cannot_plan_for_another() -> None:
    cohort = people.cohort(people.site())
    elsewhere = people.site()
    administrator = actor(Role.ADMINISTRATOR, elsewhere.id)
    battery = campaigns.battery()

    with pytest.raises(DeniedError):
        service.create_campaign(
            actor=administrator,
            code="x",
            title="x",
            battery=battery,
            cohorts=[cohort],
            responders={},
            opens_on=date(2026, 10, 12),
            closes_on=date(2026, 10, 12),
        )


def test_changing_a_draft_replaces_its_classes_and_schools() -> None:
    first, second = people.cohort(people.site()), people.cohort(people.site())
    campaign = campaigns.draft(first)
    responder = people.user(Role.COUNSELLOR, second.site_id)

    service.change_campaign(
        actor=OPERATOR,
        campaign=campaign,
        cohorts=[second],
        responders={second.site_id: (responder.id, None)},
        title="新的题目",
        battery=campaign.battery,
        opens_on=date(2026, 11, 1),
        closes_on=date(2026, 11, 5),
        notice_zh="说明",
        notice_en="notice",
        assent_zh="同意",
        assent_en="assent",
    )

    assert campaign.title == "新的题目"
    assert [part.cohort_id for part in campaign.cohorts] == [second.id]
    assert [part.first_responder_id for part in campaign.sites] == [responder.id]


def test_opening_invites_every_student_once_and_is_audited() -> None:
    cohort = people.cohort(people.site())
    students = [people.student(cohort) for _ in range(3)]
    people.student(people.cohort(cohort.site))  # of a class that takes no part
    campaign = campaigns.draft(cohort)

    invited = service.open_campaign(actor=OPERATOR, campaign=campaign)

    found = db.session.scalars(select(Invitation.student_id)).all()
    assert invited == 3
    assert sorted(found) == sorted(student.id for student in students)
    assert campaign.state is CampaignState.OPEN
    assert last_audit() == "open_campaign"


def test_who_has_left_the_school_is_not_invited(fixed_clock: Callable) -> None:
    cohort = people.cohort(people.site())
    people.student(cohort, left_at=people.clock.now())
    campaign = campaigns.running(cohort)

    assert db.session.scalars(select(Invitation).filter_by(campaign=campaign)).all() == []


def test_a_campaign_does_not_open_after_its_last_day() -> None:
    cohort = people.cohort(people.site())
    campaign = campaigns.draft(cohort, opens_on=date(2026, 9, 1), closes_on=date(2026, 9, 30))

    assert service.obstacles(campaign) == [Obstacle(ObstacleKind.ENDED)]


def test_a_campaign_opens_once() -> None:
    campaign = campaigns.running(people.cohort(people.site()))

    with pytest.raises(CampaignStateError, match="is open, not draft"):
        service.open_campaign(actor=OPERATOR, campaign=campaign)


def test_an_open_campaign_keeps_the_texts_it_promised() -> None:
    campaign = campaigns.running(people.cohort(people.site()))

    with pytest.raises(CampaignStateError, match="is open, not draft"):
        service.change_campaign(actor=OPERATOR, campaign=campaign, cohorts=[], responders={})


def test_tokens_and_codes_are_stored_as_indexes_and_ciphertext_only() -> None:
    cohort = people.cohort(people.site())
    student = people.student(cohort)
    invitation = campaigns.invitation(campaigns.running(cohort), student)

    token, code = invitation.token, invitation.code
    stored = invitation.token_sealed + invitation.token_index
    stored += invitation.code_sealed + invitation.code_index
    assert len(token) == 22
    assert len(code) == 8
    assert token.encode() not in stored
    assert code.encode() not in stored


def test_an_invitation_is_found_by_its_token_and_by_its_code_however_typed() -> None:
    cohort = people.cohort(people.site())
    student = people.student(cohort)
    invitation = campaigns.invitation(campaigns.running(cohort), student)
    code = invitation.code

    typed = f" {code[:4].lower()}-{code[4:]} "
    assert queries.open_invitation_by_token(invitation.token) is invitation
    assert queries.open_invitation_by_code(typed) is invitation
    assert queries.open_invitation_by_code("22222222") is None


def test_a_code_that_chance_draws_twice_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = people.cohort(people.site())
    people.student(cohort)
    drawn = iter(["AAAA2222", "AAAA2222", "BBBB3333"])
    monkeypatch.setattr(ids, "new_code", lambda: next(drawn))
    campaigns.running(cohort)

    second = campaigns.running(cohort)

    codes = [row.code for row in db.session.scalars(select(Invitation)).all()]
    assert codes == ["AAAA2222", "BBBB3333"]
    assert second.state is CampaignState.OPEN


def test_inviting_new_students_leaves_the_earlier_invitations_alone() -> None:
    cohort = people.cohort(people.site())
    first = people.student(cohort)
    campaign = campaigns.running(cohort)
    token = campaigns.invitation(campaign, first).token
    people.student(cohort)

    invited = service.invite_new_students(actor=OPERATOR, campaign=campaign)
    again = service.invite_new_students(actor=OPERATOR, campaign=campaign)

    assert (invited, again) == (1, 0)
    assert campaigns.invitation(campaign, first).token == token
    assert db.session.scalar(select(func.count(Invitation.id))) == 2


def test_closing_tells_the_rooms_downstream_and_closes_the_open_links() -> None:
    heard: list[CampaignClosed] = []
    events.subscribe(CampaignClosed, heard.append)
    cohort = people.cohort(people.site())
    campaign = campaigns.running(cohort)
    link = service.create_open_link(actor=OPERATOR, campaign=campaign, site=cohort.site)

    service.close_campaign(actor=OPERATOR, campaign=campaign)

    assert heard == [CampaignClosed(campaign.id)]
    assert campaign.state is CampaignState.CLOSED
    assert open_door(link.token) is None


def test_a_draft_cannot_be_closed() -> None:
    campaign = campaigns.draft(people.cohort(people.site()))

    with pytest.raises(CampaignStateError, match="is draft, not open"):
        service.close_campaign(actor=OPERATOR, campaign=campaign)


def test_an_open_link_is_found_by_its_token_until_it_is_closed() -> None:
    cohort = people.cohort(people.site())
    campaign = campaigns.running(cohort)
    link = service.create_open_link(actor=OPERATOR, campaign=campaign, site=cohort.site)

    before = open_door(link.token)
    service.close_open_link(actor=OPERATOR, link=link)

    assert before is not None
    assert before.id == link.id
    assert open_door(link.token) is None


def test_only_a_school_that_takes_part_watches_an_open_link() -> None:
    campaign = campaigns.running(people.cohort(people.site()))

    with pytest.raises(PlanError, match="only a school that takes part"):
        service.create_open_link(actor=OPERATOR, campaign=campaign, site=people.site())


def test_three_wrong_checks_lock_a_slip_until_the_proctor_frees_it() -> None:
    cohort = people.cohort(people.site())
    student = people.student(cohort)
    invitation = campaigns.invitation(campaigns.running(cohort), student)
    service.note_check_missed(invitation)
    service.note_check_missed(invitation)
    before = invitation.is_locked
    service.note_check_missed(invitation)

    locked = invitation.is_locked
    service.free_slip(actor=actor(Role.PROCTOR, cohort.site_id), invitation=invitation)

    assert (before, locked, invitation.is_locked) == (False, True, False)
    assert last_audit() == "free_slip"


def test_a_proctor_of_another_school_frees_nothing() -> None:
    cohort = people.cohort(people.site())
    student = people.student(cohort)
    invitation = campaigns.invitation(campaigns.running(cohort), student)

    with pytest.raises(DeniedError):
        service.free_slip(actor=actor(Role.PROCTOR, people.site().id), invitation=invitation)


def test_progress_counts_beginnings_ends_and_wishes_for_help_once() -> None:
    cohort = people.cohort(people.site())
    students = [people.student(cohort) for _ in range(4)]
    campaign = campaigns.running(cohort)
    begun, done, stuck, _untouched = (campaigns.invitation(campaign, s) for s in students)
    service.note_started(begun)
    service.note_started(done)
    service.note_finished(done)
    service.want_help(stuck)

    [row] = queries.progress(OPERATOR, campaign)

    assert (row.counts.invited, row.counts.started, row.counts.finished) == (4, 2, 1)
    assert (row.counts.not_started, row.counts.under_way, row.counts.help_wanted) == (2, 1, 1)


def test_beginning_again_keeps_the_first_moment(fixed_clock: Callable) -> None:
    cohort = people.cohort(people.site())
    student = people.student(cohort)
    invitation = campaigns.invitation(campaigns.running(cohort), student)
    service.note_started(invitation)
    first = invitation.started_at

    with fixed_clock(first.replace(hour=first.hour + 1)):
        service.note_started(invitation)

    assert invitation.started_at == first
