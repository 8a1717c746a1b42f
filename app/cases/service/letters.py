"""Writes of what leaves the desk: care notices to class teachers, letters to guardians."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.errors import GuardianFearedError, NothingChosenError, StepError
from app.cases.domain.letters import NOTICE_LASTS, Ask, CarePhrase, Topic
from app.cases.domain.story import Happening
from app.cases.models import CareNotice, CareNoticeReading, Case, GuardianLetter
from app.cases.queries.guardians import guardian_is_feared
from app.cases.service.story import tell
from app.platform import audit, clock
from app.platform.db import db


def send_care_notice(*, actor: Actor, case: Case, phrases: Sequence[CarePhrase]) -> CareNotice:
    """Ask the class teachers for some care, in fixed phrases; an earlier notice ends."""
    require(actor, Permission.WORK_CASE, case)
    if case.state.is_over:
        raise StepError
    if not phrases:
        raise NothingChosenError
    now = clock.now()
    _end_notices(case)
    notice = CareNotice(
        site_id=case.site_id,
        case_id=case.id,
        student_id=case.student_id,
        cohort_id=case.student.cohort_id,
        user_id=actor.user_id,
        phrases=[phrase.value for phrase in CarePhrase if phrase in phrases],
        sent_at=now,
        expires_at=now + NOTICE_LASTS,
    )
    db.session.add(notice)
    tell(case, Happening.CARE_NOTICE_SENT, actor, phrases=len(notice.phrases))
    audit.record(actor, "send_care_notice", notice, phrases=notice.phrases)
    return notice


def withdraw_care_notice(*, actor: Actor, case: Case) -> None:
    """Take the notice back: no teacher finds it any more."""
    require(actor, Permission.WORK_CASE, case)
    if _end_notices(case):
        tell(case, Happening.CARE_NOTICE_WITHDRAWN, actor)
        audit.record(actor, "withdraw_care_notice", case)


def read_care_notice(*, actor: Actor, notice: CareNotice) -> None:
    """A class teacher has opened it: the receipt, once for each teacher."""
    require(actor, Permission.READ_CARE_NOTICES, notice)
    audit.record(actor, "read_care_notice", notice)
    if actor.user_id is not None and notice.read_at_by(actor.user_id) is None:
        reading = CareNoticeReading(user_id=actor.user_id, read_at=clock.now())
        notice.readings.append(reading)


def print_care_notice(*, actor: Actor, notice: CareNotice) -> None:
    """A notice on paper, for a teacher without a log-in; who printed it is kept."""
    require(actor, Permission.WORK_CASE, notice)
    audit.record(actor, "print_care_notice", notice)


def write_letter(
    *,
    actor: Actor,
    case: Case,
    topics: Sequence[Topic],
    asks: Sequence[Ask],
    meet_at: datetime | None,
) -> GuardianLetter:
    """A letter to the guardian in fixed phrases; none to a guardian whom the student fears."""
    require(actor, Permission.WORK_CASE, case)
    if case.state.is_over:
        raise StepError
    if guardian_is_feared(case):
        raise GuardianFearedError
    if not asks:
        raise NothingChosenError
    letter = GuardianLetter(
        site_id=case.site_id,
        case_id=case.id,
        user_id=actor.user_id,
        topics=[topic.value for topic in Topic if topic in topics],
        asks=[ask.value for ask in Ask if ask in asks],
        meet_at=meet_at,
        written_at=clock.now(),
    )
    db.session.add(letter)
    tell(case, Happening.GUARDIAN_LETTER_WRITTEN, actor)
    audit.record(actor, "write_guardian_letter", letter, asks=letter.asks)
    return letter


def take_letter(*, actor: Actor, letter: GuardianLetter, action: str) -> None:
    """See or print a letter; what was learned since it was written still holds it back."""
    require(actor, Permission.WORK_CASE, letter)
    if guardian_is_feared(letter.case):
        raise GuardianFearedError
    audit.record(actor, action, letter)


def note_receipt(
    *, actor: Actor, letter: GuardianLetter, received_on: date, wants_talk: bool
) -> None:
    """The lower part came back, signed."""
    require(actor, Permission.WORK_CASE, letter)
    letter.received_on, letter.wants_talk = received_on, wants_talk
    tell(letter.case, Happening.GUARDIAN_LETTER_RETURNED, actor, wants_talk=int(wants_talk))
    audit.record(actor, "note_letter_receipt", letter, wants_talk=wants_talk)


def _end_notices(case: Case) -> int:
    """Withdraw what stands, of earlier cases of the student too; how many there were."""
    now = clock.now()
    query = select(CareNotice).where(
        CareNotice.student_id == case.student_id,
        CareNotice.withdrawn_at.is_(None),
        CareNotice.expires_at > now,
    )
    standing = db.session.scalars(query).all()
    for notice in standing:
        notice.withdrawn_at = now
    return len(standing)
