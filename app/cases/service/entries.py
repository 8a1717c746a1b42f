"""What flags and reports make of an entry of the queue: rows without objects.

Every flagged answer comes through here, while the student waits for the next page. What a person
does to an entry goes by the object of the mapper.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, exists, insert, select

from app.assessments.models import Assessment
from app.cases.domain.queue import EntryNow
from app.cases.models import QueueEntry, QueueEntryFlag, QueueEntryReport
from app.cases.queries.cases import open_case_id_of
from app.observations.models import ObservationReport
from app.platform import clock, ids
from app.platform.db import db
from app.platform.rows import add_row, change_row, forget
from app.triage.domain import Proposal, RiskLevel, lane_weight

_PAIR = bindparam("entry", type_=Integer), bindparam("flag", type_=Integer)
_STANDS = exists().where(
    QueueEntryFlag.queue_entry_id == _PAIR[0], QueueEntryFlag.flag_id == _PAIR[1]
)
_LINK_FLAG = insert(QueueEntryFlag).from_select(
    ["queue_entry_id", "flag_id"], select(*_PAIR).where(~_STANDS)
)


class Place(NamedTuple):
    """Where somebody waits: what an entry is opened with before the rules are asked."""

    site_id: int
    student_id: int | None
    cohort_id: int | None
    campaign_id: int | None = None
    assessment_id: int | None = None
    observer_id: int | None = None

    @classmethod
    def of(cls, sitting: Assessment, student_id: int | None) -> "Place":
        """Flagged in a sitting, whoever answered it."""
        return cls(
            site_id=sitting.site_id,
            student_id=student_id,
            cohort_id=sitting.cohort_id,
            campaign_id=sitting.campaign_id,
            assessment_id=sitting.id,
        )

    @classmethod
    def of_report(cls, report: ObservationReport) -> "Place":
        """Noticed at school, or an observer who asks for a talk."""
        if report.student is None:
            return cls(report.site_id, None, None, observer_id=report.reporter_id)
        return cls(report.site_id, report.student_id, report.student.cohort_id)


def new_entry(place: Place, proposal: Proposal, *, is_asked_for: bool) -> EntryNow:
    """Open an entry by what the rules propose."""
    known = {
        **place._asdict(),
        **_suggestion(proposal),
        **_level(proposal.risk_level),
        "public_id": ids.new_public_id(),
        "case_id": open_case_id_of(place.student_id),
        "is_asked_for": is_asked_for,
        "lane": proposal.lane,
        "due_at": proposal.due_at,
        "channel": proposal.channel,
    }
    cohort_id, observer_id = known.pop("cohort_id"), known.pop("observer_id")
    row = {**known, "observer_id": observer_id, "raised_at": clock.now()}
    return EntryNow(id=add_row(QueueEntry, row), cohort_id=cohort_id, **known)


def join_sitting(
    entry: EntryNow, sitting: Assessment, proposal: Proposal, *, is_asked_for: bool
) -> EntryNow:
    """Let the open entry stand for what a sitting says too."""
    now = _sharpened(entry, proposal)._replace(
        case_id=entry.case_id or entry.open_case_id,
        is_asked_for=entry.is_asked_for or is_asked_for,
    )
    if entry.assessment_id is None:  # until now a report alone
        now = now._replace(
            campaign_id=sitting.campaign_id,
            assessment_id=sitting.id,
            cohort_id=sitting.cohort_id,
        )
    return _keep(entry, now)


def join_report(entry: EntryNow, proposal: Proposal) -> EntryNow:
    """Let the open entry stand for what a report says too."""
    return _keep(entry, _sharpened(entry, proposal))


def link_flags(entry: EntryNow, flag_ids: Iterable[int]) -> None:
    """Let the entry stand for these flags too, if it does not yet: one may have become urgent."""
    rows = [{"entry": entry.id, "flag": each} for each in flag_ids]
    db.session.connection().execute(_LINK_FLAG, rows)


def link_report(entry: EntryNow, report_id: int) -> None:
    """Let the entry stand for this report too."""
    add_row(QueueEntryReport, {"queue_entry_id": entry.id, "report_id": report_id})


def _sharpened(entry: EntryNow, proposal: Proposal) -> EntryNow:
    """New flags may make an entry more urgent, never less; its due time never moves back.

    A person's level is raised by what is more urgent than it, and never lowered.
    """
    standing = entry.proposed_level.urgency, lane_weight(entry.lane)
    is_more_urgent = proposal.risk_level.urgency > entry.urgency
    if proposal.weight > standing or (is_more_urgent and proposal.weight == standing):
        entry = entry._replace(**_suggestion(proposal))
    if is_more_urgent:
        entry = entry._replace(**_level(proposal.risk_level))
    return entry._replace(
        channel=max(entry.channel, proposal.channel, key=lambda way: way.closeness),
        lane=max(entry.lane, proposal.lane, key=lane_weight),
        due_at=min(entry.due_at, proposal.due_at),
    )


def _keep(before: EntryNow, now: EntryNow) -> EntryNow:
    """Store what has become different; whoever has the object of the entry reads it anew."""
    forget(QueueEntry, before.id)
    changes = now.changes_since(before)
    if not changes:
        return now
    now = now._replace(version=before.version + 1)
    change_row(QueueEntry, before.id, **changes, version=now.version)
    return now


def _suggestion(proposal: Proposal) -> dict[str, Any]:
    """What the rules propose, and which rules they were."""
    return {
        "proposed_level": proposal.risk_level,
        "rule": proposal.rule,
        "rules_version": proposal.version,
        "reasons": dict(proposal.reasons),
    }


def _level(level: RiskLevel) -> dict[str, Any]:
    """The level that counts, with the copy by which the queue is sorted."""
    return {"risk_level": level, "urgency": level.urgency}
