"""How well a screening worked at one school: whom it reached, whom it flagged, and what came of
it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment
from app.campaigns.models import Campaign
from app.campaigns.queries import counts_at
from app.cases.domain.cases import Counterpart
from app.cases.domain.queue import SettlingReason
from app.cases.models import Contact, QueueEntry
from app.people.models import Site
from app.platform import clock
from app.platform.db import db
from app.psychometrics.comparison import share
from app.psychometrics.estimate import Interval
from app.results.domain import FlagKind
from app.results.models import Flag
from app.statistics.domain.suppression import Unit, refinements, shown_levels
from app.statistics.domain.waiting import Waiting, waiting_times
from app.statistics.models import CampaignCount
from app.triage.domain import RiskLevel

HOUR = 3600.0


@dataclass(frozen=True)
class FlagCount:
    """How many students an instrument flagged, and what persons decided about them."""

    instrument_code: str
    kind: FlagKind
    students: int
    decided: int
    confirmed: int

    @property
    def predictive_value(self) -> Interval | None:
        """Of those about whom a person has decided, the share in whom a need was found."""
        return share(self.confirmed, self.decided) if self.decided else None


@dataclass(frozen=True)
class ScreeningQuality:
    """The figures of one campaign at one school, as they stand now."""

    invited: int
    finished: int
    declined: int
    careless: int | None
    flags: Sequence[FlagCount]
    waiting: Waiting


@dataclass(frozen=True)
class LevelCounts:
    """How many students persons put at each level, out of all who were invited, and the wait."""

    counts: Sequence[int]
    waiting: Waiting

    def shown(self, level: RiskLevel, fewest: int) -> int | None:
        """The count of a level; None where it, or what is left beside it, is of too few.

        Levels are put together with their neighbours until every group is large enough, as bands
        are; a level that shares its group is not shown.
        """
        whole = Unit("", tuple(self.counts))
        chain = refinements(whole.counts)
        number = shown_levels(whole, chain, threshold=fewest)[""]
        if not number or chain[number - 1].count(chain[number - 1][level.urgency]) > 1:
            return None
        return self.counts[level.urgency]


def levels_of(campaign: Campaign, site: Site) -> LevelCounts:
    """For a form that the crisis lead fills in; who has no level counts as needing nothing."""
    decided = list(_decided_levels(campaign, site).values())
    counts = [decided.count(level) for level in RiskLevel]
    counts[0] += max(0, counts_at(campaign.id, site.id).invited - len(decided))
    return LevelCounts(counts, _waiting(campaign, site))


def _decided_levels(campaign: Campaign, site: Site) -> dict[int, RiskLevel]:
    """What a person decided about each student in this campaign, where one has."""
    query = (
        select(QueueEntry.student_id, QueueEntry.risk_level)
        .where(
            QueueEntry.campaign_id == campaign.id,
            QueueEntry.site_id == site.id,
            QueueEntry.student_id.is_not(None),
            QueueEntry.is_decided,
        )
        .order_by(QueueEntry.id)
    )
    return {student_id: level for student_id, level in db.session.execute(query) if student_id}


def quality_of(campaign: Campaign, site: Site) -> ScreeningQuality:
    """Everything for the page of the crisis lead, who sees each of these students anyway."""
    slips = counts_at(campaign.id, site.id)
    declined = select(func.count(Assessment.id)).where(
        Assessment.campaign_id == campaign.id,
        Assessment.site_id == site.id,
        Assessment.state == AssessmentState.DECLINED,
    )
    careless = select(CampaignCount.careless).where(
        CampaignCount.campaign_id == campaign.id, CampaignCount.site_id == site.id
    )
    return ScreeningQuality(
        slips.invited,
        slips.finished,
        db.session.scalar(declined) or 0,
        db.session.scalar(careless),
        _flags(campaign, site),
        _waiting(campaign, site),
    )


def _flags(campaign: Campaign, site: Site) -> list[FlagCount]:
    """By instrument and kind; a student with two flags of a kind counts once."""
    query = (
        select(Flag.instrument_code, Flag.kind, Flag.student_id)
        .where(
            Flag.campaign_id == campaign.id,
            Flag.site_id == site.id,
            Flag.student_id.is_not(None),
            Flag.kind.in_([FlagKind.CRITICAL, FlagKind.CUTOFF, FlagKind.ATTENTION]),
        )
        .distinct()
    )
    outcomes = outcomes_at(campaign.id, site.id)
    students: dict[tuple[str, FlagKind], list[int]] = {}
    for code, kind, student_id in db.session.execute(query):
        students.setdefault((code, kind), []).append(student_id or 0)
    return [
        FlagCount(code, kind, len(flagged), len(decided), sum(decided))
        for (code, kind), flagged in sorted(students.items())
        for decided in [[outcomes[one] for one in flagged if one in outcomes]]
    ]


def outcomes_at(campaign_id: int, site_id: int) -> dict[int, bool]:
    """Of each student about whom a person has decided: whether a need was found.

    Who was talked to and needed nothing had none. A case, or a level of moderate or above that a
    person set, says that there is one. Who still waits is not in it.
    """
    query = (
        select(
            QueueEntry.student_id,
            QueueEntry.is_decided,
            QueueEntry.risk_level,
            QueueEntry.settling_reason,
        )
        .where(
            QueueEntry.campaign_id == campaign_id,
            QueueEntry.site_id == site_id,
            QueueEntry.student_id.is_not(None),
        )
        .order_by(QueueEntry.id)
    )
    found = {}
    for student_id, is_decided, level, reason in db.session.execute(query):
        outcome = _outcome(level if is_decided else None, reason)
        if student_id is not None and outcome is not None:
            found[student_id] = outcome
    return found


def _outcome(decided: RiskLevel | None, reason: SettlingReason | None) -> bool | None:
    if reason is SettlingReason.TALKED_NO_NEED:
        return False
    if decided is not None:
        return decided.urgency >= RiskLevel.MODERATE.urgency
    return True if reason in {SettlingReason.CASE_OPENED, SettlingReason.NOTED_IN_CASE} else None


def _waiting(campaign: Campaign, site: Site) -> Waiting:
    """From a student's first flag to the first time that somebody reached them.

    Who was talked to and needed no case was reached when that was noted. Who is to answer again
    waits for nobody, and counts as waiting up to then.
    """
    first = (
        select(func.min(Contact.held_at))
        .where(
            Contact.case_id == QueueEntry.case_id,
            Contact.with_whom == Counterpart.STUDENT,
            Contact.reached,
            Contact.held_at >= QueueEntry.raised_at,
        )
        .correlate(QueueEntry)
        .scalar_subquery()
    )
    query = select(
        QueueEntry.student_id,
        QueueEntry.raised_at,
        QueueEntry.settled_at,
        QueueEntry.settling_reason,
        first,
    ).where(
        QueueEntry.campaign_id == campaign.id,
        QueueEntry.site_id == site.id,
        QueueEntry.student_id.is_not(None),
    )
    waits: dict[int | None, list[_Wait]] = {}
    for student_id, raised, settled, reason, met in db.session.execute(query):
        talked = settled if reason is SettlingReason.TALKED_NO_NEED else None
        ended = settled if reason is SettlingReason.RETEST_PLANNED else None
        waits.setdefault(student_id, []).append(_Wait(raised, met or talked, ended))
    found = [_of_student(some) for some in waits.values()]
    return waiting_times([hours for hours, _ in found], still=[still for _, still in found])


@dataclass(frozen=True)
class _Wait:
    """One entry of a student: when it came, when somebody reached them, when it was over."""

    raised: datetime
    met: datetime | None
    ended: datetime | None


def _of_student(waits: Sequence[_Wait]) -> tuple[float, bool]:
    """Hours, and whether they wait still."""
    since = min(one.raised for one in waits)
    met = [one.met for one in waits if one.met]
    if met:
        return _hours(since, min(met)), False
    return _hours(since, max(one.ended or clock.now() for one in waits)), True


def _hours(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / HOUR)
