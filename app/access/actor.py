"""Whoever acts now: a person in one role, the command line, or a student's own sitting."""

from dataclasses import dataclass
from enum import StrEnum

from app.access.permissions import Role


class ActorKind(StrEnum):
    """Where an action comes from."""

    USER = "user"
    CLI = "cli"
    SITTING = "sitting"
    LINK = "link"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """An identity with the scope in which it acts.

    `site_ids` and `cohort_ids` bound what a role may touch; `everywhere` is for roles without a
    site. `user_id` is the row of a person, `ref` what the audit log calls the actor.
    """

    kind: ActorKind
    ref: str
    role: Role | None = None
    user_id: int | None = None
    site_ids: frozenset[int] = frozenset()
    cohort_ids: frozenset[int] = frozenset()
    everywhere: bool = False

    @property
    def role_name(self) -> str | None:
        """The role as the log writes it."""
        return self.role.value if self.role else None

    @property
    def is_operator(self) -> bool:
        """The machine's own operator, who sees everything and is audited as `cli`."""
        return self.kind is ActorKind.CLI


OPERATOR = Actor(kind=ActorKind.CLI, ref="cli", everywhere=True)
SYSTEM = Actor(kind=ActorKind.SYSTEM, ref="system", everywhere=True)


def sitting_actor(assessment_public_id: str) -> Actor:
    """A student answering: named in the log by the sitting, not by the person."""
    return Actor(kind=ActorKind.SITTING, ref=assessment_public_id)


def link_actor(referral_public_id: str) -> Actor:
    """A partner answering by the link on a slip: named in the log by the referral."""
    return Actor(kind=ActorKind.LINK, ref=referral_public_id)
