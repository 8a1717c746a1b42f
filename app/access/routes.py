"""The words of access in every template, and the auditor's page.

GET /audit   audit
"""

from flask import Blueprint, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_login import current_user

from app.access.actor import Actor
from app.access.guards import current_actor
from app.access.permissions import Permission, Role
from app.access.policy import can
from app.access.rail import my_rail
from app.access.words import role_name

bp = Blueprint("access", __name__, template_folder="templates")


@bp.record_once
def _give_templates_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        actor=current_actor,
        may=_may,
        my_roles=_my_roles,
        my_rail=my_rail,
        role_name=role_name,
        in_language=_in_language,
    )


def _may(permission: str, target: object = None) -> bool:
    actor: Actor = current_actor()
    return can(actor, Permission(permission), target)


def _my_roles() -> list[Role]:
    return list(dict.fromkeys(held.role for held in current_user.assignments))


def _in_language(locale: str) -> str:
    """This page in another language, with the filters that stand in its address."""
    if request.endpoint is None or request.method != "GET":
        return url_for("people.home", lang=locale)
    return url_for(
        request.endpoint, **{**(request.view_args or {}), **request.args, "lang": locale}
    )
