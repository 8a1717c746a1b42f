"""Invitations: made in bulk, each with token and code of its own; their progress and troubles."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from sqlalchemy import Row, Select, select

from app.access.actor import SYSTEM, Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns.domain import CampaignState, ClassBeginning
from app.campaigns.models import Campaign, CampaignCohort, Invitation
from app.campaigns.service.conditions import require_in_charge, require_state
from app.people.models import Student
from app.platform import audit, clock, events, ids
from app.platform.db import db
from app.platform.rows import change_at_once

#: Rows in memory at a time: a district invites 55,000 at once.
BATCH = 2_000

Expected = Row[int, int, int]


def invite(campaign: Campaign) -> int:
    """Invite every student of the campaign's classes who is not yet; return how many were."""
    invited = 0
    expected = db.session.execute(_uninvited(campaign)).all()
    for start in range(0, len(expected), BATCH):
        invited += _invite(campaign, expected[start : start + BATCH])
    return invited


def invite_new_students(*, actor: Actor, campaign: Campaign) -> int:
    """Invite who came into a class after the opening; doing it again invites nobody twice."""
    require_in_charge(actor, campaign)
    require_state(campaign, CampaignState.OPEN)
    invited = invite(campaign)
    audit.record(actor, "invite_new_students", campaign, invitations=invited)
    return invited


def invite_also(*, actor: Actor, campaign: Campaign, student_ids: Collection[int]) -> None:
    """Invite these students too; their classes join the campaign (their answers came in a file)."""
    require_in_charge(actor, campaign)
    require_state(campaign, CampaignState.OPEN)
    wanted = sorted(student_ids)
    for start in range(0, len(wanted), BATCH):
        query = (
            select(Student.id, Student.site_id, Student.cohort_id)
            .where(Student.id.in_(wanted[start : start + BATCH]))
            .order_by(Student.cohort_id, Student.position, Student.id)
        )
        expected = db.session.execute(query).all()
        taking_part = {part.cohort_id for part in campaign.cohorts}
        for site_id, cohort_id in dict.fromkeys((row[1], row[2]) for row in expected):
            if cohort_id not in taking_part:
                campaign.cohorts.append(CampaignCohort(site_id=site_id, cohort_id=cohort_id))
        _invite(campaign, expected)
    audit.record(actor, "invite_also", campaign, invitations=len(wanted))


def follow_to_classes(*, student_ids: Sequence[int]) -> None:
    """Take slips that nobody has begun to the classes in which their students are by now.

    What was begun stays with the class that it was begun in; so does the slip of a student whose
    new class takes no part, or nobody would have it on a list. Who was missing in a campaign that
    is over was missing in the class of then.
    """
    followed: Counter[Campaign] = Counter()
    for start in range(0, len(student_ids), BATCH):
        query = (
            select(Invitation, Campaign, Student.cohort_id)
            .join(Campaign, Campaign.id == Invitation.campaign_id)
            .join(Student, Student.id == Invitation.student_id)
            .join(
                CampaignCohort,
                (CampaignCohort.campaign_id == Invitation.campaign_id)
                & (CampaignCohort.cohort_id == Student.cohort_id),
            )
            .where(
                Campaign.state == CampaignState.OPEN,
                Student.id.in_(student_ids[start : start + BATCH]),
                Invitation.cohort_id != Student.cohort_id,
                Invitation.begun_at.is_(None),
            )
        )
        for invitation, campaign, cohort_id in db.session.execute(query).all():
            invitation.cohort_id = cohort_id
            followed[campaign] += 1
    db.session.flush()
    for campaign, number in followed.items():
        audit.record(SYSTEM, "follow_to_classes", campaign, invitations=number)


def invite_one(campaign: Campaign, student: Student) -> Invitation:
    """Invite one student alone."""
    (code,) = _free_codes(1)
    invitation = Invitation(
        campaign_id=campaign.id,
        site_id=student.site_id,
        cohort_id=student.cohort_id,
        student_id=student.id,
        token=ids.new_public_id(),
        code=code,
        created_at=clock.now(),
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation


def note_slips_printed(*, actor: Actor, campaign: Campaign, slips: int) -> None:
    """Slips are keys: who printed how many is on record before they leave."""
    require(actor, Permission.PRINT_SLIPS)
    audit.record(actor, "print_slips", campaign, slips=slips)


def free_slip(*, actor: Actor, invitation: Invitation) -> None:
    """Let a slip be tried again after three wrong checks, or after “this is not me”."""
    require(actor, Permission.FREE_SLIP, invitation)
    misses, invitation.check_misses = invitation.check_misses, 0
    invitation.disowned_at = None
    audit.record(actor, "free_slip", invitation, misses=misses)


def invite_again(*, actor: Actor, invitation: Invitation) -> None:
    """Let the same slip open a further sitting; what was answered before stays and is counted."""
    require(actor, Permission.WORK_QUEUE, invitation)
    require_state(invitation.campaign, CampaignState.OPEN)
    invitation.first_started_at = invitation.first_started_at or invitation.started_at
    invitation.first_finished_at = invitation.first_finished_at or invitation.finished_at
    invitation.started_at = invitation.finished_at = invitation.disowned_at = None
    invitation.check_misses = 0
    audit.record(actor, "invite_again", invitation)


def settle_help(*, actor: Actor, invitation: Invitation) -> None:
    """Somebody helped with the page; the student is off the list."""
    require(actor, Permission.FREE_SLIP, invitation)
    invitation.help_wanted_at = None
    audit.record(actor, "settle_help", invitation)


def has_begun(invitation: Invitation) -> bool:
    """Whether anybody of the student's class has begun in this campaign."""
    begun = select(Invitation.id).where(
        Invitation.campaign_id == invitation.campaign_id,
        Invitation.cohort_id == invitation.cohort_id,
        Invitation.started_at.is_not(None),
    )
    return db.session.scalar(begun.limit(1)) is not None


def must_wait(campaign_id: int, site_id: int, cohort_id: int | None = None) -> bool:
    """Whether a class that has not begun must wait, because downstream there is too much to do."""
    return bool(events.ask(ClassBeginning(site_id, campaign_id, cohort_id)))


def note_started(invitation: Invitation) -> None:
    """The student has begun; only the first time counts."""
    if invitation.started_at is None:
        change_at_once(invitation, started_at=clock.now())


def note_finished(invitation: Invitation) -> None:
    """The student came to the last page, or declined: both look the same."""
    if invitation.finished_at is None:
        change_at_once(invitation, finished_at=clock.now())


def note_check_missed(invitation: Invitation) -> None:
    """A wrong birthday or number; added in the database, so that no try is lost."""
    invitation.check_misses = Invitation.check_misses + 1
    db.session.flush()


def note_disowned(invitation: Invitation) -> None:
    """“This is not me” was pressed; the slip stays unused and waits for its owner."""
    invitation.disowned_at = clock.now()
    db.session.flush()


def want_help(invitation: Invitation) -> None:
    """The student asked for help with the page, never for a talk."""
    invitation.help_wanted_at = clock.now()
    db.session.flush()


def _uninvited(campaign: Campaign) -> Select[int, int, int]:
    invited = select(Invitation.student_id).where(Invitation.campaign_id == campaign.id)
    return (
        select(Student.id, Student.site_id, Student.cohort_id)
        .join(CampaignCohort, CampaignCohort.cohort_id == Student.cohort_id)
        .where(
            CampaignCohort.campaign_id == campaign.id,
            Student.left_at.is_(None),
            Student.id.not_in(invited),
        )
        .order_by(Student.cohort_id, Student.position, Student.id)
    )


def _invite(campaign: Campaign, expected: Sequence[Expected]) -> int:
    now = clock.now()
    batch = [
        Invitation(
            public_id=ids.new_public_id(),
            campaign_id=campaign.id,
            site_id=site_id,
            cohort_id=cohort_id,
            student_id=student_id,
            token=ids.new_public_id(),
            code=code,
            created_at=now,
        )
        for (student_id, site_id, cohort_id), code in zip(
            expected, _free_codes(len(expected)), strict=True
        )
    ]
    db.session.bulk_save_objects(batch)  # three times quicker than rows that the session follows
    return len(batch)


def _free_codes(wanted: int) -> list[str]:
    """Codes that no invitation has: among a million live ones, chance alone would meet some."""
    codes: dict[bytes, str] = {}
    while len(codes) < wanted:
        drawn = {
            Invitation.code.look_up(Invitation, code): code
            for code in islice(_codes(), wanted - len(codes))
        }
        taken = select(Invitation.code_index).where(Invitation.code_index.in_(list(drawn)))
        for index in db.session.scalars(taken):
            del drawn[index]
        codes |= drawn
    return list(codes.values())


def _codes() -> Iterator[str]:
    while True:
        yield ids.new_code()
