"""A PIN for the slip: set while the slip is in hand, and asked for when its owner looks for a word.

Whoever has no PIN, a wrong one or an unknown code gets the page that everybody gets, after the
same work: one hash is always compared and one miss is written. Misses are counted by what was
typed as the code, so that a code that does not exist behaves like one that does.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select

from app.access.actor import sitting_actor
from app.assessments.domain import Heard, PinError, Word, WordForStudent
from app.assessments.models import PinMiss, SlipPin
from app.assessments.queries import wants_to_talk_later
from app.campaigns.models import Invitation
from app.platform import audit, clock, events
from app.platform.crypto import keyring
from app.platform.db import db
from app.platform.ids import normalise_code as code_of

#: OWASP's least for argon2id, so that a school's old machine answers at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_PIN = re.compile(r"[0-9]{4,6}")

#: Five tries a day: of ten thousand PINs a classmate who has found the slip tries hardly any.
MAX_MISSES = 5
MISS_WINDOW = timedelta(days=1)


@dataclass(frozen=True, repr=False)
class Attempt:
    """A code and a PIN as they were typed, with the hash that they are compared with."""

    code_index: bytes
    pin: str
    invitation_id: int | None
    pin_hash: str
    is_throttled: bool


def hash_pin(*, pin: str, again: str) -> str:
    """The hash of a PIN that was typed twice the same."""
    typed = _digits(pin)
    if not _PIN.fullmatch(typed) or typed != _digits(again):
        raise PinError
    return _hasher.hash(typed)


def set_pin(*, invitation: Invitation, pin_hash: str) -> None:
    """Take the PIN that the slip's owner chose; a new one replaces the old."""
    row = db.session.get(SlipPin, invitation.id) or SlipPin(invitation_id=invitation.id)
    row.pin_hash, row.set_at = pin_hash, clock.now()
    db.session.add(row)
    audit.record(sitting_actor(invitation.public_id), "set_pin", invitation)


def prepare(*, code: str, pin: str) -> Attempt:
    """Look the code up; nothing is compared yet, because comparing takes its time."""
    index = keyring().blind_index("pin_misses.code", code_of(code))
    row = db.session.scalar(
        select(SlipPin)
        .join(Invitation, Invitation.id == SlipPin.invitation_id)
        .where(Invitation.code_index == Invitation.code.look_up(Invitation, code_of(code)))
    )
    since = clock.now() - MISS_WINDOW
    misses = db.session.scalar(
        select(func.count()).where(PinMiss.code_index == index, PinMiss.at > since)
    )
    return Attempt(
        code_index=index,
        pin=_digits(pin),
        invitation_id=row.invitation_id if row else None,
        pin_hash=row.pin_hash if row else _hash_of_nobody(),
        is_throttled=(misses or 0) >= MAX_MISSES,
    )


def matches(attempt: Attempt) -> bool:
    """Whether slip and PIN belong together; takes as long for a code that does not exist."""
    try:
        fits = _hasher.verify(attempt.pin_hash, attempt.pin)
    except VerifyMismatchError:
        return False
    return fits and attempt.invitation_id is not None and not attempt.is_throttled


def remember_miss(attempt: Attempt) -> None:
    """Write a miss down without telling."""
    db.session.add(PinMiss(code_index=attempt.code_index, at=clock.now()))


def owner_of(attempt: Attempt) -> Invitation:
    """The slip that slip code and PIN have opened."""
    return db.session.get_one(Invitation, attempt.invitation_id)


def word_for(invitation: Invitation) -> Word | None:
    """What the owner of the slip may read; nothing for who has asked for nothing."""
    audit.record(sitting_actor(invitation.public_id), "open_word", invitation)
    words: list[Word] = events.ask(WordForStudent(invitation.student_id))
    if words:
        return words[0]
    return Word(heard=Heard.LATER) if wants_to_talk_later(invitation.student_id) else None


def _digits(typed: str) -> str:
    """As typed, with full-width digits folded and blanks left out."""
    return "".join(unicodedata.normalize("NFKC", typed).split())


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash(secrets.token_hex())
