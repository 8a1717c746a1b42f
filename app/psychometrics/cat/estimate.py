"""Where the person probably is, after the answers so far."""

from dataclasses import dataclass

import numpy as np

from app.psychometrics.cat.plan import Asked, Plan
from app.psychometrics.irt.model import GRID, LOG_PRIOR, GradedModel


@dataclass(frozen=True)
class Place:
    """Mean and standard deviation of the posterior (EAP)."""

    theta: float
    error: float


def place(plan: Plan, asked: Asked) -> Place:
    """Return the EAP estimate from what was answered; a refused item says nothing.

    The same as `irt.scoring.eap` on a row with NaN for everything not answered. With no answer yet
    it is the prior, mean 0 and deviation 1.

    References
    ----------
    Bock & Mislevy 1982, Appl Psychol Meas 6:431.
    """
    joint = LOG_PRIOR.copy()
    for code, answer in asked.items():
        if answer is None:
            continue
        at = plan.places[code]
        [[given]] = GradedModel((plan.model.items[at],)).coded([[answer]])
        joint += plan.log_probabilities[at][given]
    weights = np.exp(joint - joint.max())
    weights /= weights.sum()
    theta = float(weights @ GRID)
    return Place(theta, float(np.sqrt(max(weights @ GRID**2 - theta**2, 0.0))))
