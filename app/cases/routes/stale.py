"""What would fall silent, in one table, now or as it will be on another day.

GET /queue/stale   stale
"""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.queries.stale import end_of, stale_rows
from app.cases.routes.blueprint import bp
from app.cases.words.referrals import stale_word
from app.platform import audit, clock
from app.platform.web import asked_day


@bp.get("/queue/stale")
@requires(Permission.SEE_QUEUE, audits=True)
def stale() -> ResponseReturnValue:
    """Every open duty of the person's schools that is past its time."""
    day = asked_day("as_of")
    as_of = end_of(day) if day else clock.now()
    rows = stale_rows(current_actor(), as_of)
    audit.record(current_actor(), "see_stale", shown=len(rows))
    mine = request.args.get("whose") == "mine"
    shown = [row for row in rows if not mine or _is_mine(row.owner)]
    return render_template(
        "cases/stale/index.html", rows=shown, as_of=day, mine=mine, reason=stale_word
    )


def _is_mine(owner: object) -> bool:
    return getattr(owner, "id", None) == current_actor().user_id
