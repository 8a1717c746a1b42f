"""Missing answers: what a total becomes under the rule that its scale has to state."""

from dataclasses import dataclass

import numpy as np

from app.instruments.rounding import rounded
from app.instruments.scales import MissingRule
from app.scoring.results import Bools, Floats


@dataclass(frozen=True)
class Parts:
    """A scale before its missing rule: the total of what is there, and how much is there."""

    total: Floats
    present: Floats
    size: int
    substituted: Floats | float = 0.0


def completed(parts: Parts, rule: MissingRule, *, is_mean: bool) -> Floats:
    """Return the score under `rule`; NaN where it allows none.

    Prorating multiplies the total by size / present and rounds the sum, also for a mean: that is
    how manuals do it by hand.
    """
    total, size = parts.total, parts.size
    least = size if rule.at_least is None else rule.at_least
    with np.errstate(invalid="ignore", divide="ignore"):
        if rule.rule == "prorate":
            total = np.where(
                parts.present == size,
                total,
                rounded(total * size / parts.present, rule.round or "none"),
            )
        elif rule.rule == "substitute":
            total = total + parts.substituted
        if is_mean:
            total = total / (parts.present if rule.rule == "available" else size)
    return np.where(parts.present >= least, total, np.nan)


def is_prorated(parts: Parts, rule: MissingRule, score: Floats) -> Bools:
    """Tell whose score stands partly for answers that are missing."""
    if rule.rule not in ("prorate", "substitute"):
        return np.zeros(len(score), dtype=np.bool_)
    return (parts.present < parts.size) & ~np.isnan(score)
