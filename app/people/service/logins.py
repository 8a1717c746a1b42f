"""Log-ins: a password is checked, a session row is opened, and either can be ended from here."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select, update

from app.access.actor import Actor, ActorKind
from app.access.permissions import Role
from app.config import Settings
from app.people.models import LoginAttempt, LoginSession, User
from app.platform import audit, clock
from app.platform.crypto import keyring
from app.platform.db import db

MAX_MISSES_PER_LOGIN = 5
# One address may be a whole school behind one router: it gets far more tries than one account.
MAX_MISSES_PER_ADDRESS = 100
MISS_WINDOW = timedelta(minutes=15)

_hasher = PasswordHasher()


class LoginRefusedError(Exception):
    """Wrong login or password, a closed account, or a demo account from another machine."""


class LoginThrottledError(Exception):
    """Too many misses; wait for the window to pass."""


@dataclass(frozen=True)
class Ticket:
    """What the browser keeps of a log-in."""

    token: str
    user: User


def hash_password(password: str) -> str:
    """An argon2id hash."""
    return _hasher.hash(password)


def log_in(*, login: str, password: str, address: str, on_loopback: bool) -> Ticket:
    """Open a session in the person's first role, or say no without saying why."""
    _refuse_when_throttled(login, address)
    user = db.session.scalar(select(User).where(User.login == login))
    if not _is_password_of(user, password) or user is None or not _may_log_in(user, on_loopback):
        _remember_miss(login, address)
        raise LoginRefusedError
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
    return _open_session(user)


def log_out(*, token: str, actor: Actor) -> None:
    """End the session on the server too."""
    session = find_session(token)
    if session:
        session.ended_at = clock.now()
        audit.record(actor, "log_out", session.user)


def act_as(*, token: str, actor: Actor, role: Role) -> None:
    """Go on in another of the person's roles; a role that is not theirs changes nothing."""
    session = find_session(token)
    if session and any(held.role is role for held in session.user.assignments):
        session.role = role
        audit.record(actor, "act_as", session.user, role=role.value)


def change_password(*, actor: Actor, token: str, old: str, new: str) -> None:
    """Take the person's own choice; sessions opened with the old password end."""
    session = find_session(token)
    if session is None or not _is_password_of(session.user, old):
        raise LoginRefusedError
    session.user.password_hash = hash_password(new)
    session.user.must_change_password = False
    end_sessions(session.user, keep=session)
    audit.record(actor, "change_password", session.user)


def end_sessions(user: User, *, keep: LoginSession | None = None) -> None:
    """End the person's sessions everywhere, but for the one to keep."""
    query = update(LoginSession).where(
        LoginSession.user_id == user.id,
        LoginSession.ended_at.is_(None),
        LoginSession.id != (keep.id if keep else 0),
    )
    db.session.execute(query.values(ended_at=clock.now()))


def find_session(token: str) -> LoginSession | None:
    """The live or ended session behind a cookie's token."""
    if not token:  # students and visitors have none: no need to ask the database
        return None
    return db.session.scalar(select(LoginSession).where(LoginSession.token_hash == _hash(token)))


def is_live(session: LoginSession, settings: Settings) -> bool:
    """Not ended, not idle too long, not older than a working day, and the account still open."""
    now = clock.now()
    return (
        session.ended_at is None
        and session.user.active
        and now - session.seen_at < timedelta(minutes=settings.session_idle_minutes)
        and now - session.created_at < timedelta(hours=settings.session_hours)
    )


def touch(session: LoginSession) -> None:
    """Remember that the person is still there."""
    session.seen_at = clock.now()


def actor_of(user: User, role: Role) -> Actor:
    """The person in one of their roles, with the places that role covers."""
    held = [assignment for assignment in user.assignments if assignment.role is role]
    return Actor(
        kind=ActorKind.USER,
        ref=user.public_id,
        role=role,
        user_id=user.id,
        # Who is bound to a class must not reach its whole site.
        site_ids=frozenset(a.site_id for a in held if a.site_id and a.cohort_id is None),
        cohort_ids=frozenset(a.cohort_id for a in held if a.cohort_id is not None),
        everywhere=any(a.site_id is None and a.cohort_id is None for a in held),
    )


def _open_session(user: User) -> Ticket:
    token = secrets.token_urlsafe(32)
    role = user.assignments[0].role
    now = clock.now()
    db.session.add(
        LoginSession(
            token_hash=_hash(token), user_id=user.id, role=role, created_at=now, seen_at=now
        )
    )
    audit.record(actor_of(user, role), "log_in", user)
    return Ticket(token, user)


def _is_password_of(user: User | None, password: str) -> bool:
    nobody = _hash_of_nobody()
    try:
        return _hasher.verify(user.password_hash if user else nobody, password) and bool(user)
    except VerifyMismatchError:
        return False


@cache
def _hash_of_nobody() -> str:
    """Verified against when the login does not exist, so that both answers take the same time."""
    return _hasher.hash(secrets.token_hex())


def _may_log_in(user: User, on_loopback: bool) -> bool:
    return user.active and bool(user.assignments) and (on_loopback or not user.is_demo)


def _refuse_when_throttled(login: str, address: str) -> None:
    since = clock.now() - MISS_WINDOW
    for column, value, limit in (
        (LoginAttempt.login_index, _index("login", login), MAX_MISSES_PER_LOGIN),
        (LoginAttempt.address_index, _index("address", address), MAX_MISSES_PER_ADDRESS),
    ):
        misses = db.session.scalar(
            select(func.count()).where(column == value, LoginAttempt.at > since)
        )
        if (misses or 0) >= limit:
            raise LoginThrottledError


def _remember_miss(login: str, address: str) -> None:
    db.session.add(
        LoginAttempt(
            login_index=_index("login", login),
            address_index=_index("address", address),
            at=clock.now(),
        )
    )


def _index(kind: str, value: str) -> bytes:
    return keyring().blind_index(f"login_attempts.{kind}", value)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
