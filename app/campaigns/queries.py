"""Reads of campaigns; progress knows invitations only, so nobody can read an answer from it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from app.access.actor import Actor
from app.access.permissions import Role
from app.campaigns.domain import MAX_CHECK_MISSES, CampaignKind, CampaignState, Counts
from app.campaigns.models import (
    Battery,
    Campaign,
    CampaignCohort,
    CampaignSite,
    ClassReminder,
    ComputerRoom,
    Invitation,
    OpenLink,
)
from app.people.models import CLASSES_IN_ORDER, Cohort, RoleAssignment, Site, Student, User
from app.people.queries import refused_by_guardians, visible_cohorts, visible_sites
from app.platform import clock, ids
from app.platform.db import db

COUNTED = (
    func.count(Invitation.id),
    func.count(Invitation.begun_at),
    func.count(Invitation.completed_at),
    func.count(Invitation.help_wanted_at).filter(Invitation.finished_at.is_(None)),
)


@dataclass(frozen=True)
class CohortProgress:
    """How far one class has come."""

    site: Site
    cohort: Cohort
    counts: Counts


def visible_campaigns(actor: Actor) -> Select[Campaign]:
    """Screenings that one of the actor's schools or classes takes part in, newest first."""
    query = (
        select(Campaign)
        .where(Campaign.kind == CampaignKind.SCREENING)
        .order_by(Campaign.opens_on.desc(), Campaign.id.desc())
    )
    if actor.everywhere:
        return query
    return query.where(
        or_(
            Campaign.sites.any(CampaignSite.site_id.in_(actor.site_ids)),
            Campaign.cohorts.any(CampaignCohort.cohort_id.in_(actor.cohort_ids)),
        )
    )


def visible_invitations(actor: Actor, campaign: Campaign) -> Select[Invitation]:
    """The invitations of a campaign in the actor's places, class by class."""
    return select(Invitation).where(Invitation.campaign_id == campaign.id, _in_scope(actor))


def visible_campaign(actor: Actor, public_id: str) -> Campaign | None:
    """The campaign of this public id, if the actor may see it."""
    query = visible_campaigns(actor).where(Campaign.public_id == public_id)
    return db.session.scalar(query)


def visible_invitation(actor: Actor, campaign: Campaign, public_id: str) -> Invitation | None:
    """One invitation of the campaign, if it lies in the actor's places."""
    query = visible_invitations(actor, campaign).where(Invitation.public_id == public_id)
    return db.session.scalar(query)


def any_open() -> bool:
    """Whether students can answer anywhere; every battery ends with the question about company."""
    query = select(Campaign.id).where(Campaign.state == CampaignState.OPEN).limit(1)
    return db.session.scalar(query) is not None


def visible_taking_part(
    actor: Actor, campaign: Campaign
) -> Sequence[Row[CampaignCohort, Cohort, Site]]:
    """The classes of a campaign that the actor may see, in the order of the school."""
    visible = visible_cohorts(actor).order_by(None).with_only_columns(Cohort.id)
    query = (
        select(CampaignCohort, Cohort, Site)
        .join(Cohort, Cohort.id == CampaignCohort.cohort_id)
        .join(Site, Site.id == CampaignCohort.site_id)
        .where(CampaignCohort.campaign_id == campaign.id, Cohort.id.in_(visible))
        .order_by(Site.id, *CLASSES_IN_ORDER)
    )
    return db.session.execute(query).all()


def visible_parts(actor: Actor, campaign: Campaign) -> Sequence[CampaignSite]:
    """The schools of a campaign that the actor may see, with who answers for them."""
    visible = visible_sites(actor).order_by(None).with_only_columns(Site.id)
    query = (
        select(CampaignSite)
        .where(CampaignSite.campaign_id == campaign.id, CampaignSite.site_id.in_(visible))
        .options(
            joinedload(CampaignSite.site),
            joinedload(CampaignSite.first_responder),
            joinedload(CampaignSite.second_responder),
        )
        .order_by(CampaignSite.site_id)
    )
    return db.session.scalars(query).all()


def expected_students(campaign: Campaign) -> int:
    """How many students opening would invite today."""
    query = (
        select(func.count(Student.id))
        .join(CampaignCohort, CampaignCohort.cohort_id == Student.cohort_id)
        .where(CampaignCohort.campaign_id == campaign.id, Student.left_at.is_(None))
    )
    return db.session.scalar(query) or 0


def progress(actor: Actor, campaign: Campaign) -> list[CohortProgress]:
    """How far each class has come, as far as the actor may see."""
    query = (
        visible_invitations(actor, campaign)
        .with_only_columns(Invitation.cohort_id, *COUNTED)
        .group_by(Invitation.cohort_id)
    )
    counts = {cohort_id: Counts(*row) for cohort_id, *row in db.session.execute(query)}
    return [
        CohortProgress(site, cohort, counts.get(cohort.id, Counts()))
        for _part, cohort, site in visible_taking_part(actor, campaign)
    ]


def counts_at(campaign_id: int, site_id: int) -> Counts:
    """How far one school has come in a campaign, for rooms that count."""
    query = select(*COUNTED).where(
        Invitation.campaign_id == campaign_id, Invitation.site_id == site_id
    )
    return Counts(*db.session.execute(query).one())


def counts_by_cohort(campaign_id: int, site_id: int) -> dict[int, Counts]:
    """The same of each of the school's classes, by its id."""
    query = (
        select(Invitation.cohort_id, *COUNTED)
        .where(Invitation.campaign_id == campaign_id, Invitation.site_id == site_id)
        .group_by(Invitation.cohort_id)
    )
    return {cohort_id: Counts(*row) for cohort_id, *row in db.session.execute(query)}


def totals(actor: Actor, campaigns: Iterable[Campaign]) -> dict[int, Counts]:
    """How far each campaign has come, by its id, as far as the actor may see."""
    query = (
        select(Invitation.campaign_id, *COUNTED)
        .where(
            Invitation.campaign_id.in_([campaign.id for campaign in campaigns]), _in_scope(actor)
        )
        .group_by(Invitation.campaign_id)
    )
    found: dict[int, Counts] = defaultdict(Counts)
    found.update({campaign_id: Counts(*row) for campaign_id, *row in db.session.execute(query)})
    return found


def waiting_slips(actor: Actor, campaign: Campaign) -> Sequence[Invitation]:
    """Slips that need a hand: locked, given to the wrong person, or help with the page wanted."""
    query = (
        visible_invitations(actor, campaign)
        .join(Student, Student.id == Invitation.student_id)
        .where(
            Invitation.finished_at.is_(None),
            or_(
                Invitation.check_misses >= MAX_CHECK_MISSES,
                Invitation.disowned_at.is_not(None),
                Invitation.help_wanted_at.is_not(None),
            ),
        )
        .options(joinedload(Invitation.student), joinedload(Invitation.cohort))
        .order_by(Invitation.cohort_id, Student.position, Invitation.id)
    )
    return db.session.scalars(query).all()


def missing(actor: Actor, campaign: Campaign, cohort_id: int | None = None) -> Sequence[Invitation]:
    """Who may still answer and has not, class by class, in the order of their lists.

    Refusing, on one's own part or a guardian's, is as good as finishing: nobody is asked again.
    """
    owed = (
        visible_invitations(actor, campaign)
        .join(Student, Student.id == Invitation.student_id)
        .where(Invitation.completed_at.is_(None), Student.left_at.is_(None))
    )
    if cohort_id is not None:
        owed = owed.where(Invitation.cohort_id == cohort_id)
    excused = refused_by_guardians(owed.with_only_columns(Invitation.student_id))
    query = (
        owed.join(Cohort, Cohort.id == Invitation.cohort_id)
        .options(contains_eager(Invitation.student), contains_eager(Invitation.cohort))
        .order_by(Cohort.site_id, *CLASSES_IN_ORDER, Student.position, Student.id)
    )
    return [slip for slip in db.session.scalars(query) if slip.student_id not in excused]


def excused_students(actor: Actor, campaign: Campaign, cohort: Cohort) -> set[int]:
    """Students of a class whom nobody asks, because a guardian has said no."""
    invited = visible_invitations(actor, campaign).where(Invitation.cohort_id == cohort.id)
    return refused_by_guardians(invited.with_only_columns(Invitation.student_id))


def reminders_for(actor: Actor) -> Sequence[ClassReminder]:
    """What is laid out for a class teacher and not opened yet, while students can answer."""
    query = (
        select(ClassReminder)
        .join(ClassReminder.campaign)
        .where(
            ClassReminder.cohort_id.in_(actor.cohort_ids),
            ClassReminder.seen_at.is_(None),
            Campaign.state == CampaignState.OPEN,
            Campaign.closes_on >= clock.today(),
        )
        .options(contains_eager(ClassReminder.campaign), joinedload(ClassReminder.cohort))
        .order_by(ClassReminder.id)
    )
    return db.session.scalars(query).all()


def slips(actor: Actor, campaign: Campaign, cohort_id: str | None) -> Sequence[Invitation]:
    """The slips of one class (by public id) or of all, in the order of handing out."""
    query = (
        visible_invitations(actor, campaign)
        .join(Student, Student.id == Invitation.student_id)
        .join(Cohort, Cohort.id == Invitation.cohort_id)
        .where(Student.left_at.is_(None))
        .options(
            joinedload(Invitation.student),
            joinedload(Invitation.cohort),
            joinedload(Invitation.site),
        )
        .order_by(Cohort.site_id, *CLASSES_IN_ORDER, Student.position, Student.id)
    )
    if cohort_id is not None:
        query = query.where(Cohort.public_id == cohort_id)
    return db.session.scalars(query).all()


def open_invitation_by_token(token: str) -> Invitation | None:
    """The invitation behind a slip's QR code, while one may begin with it."""
    return _open_invitation(Invitation.token_index == Invitation.token.look_up(Invitation, token))


def open_invitation_by_code(code: str) -> Invitation | None:
    """The same by the code as it was typed, with or without dash and capitals."""
    index = Invitation.code.look_up(Invitation, ids.normalise_code(code))
    return _open_invitation(Invitation.code_index == index)


def _open_invitation(is_sought: ColumnElement[bool]) -> Invitation | None:
    """One search and no row, whether the slip never was or its time is over: a guesser who
    watches the clock learns nothing (promise P25).
    """
    query = (
        select(Invitation)
        .join(Invitation.campaign)
        .join(Invitation.student)
        .where(
            is_sought,
            Campaign.state == CampaignState.OPEN,
            Campaign.opens_on <= clock.today(),
            Student.left_at.is_(None),
        )
    )
    return db.session.scalar(query)


def visible_open_link(actor: Actor, campaign: Campaign, public_id: str) -> OpenLink | None:
    """One open link of the campaign, if the actor may see the school that watches it."""
    links = visible_open_links(actor, campaign)
    return next((link for link in links if link.public_id == public_id), None)


def visible_open_links(actor: Actor, campaign: Campaign) -> Sequence[OpenLink]:
    """The open links of a campaign whose watching school the actor may see, newest first."""
    visible = visible_sites(actor).order_by(None).with_only_columns(Site.id)
    query = (
        select(OpenLink)
        .where(OpenLink.campaign_id == campaign.id, OpenLink.site_id.in_(visible))
        .options(joinedload(OpenLink.site))
        .order_by(OpenLink.id.desc())
    )
    return db.session.scalars(query).all()


def computer_room_by_token(token: str) -> ComputerRoom | None:
    """The computer room behind an address as somebody typed it, while it is open."""
    query = open_computer_rooms().where(ComputerRoom.token == ids.normalise_code(token))
    return db.session.scalar(query)


def computer_room_of(campaign: Campaign, cohort: Cohort) -> ComputerRoom | None:
    """The open computer room of a class that takes part."""
    query = open_computer_rooms().where(
        ComputerRoom.campaign_id == campaign.id, ComputerRoom.cohort_id == cohort.id
    )
    return db.session.scalar(query.order_by(ComputerRoom.id.desc()).limit(1))


def invited_in(actor: Actor, campaign: Campaign, cohort: Cohort) -> int:
    """How many of a class are invited: as many seats as it can need."""
    invited = visible_invitations(actor, campaign).where(Invitation.cohort_id == cohort.id)
    return db.session.scalar(invited.with_only_columns(func.count(Invitation.id))) or 0


def open_computer_rooms() -> Select[ComputerRoom]:
    """The rooms in which a student may sit down now."""
    return (
        select(ComputerRoom)
        .join(ComputerRoom.campaign)
        .where(
            ComputerRoom.closed_at.is_(None),
            ComputerRoom.closes_at > clock.now(),
            Campaign.state == CampaignState.OPEN,
        )
    )


def batteries() -> Sequence[Battery]:
    """Every battery, to choose from; those of repeated measures are nobody's choice."""
    query = select(Battery).where(~Battery.code.startswith("again-")).order_by(Battery.id)
    return db.session.scalars(query).all()


def possible_responders(actor: Actor) -> dict[int, list[User]]:
    """Counsellors and crisis leads who could answer for each of the actor's schools, by site id."""
    sites = db.session.scalars(visible_sites(actor)).all()
    query = (
        select(User, RoleAssignment.site_id)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            User.active,
            RoleAssignment.role.in_([Role.COUNSELLOR, Role.CRISIS_LEAD]),
            and_(
                RoleAssignment.cohort_id.is_(None),
                or_(
                    RoleAssignment.site_id.is_(None),
                    RoleAssignment.site_id.in_([site.id for site in sites]),
                ),
            ),
        )
        .order_by(RoleAssignment.site_id.is_(None), User.id)
    )
    rows = db.session.execute(query).all()
    return {
        site.id: list(dict.fromkeys(user for user, at in rows if at in (site.id, None)))
        for site in sites
    }


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    if actor.everywhere:
        return true()
    return or_(Invitation.site_id.in_(actor.site_ids), Invitation.cohort_id.in_(actor.cohort_ids))
