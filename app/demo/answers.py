"""Answers simulated with one latent factor whose item shares are those that were observed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from app.demo import shares
from app.demo.shares import Shares

Floats = NDArray[np.float64]
Answers = dict[str, NDArray[np.int64]]
"""Instrument code → people by items."""


@dataclass(frozen=True)
class Population:
    """Thresholds on the latent scale, item by item, that give the shares of a population."""

    phq9: Floats
    gad7: Floats
    who5: Floats


def ordinary() -> Population:
    """A class as most are: PHQ-9 as in NHANES with item 9 lifted to 5 %.

    GAD-7 was observed among the undergraduates only. It is moved down by as much as their PHQ-9
    lies above that of NHANES, WHO-5 is invented for this population.
    """
    phq9 = thresholds(_with_item_9_at(shares.NHANES_PHQ9, shares.ITEM_9_POSITIVE))
    distance = float(np.mean(thresholds(shares.NHANES_PHQ9) - thresholds(shares.UKM_PHQ9)))
    return Population(phq9, thresholds(shares.UKM_GAD7) + distance, thresholds(shares.WHO5))


def strained() -> Population:
    """A class that carries far more: PHQ-9 and GAD-7 as among the undergraduates."""
    low = thresholds(shares.WHO5) + 0.8  # invented: one answer lower for about half of them
    return Population(thresholds(shares.UKM_PHQ9), thresholds(shares.UKM_GAD7), low)


def thresholds(observed: Shares) -> Floats:
    """Where a standard normal has to be cut to give these shares: items by steps."""
    upper = 1 - np.cumsum(np.asarray(observed), axis=1)[:, :-1]
    cuts: Floats = -ndtri(np.clip(upper, 1e-6, 1 - 1e-6))
    return cuts


def simulate(population: Population, factor: Floats, random: np.random.Generator) -> Answers:
    """Answer the battery for people whose strain is `factor` (standard normal)."""
    return {
        "phq9": _answers(population.phq9, shares.PHQ9_LOADINGS, factor, random),
        "gad7": _answers(population.gad7, shares.GAD7_LOADINGS, factor, random),
        "who5": _answers(population.who5, shares.WHO5_LOADINGS, factor, random),
    }


def later(factor: Floats, random: np.random.Generator, stability: float = 0.7) -> Floats:
    """The same people half a year on; `stability` is the correlation (invented)."""
    noise = random.standard_normal(len(factor))
    moved: Floats = stability * factor + np.sqrt(1 - stability**2) * noise
    return moved


def _with_item_9_at(observed: Shares, positive: float) -> Shares:
    *others, ninth = observed
    lifted = [share * positive / (1 - ninth[0]) for share in ninth[1:]]
    return (*others, (1 - positive, *lifted))


def _answers(
    cuts: Floats, loadings: tuple[float, ...], factor: Floats, random: np.random.Generator
) -> NDArray[np.int64]:
    weights = np.array(loadings)
    noise = random.standard_normal((len(factor), len(weights)))
    latent = factor[:, None] * weights + noise * np.sqrt(1 - weights**2)
    chosen: NDArray[np.int64] = (latent[:, :, None] > cuts[None, :, :]).sum(axis=2)
    return chosen
