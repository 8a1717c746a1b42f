"""Whose answers a sitting's are: detached, given to who really answered, or given back.

Nothing is deleted and nothing rewritten: each step adds a row with who said it and why. Flags,
alerts and entries of the queue stay where they are; who really answered gets an entry of their own.
"""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.assessments.domain import AssessmentState, AttributionKind
from app.assessments.models import Assessment, Attribution
from app.assessments.queries import newest_attributions
from app.campaigns.models import Invitation
from app.people.models import Student
from app.platform import audit, clock, events
from app.platform.db import db, only
from app.results.domain import NothingToReturnError, SittingGiven, WrongStudentError
from app.results.evidence import Checked
from app.results.models import MixUpReport, SwapDismissal
from app.results.queries import latest_of_sitting
from app.results.service.scores import score


def detach(*, actor: Actor, sitting: Assessment, reason: str) -> None:
    """Not answered by the student on the slip, nobody knows by whom: it counts for nobody."""
    said = _hold(actor, sitting)
    if said is not None and said.student_id is None and said.user_id is not None:
        return
    _say(actor, sitting, AttributionKind.DETACHED, None, reason)
    audit.record(actor, "detach_sitting", sitting)


def give(*, actor: Actor, sitting: Assessment, student: Student, reason: str) -> None:
    """This other student answered: from now on it counts for them, with their age and sex."""
    _hold(actor, sitting)
    if student.site_id != sitting.site_id or student.id == sitting.student_id:
        raise WrongStudentError
    _say(actor, sitting, AttributionKind.GIVEN, student.id, reason)
    _score_again(sitting)
    events.publish(SittingGiven(sitting.id, student.id))
    audit.record(actor, "give_sitting", sitting, student=student.public_id)


def give_back(*, actor: Actor, sitting: Assessment, reason: str) -> None:
    """The student on the slip answered after all."""
    if _hold(actor, sitting) is None:
        raise NothingToReturnError
    _say(actor, sitting, AttributionKind.RETURNED, sitting.student_id, reason)
    _score_again(sitting)
    audit.record(actor, "return_sitting", sitting)


def exchange(*, actor: Actor, one: Assessment, other: Assessment, reason: str) -> None:
    """Two students had each other's slip: each sitting counts for the other."""
    first, second = sorted((one, other), key=lambda sitting: sitting.id)  # locks in one order
    if first.student is None or second.student is None or one.campaign_id != other.campaign_id:
        raise WrongStudentError
    give(actor=actor, sitting=first, student=second.student, reason=reason)
    give(actor=actor, sitting=second, student=first.student, reason=reason)


def dismiss(
    *, actor: Actor, checked: Checked, one: Assessment, other: Assessment, why: str
) -> None:
    """Somebody has looked at a pair of the check: no swap. It moves nobody's answers."""
    for sitting in (one, other):
        require(actor, Permission.RIGHT_SITTINGS, sitting)
    ids = tuple(sorted((one.id, other.id)))
    pair = next((each for each in checked.check.pairs if checked.ids(each) == ids), None)
    if pair is None:
        raise WrongStudentError
    dismissal = SwapDismissal(
        site_id=one.site_id,
        campaign_id=one.campaign_id,
        one_id=ids[0],
        other_id=ids[1],
        reasons=[str(reason) for reason in pair.reasons],
        user_id=actor.user_id,
        at=clock.now(),
        why=why,
    )
    db.session.add(dismissal)
    db.session.flush()
    audit.record(actor, "dismiss_swap", dismissal, reasons=dismissal.reasons)


def report_mix_up(*, actor: Actor, slip: Invitation, other: Student | None) -> None:
    """Somebody saw a slip in other hands; a counsellor reads it beside the swap check."""
    require(actor, Permission.REPORT_MIX_UP, slip)
    report = MixUpReport(
        site_id=slip.site_id,
        campaign_id=slip.campaign_id,
        student_id=slip.student_id,
        other_id=other.id if other else None,
        user_id=actor.user_id,
        at=clock.now(),
    )
    db.session.add(report)
    audit.record(actor, "report_mix_up", report)


def _hold(actor: Actor, sitting: Assessment) -> Attribution | None:
    """Check, let who decides at the same moment wait, and see what counts so far."""
    require(actor, Permission.RIGHT_SITTINGS, sitting)
    if sitting.student_id is None:
        raise WrongStudentError
    db.session.refresh(sitting, with_for_update=only(Assessment))
    return newest_attributions([sitting.id]).get(sitting.id)


def _say(
    actor: Actor, sitting: Assessment, kind: AttributionKind, student_id: int | None, reason: str
) -> None:
    said = Attribution(
        site_id=sitting.site_id,
        assessment_id=sitting.id,
        kind=kind,
        student_id=student_id,
        user_id=actor.user_id,
        at=clock.now(),
        reason=reason,
    )
    db.session.add(said)
    db.session.flush()


def _score_again(sitting: Assessment) -> None:
    """Norms go by sex and age; a disputed sitting was not scored at all until now."""
    if sitting.state is AssessmentState.DISPUTED or latest_of_sitting(sitting.id):
        score(assessment_id=sitting.id)
