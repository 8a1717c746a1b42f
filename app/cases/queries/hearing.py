"""What a student who shows slip and PIN may hear: whether somebody comes, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.assessments.domain import Heard
from app.cases.domain.cases import Counterpart
from app.cases.domain.queue import EntryState
from app.cases.domain.student_words import SHOWN
from app.cases.models import Case, QueueEntry, QueueEntryFlag, StudentReply
from app.platform import clock
from app.platform.db import db
from app.results.domain import FlagKind
from app.results.models import Flag


@dataclass(frozen=True)
class Hearing:
    """What became of the wish to talk; `by` is a day only while somebody is still to come."""

    heard: Heard
    by: date | None = None


def hearing_of(student_id: int) -> Hearing | None:
    """What became of the student's last wish to talk; nothing for who has not asked."""
    query = (
        select(QueueEntry, Flag)
        .join(QueueEntryFlag, QueueEntryFlag.queue_entry_id == QueueEntry.id)
        .join(Flag, Flag.id == QueueEntryFlag.flag_id)
        .where(QueueEntry.student_id == student_id, Flag.kind == FlagKind.REQUEST)
        .order_by(Flag.id.desc())
        .limit(1)
        .options(selectinload(QueueEntry.case).selectinload(Case.contacts))
    )
    found = db.session.execute(query).first()
    return _hearing(*found) if found else None


def reply_for(student_id: int) -> StudentReply | None:
    """The newest sentence that was left for the student, while it still says something."""
    today, since = clock.today(), clock.now() - SHOWN
    query = select(StudentReply).where(StudentReply.student_id == student_id)
    newest = db.session.scalar(query.order_by(StudentReply.id.desc()).limit(1))
    if newest is None:
        return None
    holds = newest.day >= today if newest.day else newest.written_at > since
    return newest if holds else None


def replies_to(student_id: int) -> Sequence[StudentReply]:
    """Every sentence that was left for the student, the newest first."""
    query = select(StudentReply).where(StudentReply.student_id == student_id)
    return db.session.scalars(query.order_by(StudentReply.id.desc())).all()


def _hearing(entry: QueueEntry, wish: Flag) -> Hearing:
    if entry.state is not EntryState.SETTLED:
        heard = Heard.SEEN if entry.seen_at else Heard.RECEIVED
        return _promise(heard, clock.local(entry.due_at).date(), is_late=entry.due_at < clock.now())
    case = entry.case
    if case is None or case.next_on is None or _has_talked(case, wish):
        return Hearing(Heard.TALKED)
    return _promise(Heard.SEEN, case.next_on, is_late=case.next_on < clock.today())


def _promise(heard: Heard, by: date, *, is_late: bool) -> Hearing:
    """A day that is past is never promised again."""
    return Hearing(Heard.LATE) if is_late else Hearing(heard, by)


def _has_talked(case: Case, wish: Flag) -> bool:
    return any(
        each.reached and each.with_whom is Counterpart.STUDENT and each.held_at >= wish.raised_at
        for each in case.contacts
    )
