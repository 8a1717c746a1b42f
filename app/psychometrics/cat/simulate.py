"""A plan played with made-up people: how long it takes, how exact it is, what it asks whom."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.cases import Floats
from app.psychometrics.cat.estimate import place
from app.psychometrics.cat.plan import Plan
from app.psychometrics.cat.select import next_item
from app.psychometrics.cat.stop import Reason


@dataclass(frozen=True)
class Simulation:
    """What happened to each made-up person: one element a person in the order given.

    `exposure` is the share of people each item was asked of; `reasons` how often each ended it.
    """

    true: Floats
    estimate: Floats
    error: Floats
    asked: tuple[tuple[str, ...], ...]
    exposure: Mapping[str, float]
    reasons: Mapping[Reason, int]

    @property
    def bias(self) -> float:
        """Mean of estimate - truth; EAP pulls towards 0, so that it is not 0 at the ends."""
        return float((self.estimate - self.true).mean())

    @property
    def rmse(self) -> float:
        """Root mean square of estimate - truth."""
        return float(np.sqrt(((self.estimate - self.true) ** 2).mean()))

    @property
    def coverage(self) -> float:
        """Share of people whose truth lies within 1.96 standard errors; .95 for normal truths."""
        return float((np.abs(self.estimate - self.true) <= 1.96 * self.error).mean())

    @property
    def mean_length(self) -> float:
        """Mean number of items asked."""
        return float(np.mean([len(codes) for codes in self.asked]))


def simulate(plan: Plan, theta: ArrayLike, *, seed: int) -> Simulation:
    """Ask people at `theta` as the plan says; each answers by the model.

    Parameters
    ----------
    plan : Plan
    theta : array_like, shape (n,)
        True places, as drawn from a standard normal, or all at one place to look at it closely.
    seed : int
        Of the answers; the same seed gives the same figures. Nobody refuses an item.
    """
    true = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    random = np.random.default_rng(seed)
    estimates, errors, asked, reasons = [], [], [], []
    for own in true:
        answers, reason = _asked(plan, float(own), random)
        found = place(plan, answers)
        estimates.append(found.theta)
        errors.append(found.error)
        asked.append(tuple(answers))
        reasons.append(reason)
    counts = Counter(code for codes in asked for code in codes)
    return Simulation(
        true=true,
        estimate=np.array(estimates),
        error=np.array(errors),
        asked=tuple(asked),
        exposure={code: counts[code] / len(true) for code in plan.model.codes},
        reasons=Counter(reasons),
    )


def _asked(
    plan: Plan, theta: float, random: np.random.Generator
) -> tuple[dict[str, float | None], Reason]:
    answers: dict[str, float | None] = {}
    while not isinstance(chosen := next_item(plan, answers), Reason):
        item = plan.model.items[plan.places[chosen]]
        above = 1 / (1 + np.exp(-item.predictors(np.array([theta]))[0]))
        answers[chosen] = item.values[int((random.random() < above).sum())]
    return answers, chosen
