"""Accounts of staff: opened with a one-time password, closed with every session."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission, Role
from app.people.models import Cohort, RoleAssignment, Site, User
from app.people.service.logins import end_sessions, hash_password
from app.platform import audit, clock, ids
from app.platform.db import db

#: Roles whose work has no place; every other role works at a site.
PLACELESS = frozenset({Role.AUTHOR, Role.REVIEWER, Role.AUDITOR, Role.PROGRAMME_OFFICER})
GROUPS_IN_PASSWORD = 3


class AccountRefusedError(ValueError):
    """The log-in name is taken, the role needs another place, or one would close one's own door."""


@dataclass(frozen=True)
class Post:
    """A role with its place; without site and class it holds everywhere."""

    role: Role
    site: Site | None = None
    cohort: Cohort | None = None


@dataclass(frozen=True)
class OpenedAccount:
    """A new account with the password that is shown once."""

    user: User
    password: str


def open_account(*, actor: Actor, login: str, name: str, posts: Sequence[Post]) -> OpenedAccount:
    """Make an account; the person chooses an own password at the first log-in."""
    require(actor, Permission.MANAGE_PEOPLE)
    if not all(_is_complete(post) for post in posts) or _is_taken(login):
        raise AccountRefusedError
    password = _one_time_password()
    user = User(
        login=login,
        name=name,
        password_hash=hash_password(password),
        must_change_password=True,
        created_at=clock.now(),
    )
    user.assignments = [_assignment(post) for post in posts]
    db.session.add(user)
    audit.record(actor, "open_account", user, roles=[post.role.value for post in posts])
    return OpenedAccount(user, password)


def renew_password(*, actor: Actor, user: User) -> OpenedAccount:
    """Give a new one-time password; a closed account is open again, old sessions end."""
    require(actor, Permission.MANAGE_PEOPLE)
    password = _one_time_password()
    user.password_hash = hash_password(password)
    user.must_change_password = user.active = True
    end_sessions(user)
    audit.record(actor, "renew_password", user)
    return OpenedAccount(user, password)


def close_account(*, actor: Actor, user: User) -> None:
    """Let the person in no more, from this moment on."""
    require(actor, Permission.MANAGE_PEOPLE)
    if user.id == actor.user_id:
        raise AccountRefusedError
    user.active = False
    end_sessions(user)
    audit.record(actor, "close_account", user)


def _is_complete(post: Post) -> bool:
    if post.role in PLACELESS:
        return post.site is None and post.cohort is None
    if post.role is Role.CLASS_TEACHER:
        return post.cohort is not None
    return post.cohort is None and (post.site is not None or post.role is Role.ADMINISTRATOR)


def _assignment(post: Post) -> RoleAssignment:
    return RoleAssignment(
        role=post.role,
        site_id=post.site.id if post.site else None,
        cohort_id=post.cohort.id if post.cohort else None,
    )


def _is_taken(login: str) -> bool:
    return db.session.scalar(select(User.id).where(User.login == login)) is not None


def _one_time_password() -> str:
    """Three groups of four characters that can be read out without being mistaken."""
    return "-".join(ids.new_code()[:4].lower() for _ in range(GROUPS_IN_PASSWORD))
