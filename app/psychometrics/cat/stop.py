"""When it is enough."""

from enum import StrEnum

from app.psychometrics.cat.estimate import place
from app.psychometrics.cat.plan import Asked, Plan


class Reason(StrEnum):
    """Why nothing more is asked."""

    EXACT = "exact"
    MOST = "most"
    EMPTY = "empty"


def reason_to_stop(plan: Plan, asked: Asked) -> Reason | None:
    """Return why to stop, or None: exact enough, as many items as allowed, or none left.

    Never before every critical item was asked, and exact enough not before `fewest` items were. A
    refused item counts as asked.
    """
    if len(asked) >= len(plan.model.items):
        return Reason.EMPTY
    if any(code not in asked for code in plan.critical):
        return None
    if len(asked) >= plan.most:
        return Reason.MOST
    if len(asked) >= plan.fewest and place(plan, asked).error <= plan.error:
        return Reason.EXACT
    return None
