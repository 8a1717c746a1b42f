"""The words of access in every template, and the auditor's page.

GET /audit         audit
GET /audit/chain   check_chain
"""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.actor import Actor
from app.access.guards import current_actor, requires
from app.access.permissions import Permission, Role
from app.access.policy import can
from app.access.queries import AuditFilter, audit_actions, audit_page, chain_length
from app.access.rail import my_rail
from app.access.words import role_name
from app.platform import clock
from app.platform.audit import verify
from app.platform.web import asked_day, page_number

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


@bp.get("/audit")
@requires(Permission.SEE_AUDIT)
def audit() -> ResponseReturnValue:
    """Who did what, the newest first."""
    asked = _asked()
    page = page_number()
    return render_template(
        "access/audit.html",
        found=audit_page(asked, page),
        asked=asked,
        page=page,
        actions=audit_actions(),
    )


@bp.get("/audit/chain")
@requires(Permission.SEE_AUDIT)
def check_chain() -> ResponseReturnValue:
    """Walk the whole chain and say whether every link holds."""
    return render_template(
        "access/chain.html", links=chain_length(), broken=verify(), now=clock.now()
    )


def _asked() -> AuditFilter:
    args = request.args
    words = {name: args.get(name, "").strip() for name in ("actor", "action", "object")}
    return AuditFilter(**words, since=asked_day("since"), until=asked_day("until"))


def _may(permission: str, target: object = None) -> bool:
    actor: Actor = current_actor()
    return can(actor, Permission(permission), target)


def _my_roles() -> list[Role]:
    return list(dict.fromkeys(held.role for held in current_user.assignments))


def _in_language(locale: str) -> str:
    """This page in another language, with the filters that stand in its address."""
    if request.endpoint is None or request.method != "GET":
        return url_for("people.home", lang=locale)
    # Not as arguments of url_for: an address must not choose its scheme or endpoint.
    asked = urlencode({**request.args, "lang": locale})
    return f"{url_for(request.endpoint, **(request.view_args or {}))}?{asked}"
