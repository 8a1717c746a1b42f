"""Which item to ask next: critical ones first, then the most informative of the area that lacks."""

from app.psychometrics.cat.estimate import place
from app.psychometrics.cat.plan import Asked, Plan
from app.psychometrics.cat.stop import Reason, reason_to_stop
from app.psychometrics.irt.model import GradedModel


def next_item(plan: Plan, asked: Asked) -> str | Reason:
    """Return the code of the item to ask next, or why nothing more is asked.

    In this order: a critical item not yet asked, from place `critical_from` on and wherever no
    other place is left for it; else, of the area that lacks most against its share, the item with
    the largest information at the present estimate (at `start` before the first answer). Equal
    ones: the first in the bank.

    References
    ----------
    Kingsbury & Zara 1989, Appl Meas Educ 2:359 (content balance by the largest gap). van der Linden
    & Pashley 2000, in Computerized Adaptive Testing (maximum information).
    """
    if reason := reason_to_stop(plan, asked):
        return reason
    due = [code for code in plan.critical if code not in asked]
    if due and (len(asked) + 1 >= plan.critical_from or len(due) >= plan.most - len(asked)):
        return due[0]
    left = [code for code in plan.model.codes if code not in asked]
    area = _lacking(plan, asked, left)
    return _most_informative(plan, asked, [code for code in left if plan.area(code) == area])


def _lacking(plan: Plan, asked: Asked, left: list[str]) -> str:
    """The area with items left that is furthest below its share."""
    weights = plan.shares or {plan.area(code): 1.0 for code in left}
    total = sum(weights.values())
    counts = dict.fromkeys(weights, 0)
    for code in asked:
        counts[plan.area(code)] = counts.get(plan.area(code), 0) + 1
    open_areas = list(dict.fromkeys(plan.area(code) for code in left))
    size = max(len(asked), 1)
    return max(open_areas, key=lambda area: weights[area] / total - counts[area] / size)


def _most_informative(plan: Plan, asked: Asked, codes: list[str]) -> str:
    at = place(plan, asked).theta if any(a is not None for a in asked.values()) else plan.start
    bank = GradedModel(tuple(plan.model.items[plan.places[code]] for code in codes))
    return codes[int(bank.information(at)[:, 0].argmax())]
