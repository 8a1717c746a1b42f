"""A sitting begins, is agreed to, declined, finished, or closed when its time is over."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm.attributes import set_committed_value

from app.access.actor import SYSTEM, Actor, sitting_actor
from app.assessments import queries
from app.assessments.domain import (
    CLOSING,
    TICKET_LASTS,
    Answer,
    AssessmentDisowned,
    AssessmentState,
    AssessmentSubmitted,
    AttributionKind,
    ClassWaitsError,
    Mode,
    NobodyOnDutyError,
    ResponsesStored,
    SittingOverError,
    TalkRequested,
)
from app.assessments.given import Given, Stored
from app.assessments.models import Assessment, Attribution, Response
from app.assessments.queries import rests
from app.assessments.service.responses import Kept, add_responses
from app.campaigns.domain import CampaignKind
from app.campaigns.doors import OpenDoor
from app.campaigns.models import Invitation, OpenLink
from app.campaigns.service import (
    has_begun,
    must_wait,
    note_disowned,
    note_finished,
    note_started,
)
from app.people.domain import ConsentStatus, age_for_consent, needs_consent
from app.people.models import Site, Student
from app.people.queries import latest_consent
from app.platform import audit, clock, events
from app.platform.db import db, hold_row, only
from app.platform.rows import change_at_once, store_at_once

ADULT = 18


def start(
    *,
    invitation: Invitation | None = None,
    open_link: OpenDoor | OpenLink | None = None,
    mode: Mode,
    locale: str,
    seat: int | None = None,
    ticket: str | None = None,
    agreed: bool = False,
) -> tuple[Assessment, str]:
    """Begin a sitting, or go on with the slip's own; returned with the ticket that opens it.

    A visitor of an open link brings the ticket of the page and has `agreed` on it already.
    """
    ticket = ticket or secrets.token_urlsafe(32)
    door = invitation or open_link
    if door is None:
        raise ValueError("a sitting begins at a slip or an open link")
    assessment = _unfinished(invitation) if invitation else None
    if invitation and assessment is None:
        _refuse_while_pausing(invitation)
        if mode is Mode.PHONE:
            _refuse_unattended(invitation)
    assessment = assessment or _new(door, mode, locale)
    assessment.ticket_hash = queries.ticket_hash(ticket)
    assessment.seat = seat
    if agreed:
        assent(assessment=assessment)
    if assessment.id is None:
        assessment = _begin(assessment)
    return assessment, ticket


def assent(*, assessment: Assessment) -> None:
    """The student agrees."""
    assessment.assented_at = assessment.assented_at or clock.now()


def decline(*, assessment: Assessment) -> None:
    """The student would rather not; to everybody else this looks like having finished.

    What another device has handed in meanwhile stands.
    """
    hold_row(Assessment, assessment.id)
    if assessment.state is AssessmentState.SUBMITTED:
        return
    _finish(assessment, AssessmentState.DECLINED)
    audit.record(_actor(assessment), "decline_assessment", assessment)


def submit(
    *, assessment: Assessment, answers: Sequence[Answer] = (), stored: Stored | None = None
) -> None:
    """The student is done: everything downstream hears of it in this transaction.

    The last `answers` are stored with it, so that one look finds what they and the scores say.
    """
    # Pressed twice at once: the later waits, and finds that it was handed in.
    if hold_row(Assessment, assessment.id):
        stored = None  # it was read before the wait
    if assessment.state is AssessmentState.SUBMITTED:
        return
    _, new = add_responses(assessment=assessment, answers=answers, stored=stored)
    is_first = assessment.state is AssessmentState.STARTED
    _finish(assessment, AssessmentState.SUBMITTED)
    if not assessment.neutral:
        given = _merged(assessment, stored, new)
        events.publish(AssessmentSubmitted(assessment.id, tuple(new), given, is_first))
    elif new:
        events.publish(ResponsesStored(assessment.id, tuple(new)))
    # Last, because the chain holds every writer up until the commit: who waits for the queue's
    # rows must not hold it yet.
    audit.record(_actor(assessment), "submit_assessment", assessment)


def disown(*, assessment: Assessment) -> None:
    """这不是我的, pressed midway: the sitting ends, its answers stay and count for nobody.

    Pressed twice is said once. The slip rests until staff have freed it.
    """
    db.session.refresh(assessment, with_for_update=only(Assessment))
    if assessment.state not in {AssessmentState.STARTED, AssessmentState.EXPIRED}:
        return
    assessment.state = AssessmentState.DISPUTED
    assessment.finished_at = clock.now()
    if assessment.invitation:
        note_disowned(assessment.invitation)
    said = Attribution(
        site_id=assessment.site_id,
        assessment_id=assessment.id,
        kind=AttributionKind.DISOWNED,
        at=clock.now(),
    )
    db.session.add(said)
    db.session.flush()
    events.publish(AssessmentDisowned(assessment.id))
    audit.record(_actor(assessment), "disown_sitting", assessment)


def request_talk(*, assessment: Assessment) -> None:
    """我想找人聊聊: only the counsellor on duty learns of it."""
    # Pressed twice is asked once.
    db.session.refresh(assessment, with_for_update=only(Assessment))
    events.publish(TalkRequested(assessment.id))
    audit.record(_actor(assessment), "request_talk", assessment)


def expire_campaign(*, campaign_id: int) -> int:
    """Close the sittings under way of a campaign that closes; later answers still count."""
    return _expire(queries.under_way(campaign_id=campaign_id))


def expire_overdue(*, now: datetime) -> int:
    """Close the sittings whose tickets have run out."""
    return _expire(queries.under_way(before=now - TICKET_LASTS))


def needs_neutral(student: Student) -> bool:
    """Whether a guardian's consent is needed and missing, or a guardian of a minor has said no."""
    age = age_for_consent(student.birth_date, student.cohort.grade, clock.today())
    consent = latest_consent(student)
    given = consent is not None and consent.status is ConsentStatus.GIVEN
    if needs_consent(age, student.site.consent_age):
        return not given
    return consent is not None and not given and age < ADULT


def _unfinished(invitation: Invitation) -> Assessment | None:
    # The sitting, then its slip: the order of who hands it in at the same moment.
    assessment = queries.latest_sitting(invitation)
    if assessment is not None:
        hold_row(Assessment, assessment.id)
    # Two devices may press at once: the slip is held until the first has its sitting.
    is_later = hold_row(Invitation, invitation.id)
    if invitation.finished_at is not None:
        raise SittingOverError
    if is_later and not _goes_on(assessment):
        assessment = queries.latest_sitting(invitation)
    return assessment if _goes_on(assessment) else None


def _goes_on(assessment: Assessment | None) -> bool:
    return assessment is not None and assessment.state in queries.GOES_ON


def _refuse_while_pausing(invitation: Invitation) -> None:
    """Hold back a class that nobody has begun; follow-ups and drills are no classes."""
    is_lesson = invitation.campaign.kind is CampaignKind.SCREENING
    if not is_lesson or has_begun(invitation):
        return
    if must_wait(invitation.campaign_id, invitation.site_id, invitation.cohort_id):
        raise ClassWaitsError


def _refuse_unattended(invitation: Invitation) -> None:
    """Let nobody begin alone while nobody answers for the school; who has begun goes on."""
    resting = rests(invitation)
    if resting is not None:
        raise NobodyOnDutyError(resting.until)


def _new(door: Invitation | OpenDoor | OpenLink, mode: Mode, locale: str) -> Assessment:
    assessment = Assessment(
        campaign_id=door.campaign_id,
        site_id=door.site_id,
        state=AssessmentState.STARTED,
        mode=mode,
        locale=locale,
        neutral=False,
        started_at=clock.now(),
    )
    if isinstance(door, Invitation):
        # They are at hand: nobody need look them up by their ids.
        for name, row in (("campaign", door.campaign), ("site", door.site), ("invitation", door)):
            set_committed_value(assessment, name, row)
        assessment.invitation_id = door.id
        assessment.cohort_id = door.cohort_id
        assessment.student_id = door.student_id
        assessment.neutral = needs_neutral(door.student)
    else:
        assessment.open_link_id = door.id
    return assessment


def _begin(assessment: Assessment) -> Assessment:
    if assessment.open_link_id is not None:
        # The same request may call for somebody, for which the school is held, and the log is
        # locked last everywhere. Meanwhile another answer of this visit may have begun it.
        is_later = hold_row(Site, assessment.site_id)
        if is_later and (begun := _begun_meanwhile(assessment)):
            return begun
    store_at_once(assessment)
    if assessment.invitation:
        note_started(assessment.invitation)
    audit.record(_actor(assessment), "start_assessment", assessment, mode=assessment.mode.value)
    return assessment


def _begun_meanwhile(assessment: Assessment) -> Assessment | None:
    query = select(Assessment).where(Assessment.ticket_hash == assessment.ticket_hash)
    return db.session.scalar(query)


def _merged(
    assessment: Assessment, stored: Stored | None, new: Sequence[Kept]
) -> dict[str, dict[str, Given | Kept]] | None:
    """What was answered in all; where branches were left it has to be read."""
    if stored is None or queries.plan_for(assessment).branches:
        return None
    given: dict[str, dict[str, Given | Kept]] = {code: {**its} for code, its in stored.items()}
    for row in new:
        given.setdefault(row.instrument_code, {})[row.item_code] = row
    return given


def _finish(assessment: Assessment, state: AssessmentState) -> None:
    change_at_once(assessment, state=state, finished_at=clock.now())
    if assessment.invitation:
        note_finished(assessment.invitation)


def _expire(sittings: Sequence[Assessment]) -> int:
    for assessment in sittings:
        assessment.state = AssessmentState.EXPIRED
        assessment.finished_at = clock.now()
        audit.record(SYSTEM, "expire_assessment", assessment)
        if _has_answers(assessment):
            events.publish(AssessmentSubmitted(assessment.id))
    return len(sittings)


def _has_answers(assessment: Assessment) -> bool:
    answers = exists().where(
        Response.assessment_id == assessment.id, Response.instrument_code != CLOSING
    )
    return bool(db.session.scalar(select(answers)))


def _actor(assessment: Assessment) -> Actor:
    return sitting_actor(assessment.public_id)
