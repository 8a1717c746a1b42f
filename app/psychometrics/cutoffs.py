"""Which score to follow up from: what each cut-off finds and misses, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.psychometrics.cases import Floats
from app.psychometrics.estimate import Estimate
from app.psychometrics.proportion import wilson
from app.psychometrics.refusal import CannotEstimate
from app.psychometrics.roc import RocCurve

SENSITIVITIES = (0.80, 0.90, 0.95)
RESAMPLES = 2000


@dataclass(frozen=True)
class CutoffFigures:
    """What the rule “`cutoff` or worse” does.

    `youden` = sensitivity + specificity - 1. `lr_positive` = sensitivity / (1 - specificity) and
    `lr_negative` = (1 - sensitivity) / specificity; `ppv` and `npv` at the prevalence that was
    asked for. None where the figure divides by nothing.
    """

    cutoff: float
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    sensitivity: Estimate
    specificity: Estimate
    youden: float
    lr_positive: float | None
    lr_negative: float | None
    ppv: float | None
    npv: float | None


@dataclass(frozen=True)
class Resampled:
    """Bootstrap intervals: the area, and for each chosen rule its cut-off and its two shares.

    `values` of `cutoff` are observed scores.
    """

    area: Estimate
    rules: tuple["ResampledRule", ...]


@dataclass(frozen=True)
class ResampledRule:
    """How far a rule for choosing a cut-off wanders from sample to sample.

    `target` is the sensitivity it has to keep, None for Youden's rule.
    """

    target: float | None
    cutoff: Estimate
    sensitivity: Estimate
    specificity: Estimate


def figures(curve: RocCurve, *, prevalence: float, confidence: float = 0.95) -> list[CutoffFigures]:
    r"""Return what every observed score does as a cut-off, from the strictest to the mildest.

    Intervals of sensitivity and specificity are Wilson's score intervals without continuity
    correction. With p the prevalence::

        PPV = sens p / (sens p + (1 - spec)(1 - p))
        NPV = spec (1 - p) / (spec (1 - p) + (1 - sens) p)

    Parameters
    ----------
    curve : RocCurve
    prevalence : float
        Share of cases where the cut-off will be used, above 0 and below 1; not the share in the
        sample where cases were sought out.
    confidence : float
        Of the intervals, above 0 and below 1.

    Raises
    ------
    CannotEstimate
        If the prevalence is not between 0 and 1.

    References
    ----------
    Wilson 1927, J Am Stat Assoc 22:209. Altman & Bland 1994, BMJ 309:102.
    """
    if not 0 < prevalence < 1:
        raise CannotEstimate("The prevalence is a share above 0 and below 1.")
    return [
        _figures_at(curve, index, prevalence, confidence) for index in range(curve.cutoffs.size)
    ]


def youden_ties(curve: RocCurve) -> list[int]:
    """Return the positions in `curve` where sensitivity + specificity is largest, all ties.

    Counted in whole people (true positives times controls less false positives times cases), so
    that rounding neither makes nor breaks a tie. The strictest comes first.

    References
    ----------
    Youden 1950, Cancer 3:32.
    """
    gain = _gain(curve.true_positives, curve.false_positives, curve)
    return [int(index) for index in np.flatnonzero(gain == gain.max())]


def least_sensitivity(curve: RocCurve, target: float) -> int:
    """Return the position in `curve` of the strictest observed score with at least `target`.

    Of all cut-offs that find this share of the cases it has the highest specificity.

    Parameters
    ----------
    curve : RocCurve
    target : float
        The sensitivity to keep, above 0 and at most 1.

    Raises
    ------
    CannotEstimate
        If the target is not above 0 and at most 1.
    """
    if not 0 < target <= 1:
        raise CannotEstimate("A sensitivity to keep is a share above 0 and at most 1.")
    return int(np.argmax(curve.true_positives >= _people_needed(curve, target)))


def resampled(
    curve: RocCurve,
    *,
    seed: int,
    targets: Sequence[float] = SENSITIVITIES,
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
) -> Resampled:
    """Return bootstrap percentile intervals, cases and others drawn each by themselves.

    In every resample the rules choose anew, so that the interval of a cut-off shows how much the
    choice depends on the sample; sensitivity and specificity are those of the newly chosen cut-off
    in its own resample (optimistic, as the choice itself is). Of Youden ties the strictest counts.
    The same `seed` gives the same figures.

    Parameters
    ----------
    curve : RocCurve
        People without a score or criterion were left out when it was made.
    seed : int
    targets : sequence of float
        Sensitivities to keep, each above 0 and at most 1.
    resamples : int
        How often people are drawn.
    confidence : float
        Of the intervals, above 0 and below 1.

    Raises
    ------
    CannotEstimate
        If a target is no such share.

    References
    ----------
    Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13.
    """
    random = np.random.default_rng(seed)
    true = _drawn(random, curve.true_positives, resamples)
    false = _drawn(random, curve.false_positives, resamples)
    tail = (1 - confidence) / 2
    areas = _areas(true, false) / (curve.case_count * curve.control_count)
    choices: list[tuple[float | None, int, Floats]] = [
        (None, youden_ties(curve)[0], np.argmax(_gain(true, false, curve), axis=1))
    ]
    for target in targets:
        reached = np.argmax(true >= _people_needed(curve, target), axis=1)
        choices.append((target, least_sensitivity(curve, target), reached))
    observed = float(_areas(curve.true_positives[None], curve.false_positives[None])[0])
    return Resampled(
        area=_bounded(observed / (curve.case_count * curve.control_count), areas, tail),
        rules=tuple(_rule(curve, true, false, choice, tail) for choice in choices),
    )


def _rule(
    curve: RocCurve,
    true: Floats,
    false: Floats,
    choice: tuple[float | None, int, Floats],
    tail: float,
) -> ResampledRule:
    target, chosen, each = choice
    rows = np.arange(len(each))
    low, high = np.quantile(
        curve.cutoffs[each], [tail, 1 - tail], method="inverted_cdf"
    )  # an observed score, not one between two
    return ResampledRule(
        target=target,
        cutoff=Estimate(float(curve.cutoffs[chosen]), float(low), float(high)),
        sensitivity=_bounded(curve.sensitivity[chosen], true[rows, each] / curve.case_count, tail),
        specificity=_bounded(
            curve.specificity[chosen], 1 - false[rows, each] / curve.control_count, tail
        ),
    )


def _figures_at(curve: RocCurve, index: int, prevalence: float, confidence: float) -> CutoffFigures:
    true, false = int(curve.true_positives[index]), int(curve.false_positives[index])
    missed, spared = curve.case_count - true, curve.control_count - false
    sensitivity, specificity = true / curve.case_count, spared / curve.control_count
    alarm, quiet = sensitivity * prevalence, specificity * (1 - prevalence)
    return CutoffFigures(
        cutoff=float(curve.cutoffs[index]),
        true_positives=true,
        false_positives=false,
        false_negatives=missed,
        true_negatives=spared,
        sensitivity=wilson(true, curve.case_count, confidence=confidence),
        specificity=wilson(spared, curve.control_count, confidence=confidence),
        youden=sensitivity + specificity - 1,
        lr_positive=_ratio(sensitivity, 1 - specificity if false else 0.0),
        lr_negative=_ratio(1 - sensitivity if missed else 0.0, specificity),
        ppv=_ratio(alarm, alarm + (1 - specificity) * (1 - prevalence)),
        npv=_ratio(quiet, quiet + (1 - sensitivity) * prevalence),
    )


def _drawn(random: np.random.Generator, cumulated: Floats, resamples: int) -> Floats:
    """Resample the people behind cumulated counts: again cumulated counts, one row a resample."""
    size = int(cumulated[-1])
    shares = np.diff(cumulated, prepend=0.0) / size
    return np.cumsum(random.multinomial(size, shares, size=resamples), axis=1).astype(np.float64)


def _areas(true: Floats, false: Floats) -> Floats:
    """Pairs of a case and another that are in order, ties counting half, a row a sample."""
    before = np.concatenate([np.zeros((len(true), 1)), true[:, :-1]], axis=1)
    pairs: Floats = ((true + before) / 2 * np.diff(false, prepend=0.0, axis=1)).sum(axis=1)
    return pairs


def _gain(true: Floats, false: Floats, curve: RocCurve) -> Floats:
    return true * curve.control_count - false * curve.case_count


def _people_needed(curve: RocCurve, target: float) -> float:
    return target * curve.case_count - 1e-9  # 0.9 of 10 are 9, whatever a float makes of it


def _bounded(value: float, samples: Floats, tail: float) -> Estimate:
    low, high = np.quantile(samples, [tail, 1 - tail])
    return Estimate(float(value), float(low), float(high))


def _ratio(above: float, below: float) -> float | None:
    return above / below if below > 0 else None
