"""One-line conditions on an actor and a target; the policy combines them."""

from collections.abc import Callable
from typing import Any

from app.access.actor import Actor
from app.access.permissions import Role

Predicate = Callable[[Actor, Any], bool]


def acts_as(role: Role) -> Predicate:
    """The actor acts in this role now."""

    def predicate(actor: Actor, _target: Any) -> bool:
        return actor.role is role

    predicate.__name__ = role.value
    return predicate


def own_site(actor: Actor, target: Any) -> bool:
    """The target lies at a site of the actor's; without a target the role alone is asked."""
    return target is None or actor.everywhere or target.site_id in actor.site_ids


def own_class(actor: Actor, target: Any) -> bool:
    """The target belongs to a class of the actor's."""
    return target is None or target.cohort_id in actor.cohort_ids


def own_writing(actor: Actor, target: Any) -> bool:
    """The actor wrote the target; without a target the role alone is asked."""
    return target is None or (actor.user_id is not None and target.user_id == actor.user_id)


def anywhere(_actor: Actor, _target: Any) -> bool:
    """The permission is not bound to a place."""
    return True


def unbound(actor: Actor, _target: Any) -> bool:
    """The actor holds the role everywhere: one site's administrator rules no other site."""
    return actor.everywhere
