"""What a school's review meeting talks about, counted from the records of one school year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.campaigns.models import Invitation
from app.cases.domain.cases import ENDS, CaseState
from app.cases.domain.queue import EntryState
from app.cases.domain.referrals import ReferralState
from app.cases.models import Case, QueueEntry, Referral
from app.cases.queries.queue import is_real
from app.meetings.domain import FEWEST_SHOWN, SchoolYear, without_small
from app.people.models import Site
from app.platform import clock
from app.platform.db import db
from app.triage.domain import RiskLevel

Table = Mapping[str, int | None]


@dataclass(frozen=True)
class Figures:
    """Counts of one school year; None is a count too small to show."""

    invited: int
    taken_part: int
    flagged: int | None
    by_level: Table
    hours_to_claim: float | None
    waiting: int | None
    overdue: int | None
    cases_open: Table
    cases_ended: int | None
    referrals: Table

    def as_json(self) -> dict[str, Any]:
        """As a meeting keeps them."""
        return {name: _plain(value) for name, value in vars(self).items()}


def figures_of(site: Site, year: SchoolYear) -> Figures:
    """Count for one school and year; every count that could point at somebody is left out."""
    entries = _entries(site, year)
    levels = {level.value: 0 for level in reversed(RiskLevel)}
    for entry in entries:
        levels[entry.risk_level] += 1
    flagged = len({entry.student_id or -entry.id for entry in entries})
    invited, taken_part = _participation(site, year)
    waiting = [entry for entry in entries if entry.state == EntryState.WAITING]
    overdue = sum(entry.due_at < clock.now() for entry in waiting)
    return Figures(
        invited=invited,
        taken_part=taken_part,
        flagged=_shown(flagged, of=taken_part),
        by_level=without_small(levels),
        hours_to_claim=_hours_to_claim(entries),
        waiting=_shown(len(waiting), of=flagged),
        overdue=_shown(overdue, of=len(waiting)),
        cases_open=without_small(_open_cases(site)),
        cases_ended=_shown(_ended(site, year)),
        referrals=without_small(_referrals(site, year)),
    )


def _entries(site: Site, year: SchoolYear) -> list[Any]:
    query = select(
        QueueEntry.id,
        QueueEntry.student_id,
        QueueEntry.state,
        QueueEntry.risk_level,
        QueueEntry.raised_at,
        QueueEntry.due_at,
        QueueEntry.claimed_at,
    ).where(
        QueueEntry.site_id == site.id,
        is_real(QueueEntry.student_id),
        _within(QueueEntry.raised_at, year),
    )
    return list(db.session.execute(query))


def _participation(site: Site, year: SchoolYear) -> tuple[int, int]:
    query = select(
        func.count(Invitation.student_id.distinct()),
        func.count(Invitation.student_id.distinct()).filter(Invitation.completed_at.is_not(None)),
    ).where(
        Invitation.site_id == site.id,
        is_real(Invitation.student_id),
        _within(Invitation.created_at, year),
    )
    invited, finished = db.session.execute(query).one()
    return invited, finished


def _hours_to_claim(entries: list[Any]) -> float | None:
    """The median over who was taken on; too few are no figure."""
    waits = [
        (entry.claimed_at - entry.raised_at).total_seconds() / 3600
        for entry in entries
        if entry.claimed_at is not None
    ]
    return round(median(waits), 1) if len(waits) >= FEWEST_SHOWN else None


def _open_cases(site: Site) -> dict[str, int]:
    found = {state.value: 0 for state in CaseState if state not in ENDS}
    query = (
        select(Case.state, func.count(Case.id))
        .where(Case.site_id == site.id, Case.state.not_in(ENDS), is_real(Case.student_id))
        .group_by(Case.state)
    )
    return found | {row[0].value: row[1] for row in db.session.execute(query)}


def _ended(site: Site, year: SchoolYear) -> int:
    query = select(func.count(Case.id)).where(
        Case.site_id == site.id,
        Case.state.in_(ENDS),
        is_real(Case.student_id),
        _within(Case.closed_at, year),
    )
    return db.session.scalar(query) or 0


def _referrals(site: Site, year: SchoolYear) -> dict[str, int]:
    found = {state.value: 0 for state in ReferralState}
    query = (
        select(Referral.state, func.count(Referral.id))
        .join(Referral.case)
        .where(
            Referral.site_id == site.id,
            is_real(Case.student_id),
            _within(Referral.made_at, year),
        )
        .group_by(Referral.state)
    )
    return found | {row[0].value: row[1] for row in db.session.execute(query)}


def _within(column: Any, year: SchoolYear) -> ColumnElement[bool]:
    since, until = _midnight(year.begins_on), _midnight(year.ends_before)
    inside: ColumnElement[bool] = (column >= since) & (column < until)
    return inside


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())


def _shown(count: int, *, of: int | None = None) -> int | None:
    """A count, unless it is of a few, or leaves a few over of the whole that stands beside it."""
    is_few = count < FEWEST_SHOWN
    leaves_few = of is not None and 0 < of - count < FEWEST_SHOWN
    return None if is_few or leaves_few else count


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value
