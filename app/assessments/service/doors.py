"""A slip leads in: it is found, its owner shows to be that, and misses are counted."""

import hmac
import re
import unicodedata
from datetime import date, timedelta

from sqlalchemy import func, select

from app.assessments.domain import AssessmentState
from app.assessments.models import EntryMiss
from app.assessments.queries import latest_sitting
from app.campaigns.domain import MAX_CHECK_MISSES
from app.campaigns.models import Invitation
from app.campaigns.queries import open_invitation_by_code, open_invitation_by_token
from app.campaigns.service import note_check_missed
from app.people.models import Student
from app.platform import clock
from app.platform.crypto import keyring
from app.platform.db import db

#: Ten wrong tries a minute: a class behind one address mistypes far less, a guesser gets nowhere.
MISS_WINDOW = timedelta(minutes=10)
MAX_MISSES = 100
#: Wrong tries from everywhere in that time, up to which a right code opens also beside a guesser.
MAX_MISSES_IN_ALL = 10_000
DIGITS_OF_NUMBER = 2


class TooManyMissesError(Exception):
    """This address has tried too many codes that do not exist."""


def find_slip(*, token: str = "", code: str = "", address: str) -> Invitation | None:
    """The invitation that can be begun with this token or code; a miss is counted.

    Only typed codes wait: nobody guesses a token of 128 bits. And of those only wrong ones, as long
    as all guessers together have no chance: a class is not shut out by the one beside it.
    """
    if token:
        found, is_throttled = open_invitation_by_token(token), False
    else:
        is_throttled = _misses(address) >= MAX_MISSES
        if is_throttled and _misses() >= MAX_MISSES_IN_ALL:
            raise TooManyMissesError
        found = open_invitation_by_code(code)
    if found is None:
        count_miss(address)
        if is_throttled:
            raise TooManyMissesError
    return found


def is_locked(invitation: Invitation) -> bool:
    """Whether the slip waits for the proctor: after three misses, or disowned midway."""
    return invitation.check_misses >= MAX_CHECK_MISSES or is_disputed(invitation)


def is_disputed(invitation: Invitation) -> bool:
    """Whether somebody stopped midway with this slip, and nobody has freed it since."""
    if invitation.disowned_at is None:
        return False
    sitting = latest_sitting(invitation)
    return sitting is not None and sitting.state is AssessmentState.DISPUTED


def asks_birthday(invitation: Invitation) -> bool:
    """Whether the check is the birthday; otherwise it is the end of the student number."""
    return invitation.student.birth_date_sealed is not None


def check(*, invitation: Invitation, said: str) -> bool:
    """Whether what was typed is the owner's; three wrong answers lock the slip.

    An empty field, or no date where a birthday is asked, tells nobody anything and is no answer: a
    tap too many locks no slip.
    """
    if is_locked(invitation):
        return False
    typed = unicodedata.normalize("NFKC", said).strip()
    if _is_owner(invitation.student, typed):
        return True
    if _could_be_right(invitation.student, typed):
        note_check_missed(invitation)
        db.session.refresh(invitation)
    return False


def last_digits(student: Student) -> str:
    """The end of the student number, by which the owner recognises the slip."""
    return (student.student_no or "")[-DIGITS_OF_NUMBER:]


def _could_be_right(student: Student, typed: str) -> bool:
    return _date(typed) is not None if student.birth_date is not None else bool(typed)


def _is_owner(student: Student, typed: str) -> bool:
    if student.birth_date is not None:
        return _date(typed) == student.birth_date
    return hmac.compare_digest(typed.casefold().encode(), last_digits(student).casefold().encode())


def _date(typed: str) -> date | None:
    """A birthday as people write it: 20120520, 2012-5-20, 2012.05.20, 2012年5月20日."""
    parts = re.findall(r"\d+", typed)
    if len(parts) == 1 and len(parts[0]) == len("20120520"):
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    try:
        year, month, day = map(int, parts)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def count_miss(address: str) -> None:
    """Something that leads nowhere was tried from here."""
    db.session.add(EntryMiss(address_index=_index(address), at=clock.now()))


def refuse_when_throttled(address: str) -> None:
    """Let who has tried too much wait; every door without a log-in counts together."""
    if _misses(address) >= MAX_MISSES:
        raise TooManyMissesError


def _misses(address: str | None = None) -> int:
    """How often something was tried lately that leads nowhere, from one address or in all."""
    query = select(func.count()).where(EntryMiss.at > clock.now() - MISS_WINDOW)
    if address is not None:
        query = query.where(EntryMiss.address_index == _index(address))
    return db.session.scalar(query) or 0


def _index(address: str) -> bytes:
    return keyring().blind_index("entry_misses.address", address)
