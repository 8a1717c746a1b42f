"""Guards on routes and services: default deny, and the same 404 for "not yours" and "not there"."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, g, redirect, request, url_for
from flask_login import current_user

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import can

View = TypeVar("View", bound=Callable[..., Any])


class DeniedError(PermissionError):
    """The actor may not do this here; doors turn it into a 404."""


def require(actor: Actor, permission: Permission, target: Any = None) -> None:
    """Raise `DeniedError` unless the policy allows it."""
    if not can(actor, permission, target):
        raise DeniedError(permission)


def current_actor() -> Actor:
    """The logged-in person in the role chosen for this session."""
    actor: Actor = g.actor
    return actor


def requires(permission: Permission, *, audits: bool = False) -> Callable[[View], View]:
    """Open a view to whom the policy names; `audits` marks a read that leaves an audit row."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                back = request.full_path if request.method == "GET" else None
                return redirect(url_for("people.login", next=back))
            if not can(current_actor(), permission):
                abort(404)
            return view(*args, **kwargs)

        guarded.required = permission  # type: ignore[attr-defined]
        guarded.audits = audits  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Mark a view that needs no account: students, log-in, health."""
    view.required = None  # type: ignore[attr-defined]
    return view
