"""Writes of conferences: held with others, with a decision and agreed actions."""

from collections.abc import Sequence
from datetime import date

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.conferences import FEWEST, Agreed, MeetingDateError, TooFewError
from app.cases.domain.errors import StepError
from app.cases.domain.story import Happening
from app.cases.models import Case, Conference, ConferenceAction
from app.cases.service.story import tell
from app.people.models import User
from app.platform import audit, clock
from app.platform.db import db


def record_conference(
    *,
    actor: Actor,
    case: Case,
    held_on: date,
    members: Sequence[User],
    guests: str,
    question: str,
    decision: str,
    agreed: Sequence[Agreed],
) -> Conference:
    """Write down who conferred about the case, what was decided, and who does what by when."""
    require(actor, Permission.WORK_CASE, case)
    if case.state.is_over:
        raise StepError
    if held_on > clock.today():
        raise MeetingDateError
    if len(members) + bool(guests) < FEWEST:
        raise TooFewError
    conference = Conference(
        site_id=case.site_id,
        case_id=case.id,
        held_on=held_on,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
        question=question,
        decision=decision,
        guests=guests or None,
        members=list(members),
    )
    conference.actions = [
        ConferenceAction(site_id=case.site_id, who=one.who, what=one.what, due_on=one.due_on)
        for one in agreed
    ]
    db.session.add(conference)
    tell(case, Happening.CONFERRED, actor, people=len(members), actions=len(agreed))
    audit.record(actor, "record_conference", conference, people=len(members), actions=len(agreed))
    return conference


def finish_action(*, actor: Actor, action: ConferenceAction) -> None:
    """What was agreed is done; saying so twice changes nothing."""
    require(actor, Permission.WORK_CASE, action)
    if action.done_at is not None:
        return
    action.done_at, action.done_by_id = clock.now(), actor.user_id
    audit.record(actor, "finish_action", action)
