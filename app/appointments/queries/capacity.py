"""Figures for planning: slots from the roster, students of a campaign, its own share so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from app.access.actor import Actor
from app.appointments.domain.capacity import FEW, MANY, ClassSize, Load
from app.appointments.domain.slots import Watch, cut_day, hours_of
from app.appointments.models import ClassDay
from app.appointments.queries.roster import cuts_of, usual_plan
from app.campaigns.models import Campaign, CampaignCohort, Invitation
from app.campaigns.queries import visible_taking_part
from app.cases.models import QueueEntry
from app.people.calendar import SchoolCalendar
from app.people.domain import DayKind
from app.people.models import CLASSES_IN_ORDER, Cohort, Site, Student
from app.people.queries import calendar_of
from app.platform import clock
from app.platform.db import db

#: How far ahead the roster is read for a usual week.
AHEAD = 14
SCHOOL_WEEK = 5
#: Fewer finished sittings say nothing about a share.
FEWEST_FINISHED = 20


@dataclass(frozen=True)
class OwnShare:
    """How many of those who finished are in the queue."""

    flagged: int
    finished: int

    @property
    def share(self) -> float | None:
        """None while too few have finished."""
        return self.flagged / self.finished if self.finished >= FEWEST_FINISHED else None


@dataclass(frozen=True)
class Capacity:
    """Expected interviews a day against the slots of the roster, with and without more duty."""

    slots_a_week: float
    half_day: int
    students: int
    school_days: int
    own: OwnShare

    @property
    def a_day(self) -> float:
        """Students who answer on a day, spread evenly over the campaign."""
        return self.students / max(1, self.school_days)

    def load(self, share: float, half_days: int = 0) -> Load:
        """What this share brings, with so many more half-days of duty a week."""
        slots = (self.slots_a_week + half_days * self.half_day) / SCHOOL_WEEK
        return Load(share, self.a_day * share, slots)

    def loads(self, half_days: int = 0) -> list[Load]:
        """At 5 %, at 29 %, and at the campaign's own share once that is known."""
        shares = [FEW, MANY] + ([self.own.share] if self.own.share is not None else [])
        return [self.load(share, half_days) for share in shares]


def capacity(site: Site, campaign: Campaign) -> Capacity:
    """The figures of one school in one campaign."""
    days = school_days(site, campaign)
    return Capacity(
        slots_a_week=slots_a_week(site),
        half_day=half_day(site),
        students=sum(each.students for each in class_sizes(site, campaign).values()),
        school_days=len(days),
        own=own_share(site, campaign),
    )


def school_days(site: Site, campaign: Campaign) -> list[date]:
    """The days on which classes of the campaign can answer; exam days are kept free."""
    calendar = calendar_of(site)
    length = (campaign.closes_on - campaign.opens_on).days + 1
    days = [campaign.opens_on + timedelta(days=n) for n in range(length)]
    return [day for day in days if _is_plain(calendar, day)]


def coming_school_days(site: Site, campaign: Campaign) -> list[date]:
    """Those of them on which a class can still begin; of a campaign that is over, all."""
    days, today = school_days(site, campaign), clock.today()
    return [day for day in days if day >= today] or days


def slots_a_week(site: Site) -> float:
    """Slots in a school week, from the duty roster of the next two weeks."""
    today = clock.today()
    cuts = cuts_of(site, [today + timedelta(days=n) for n in range(AHEAD)], usual_plan(site))
    return sum(len(cut.slots) for cut in cuts.values()) / (AHEAD / 7)


def half_day(site: Site) -> int:
    """How many slots one more morning of one counsellor gives."""
    plan = usual_plan(site)
    morning = hours_of(clock.today(), site.opens_at, plan.lunch_from, clock.zone())
    watch = Watch(0, morning.starts_at, morning.ends_at)
    return len(cut_day([watch], morning, plan).slots)


def slots_by_day(site: Site, days: Sequence[date]) -> list[tuple[date, int]]:
    """Slots on each day: as the roster says, or, where nobody is on it yet, as on a usual day."""
    if not days:
        return []
    usual = round(slots_a_week(site) / SCHOOL_WEEK)
    cuts = cuts_of(site, days, usual_plan(site))
    return [(day, len(cut.slots) or usual) for day, cut in cuts.items()]


def class_sizes(site: Site, campaign: Campaign) -> dict[int, ClassSize]:
    """How many students each class of the school brings to the campaign, in the school's order."""
    counted = (
        select(Student.cohort_id, func.count(Student.id))
        .where(Student.site_id == site.id, Student.left_at.is_(None))
        .group_by(Student.cohort_id)
    )
    students = dict(db.session.execute(counted).all())
    query = (
        select(Cohort.id)
        .join(CampaignCohort, CampaignCohort.cohort_id == Cohort.id)
        .where(CampaignCohort.campaign_id == campaign.id, Cohort.site_id == site.id)
        .order_by(*CLASSES_IN_ORDER)
    )
    return {key: ClassSize(key, students.get(key, 0)) for key in db.session.scalars(query)}


def own_share(site: Site, campaign: Campaign) -> OwnShare:
    """Entries and finished sittings of a campaign at one school; for who may see the queue."""
    flagged = select(func.count(QueueEntry.student_id.distinct())).where(
        QueueEntry.campaign_id == campaign.id, QueueEntry.site_id == site.id
    )
    finished = select(func.count(Invitation.completed_at)).where(
        Invitation.campaign_id == campaign.id, Invitation.site_id == site.id
    )
    return OwnShare(db.session.scalar(flagged) or 0, db.session.scalar(finished) or 0)


def proposed_days(actor: Actor, site: Site, campaign: Campaign) -> dict[int, ClassDay]:
    """The stored proposal, by class, as far as the actor may see."""
    visible = {cohort.id for _, cohort, _ in visible_taking_part(actor, campaign)}
    query = select(ClassDay).where(ClassDay.campaign_id == campaign.id, ClassDay.site_id == site.id)
    return {row.cohort_id: row for row in db.session.scalars(query) if row.cohort_id in visible}


def _is_plain(calendar: SchoolCalendar, day: date) -> bool:
    return calendar.is_school_day(day) and calendar.days.get(day) is not DayKind.EXAM
