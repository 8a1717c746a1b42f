"""Writes of the guardian step: each answer asks something else of the school."""

from dataclasses import dataclass
from datetime import date, datetime

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.cases import Modality, is_acute
from app.cases.domain.errors import ContactTimeError, GuardianFieldError, NoFearError
from app.cases.domain.guardians import OF_FEAR, GuardianAnswer, PaperForm, review_by
from app.cases.domain.story import Happening
from app.cases.models import Case, GuardianStep
from app.cases.queries.guardians import guardian_is_feared, owed_reports
from app.cases.service.cases import bring_forward, require_open
from app.cases.service.story import tell
from app.people.models import Guardian
from app.platform import audit, clock
from app.platform.db import db


@dataclass(frozen=True, repr=False)
class Refusal:
    """A second talk by two of staff, the paper, and what keeps the student safe in school."""

    second_staff: str
    paper: PaperForm
    witness: str
    safety_plan: str


@dataclass(frozen=True, repr=False)
class Report:
    """To whom a feared source was reported, and when."""

    to: str
    at: datetime


def record_guardian_step(
    *,
    actor: Actor,
    case: Case,
    answer: GuardianAnswer,
    at: datetime,
    spoken_by: str,
    said: str,
    means: Modality | None = None,
    guardian: Guardian | None = None,
    refusal: Refusal | None = None,
    next_try_on: date | None = None,
    report: Report | None = None,
) -> GuardianStep:
    """Write down what a guardian answered, or why nobody asked; the next date follows."""
    require(actor, Permission.WORK_CASE, case)
    require_open(case)
    if at > clock.now():
        raise ContactTimeError
    _require_what_the_answer_asks(case, answer, refusal, next_try_on, report)
    step = GuardianStep(
        site_id=case.site_id,
        case_id=case.id,
        guardian_id=guardian.id if guardian else None,
        user_id=actor.user_id,
        answer=answer,
        means=means,
        at=at,
        recorded_at=clock.now(),
        spoken_by=spoken_by,
        said=said,
        next_try_on=next_try_on if answer is GuardianAnswer.UNREACHABLE else None,
    )
    if answer is GuardianAnswer.REFUSES and refusal:
        step.second_staff, step.paper = refusal.second_staff, refusal.paper
        step.witness, step.safety_plan = refusal.witness, refusal.safety_plan
    if answer in OF_FEAR and report:
        step.reported_to, step.reported_at = report.to, report.at
    db.session.add(step)
    _bring_forward(case, step)
    tell(case, Happening.GUARDIAN_STEP, actor, answer=answer.value)
    audit.record(actor, "record_guardian_step", step, answer=answer.value)
    return step


def note_fear(*, actor: Actor, case: Case) -> None:
    """What a student confided in an interview: nothing goes home from now on.

    The report that the law asks for is still owed, and stands in the case until it is written.
    """
    require(actor, Permission.WORK_CASE, case)
    if guardian_is_feared(case):
        return
    now = clock.now()
    step = GuardianStep(
        site_id=case.site_id,
        case_id=case.id,
        user_id=actor.user_id,
        answer=GuardianAnswer.FEARED_SOURCE,
        at=now,
        recorded_at=now,
    )
    db.session.add(step)
    bring_forward(case, clock.today())
    tell(case, Happening.GUARDIAN_STEP, actor, answer=step.answer.value)
    audit.record(actor, "note_fear", step)


def _bring_forward(case: Case, step: GuardianStep) -> None:
    review = review_by(step.answer, case.risk_level, today=clock.today())
    for day in (review, step.next_try_on):
        if day is not None:
            bring_forward(case, day)


def _require_what_the_answer_asks(
    case: Case,
    answer: GuardianAnswer,
    refusal: Refusal | None,
    next_try_on: date | None,
    report: Report | None,
) -> None:
    """A refusal at the highest levels is never one talk by one person; a fear is reported."""
    if answer is GuardianAnswer.REFUSES and is_acute(case.risk_level):
        _require_whole(refusal)
    if answer is GuardianAnswer.UNREACHABLE and (
        next_try_on is None or next_try_on < clock.today()
    ):
        raise GuardianFieldError("next_try_on")
    if answer is GuardianAnswer.FEARED_SOURCE:
        _require_report(report)
    if answer is GuardianAnswer.FEAR_LIFTED:
        if not guardian_is_feared(case):
            raise NoFearError
        if report is not None or owed_reports(case.student_id):
            _require_report(report)


def _require_report(report: Report | None) -> None:
    """A fear is not lifted either while the report that the law asks for is owed."""
    if report is None or not report.to:
        raise GuardianFieldError("reported_to")
    if report.at > clock.now():
        raise GuardianFieldError("reported_at")


def _require_whole(refusal: Refusal | None) -> None:
    if refusal is None or not refusal.second_staff:
        raise GuardianFieldError("second_staff")
    if not refusal.witness and refusal.paper is PaperForm.REFUSED_TO_SIGN:
        raise GuardianFieldError("witness")
    if not refusal.safety_plan:
        raise GuardianFieldError("safety_plan")
