"""Mantel-Haenszel DIF with the classes of ETS, and its forms for more than two answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.psychometrics.cases import Floats
from app.psychometrics.dif.matching import Matched, Stratum, strata
from app.psychometrics.estimate import Estimate, normal_reach
from app.psychometrics.refusal import CannotEstimate

EtsClass = Literal["A", "B", "C"]
NaepClass = Literal["AA", "BB", "CC"]

#: MH D-DIF is the log odds ratio on the delta scale of ETS.
DELTA = -2.35
B_FROM, C_FROM = 1.0, 1.5
BB_FROM, CC_FROM = 0.17, 0.25
LEVEL = 0.05
#: The normal quantile of 95 %.
ONE_SIDED = 1.6448536269514722
#: Purification ends when the same items are flagged twice, or here.
MOST_ROUNDS = 10


@dataclass(frozen=True)
class MantelHaenszel:
    """DIF of an item with two answers.

    `alpha` is the common odds ratio, reference to focal: above 1 the item is endorsed more often by
    the reference group than by equal members of the focal group. `d_dif` = -2.35 ln(alpha), its
    interval from `se_d_dif`; negative: the focal group endorses it less. `chi2` is with continuity
    correction, `chi2_plain` without; `p` belongs to `chi2`.
    """

    alpha: float
    se_log_alpha: float
    d_dif: Estimate
    se_d_dif: float
    chi2: float
    chi2_plain: float
    p: float
    ets_class: EtsClass


@dataclass(frozen=True)
class Mantel:
    """DIF of an item with more than two answers.

    `smd` is the standardised mean difference, focal - reference: negative, the focal group answers
    lower than equal members of the reference group. `effect` = smd / sd of the item.
    """

    smd: Estimate
    se_smd: float
    effect: float
    chi2: float
    p: float
    naep_class: NaepClass


@dataclass(frozen=True)
class Unjudged:
    """An item that allows no figure, and why."""

    reason: str


Judgement = MantelHaenszel | Mantel | Unjudged


@dataclass(frozen=True)
class Purified:
    """A result for every item, and what people were matched on.

    `anchors` are the items left in the matching sum; each item also counts in its own. `rounds` is
    how often the matching was done anew, 0 without purification.
    """

    items: tuple[Judgement, ...]
    anchors: tuple[int, ...]
    rounds: int
    settled: bool


def mantel_dif(people: Matched, *, purify: bool = False) -> Purified:
    """Judge every item by Mantel-Haenszel (two answers) or Mantel's test (more).

    Parameters
    ----------
    people : Matched
    purify : bool
        Match again without the items of class B or C (BB or CC), until the same items are flagged
        twice or ten rounds are done (Candell & Drasgow 1988). Without it everybody is matched on
        all items, as a first look.

    Returns
    -------
    Purified
        An item that allows no figure is `Unjudged`; it stays among the anchors.

    Raises
    ------
    CannotEstimate
        If purification leaves fewer than two items to match on.

    References
    ----------
    Candell & Drasgow 1988, Appl Psychol Meas 12:253. Holland & Thayer 1988, in Test Validity.
    """
    everything = list(range(people.answers.shape[1]))
    anchors, seen = everything, [everything]
    found = tuple(_item(people, item, anchors) for item in everything)
    if not purify:
        return Purified(found, tuple(anchors), 0, settled=True)
    for round_ in range(1, MOST_ROUNDS + 1):
        anchors = [item for item in everything if not is_flagged(found[item])]
        if len(anchors) < 2:  # noqa: PLR2004 -- one item is no sum
            raise CannotEstimate("Purification leaves fewer than two items to match on.")
        found = tuple(_item(people, item, anchors) for item in everything)
        if anchors == seen[-1]:
            return Purified(found, tuple(anchors), round_ - 1, settled=True)
        seen.append(anchors)
    return Purified(found, tuple(anchors), MOST_ROUNDS, settled=False)


def is_flagged(found: Judgement) -> bool:
    """Whether an item has more than negligible DIF: class B or C, BB or CC."""
    if isinstance(found, Mantel):
        return found.naep_class != "AA"
    return isinstance(found, MantelHaenszel) and found.ets_class != "A"


def mantel_haenszel(parts: Sequence[Stratum]) -> MantelHaenszel:
    r"""Return Mantel-Haenszel for one item with two answers over strata of equal sums.

    In stratum k let A, B be the reference group with the higher and lower answer, C, D the focal
    group, T all::

        alpha = Σ A D / T  /  Σ B C / T
        chi2  = (|Σ A - Σ E(A)| - ½)² / Σ var(A)
        E(A) = n_R m_1 / T,  var(A) = n_R n_F m_1 m_0 / (T² (T - 1))

    The variance of ln(alpha) is that of Robins, Breslow & Greenland, as in
    `mantelhaen.test(x, correct = TRUE)` of R. ETS: class A where |D-DIF| < 1 or p ≥ .05; C where
    |D-DIF| ≥ 1.5 and it is significantly above 1 (one-sided, (|D| - 1) / SE > 1.645); else B.

    Parameters
    ----------
    parts : sequence of Stratum
        Answers as true (the higher) and false.

    Raises
    ------
    CannotEstimate
        If no stratum has both groups and both answers, or the odds ratio is 0 or infinite.

    References
    ----------
    Mantel & Haenszel 1959, J Natl Cancer Inst 22:719. Holland & Thayer 1988. Robins, Breslow &
    Greenland 1986, Biometrics 42:311. Zwick 2012, ETS RR-12-08 (classes).
    """
    from scipy.stats import chi2

    a, b, c, d = _tables(parts)
    t = a + b + c + d
    r, s = a * d / t, b * c / t
    if r.sum() == 0 or s.sum() == 0:
        raise CannotEstimate("The odds ratio is 0 or infinite: one group never gave one answer.")
    reference, focal, high, low = a + b, c + d, a + c, b + d
    variance = (reference * focal * high * low / (t**2 * (t - 1))).sum()
    apart = abs((a - reference * high / t).sum())
    corrected = float(max(apart - 0.5, 0.0) ** 2 / variance)
    log_alpha = float(np.log(r.sum() / s.sum()))
    se = _robins_breslow_greenland(a, b, c, d)
    d_dif, se_d, p = DELTA * log_alpha, abs(DELTA) * se, float(chi2.sf(corrected, 1))
    reach = normal_reach() * se_d
    return MantelHaenszel(
        alpha=float(np.exp(log_alpha)),
        se_log_alpha=se,
        d_dif=Estimate(d_dif, d_dif - reach, d_dif + reach),
        se_d_dif=se_d,
        chi2=corrected,
        chi2_plain=float(apart**2 / variance),
        p=p,
        ets_class=_ets(d_dif, se_d, p),
    )


def mantel(parts: Sequence[Stratum], sd: float) -> Mantel:
    r"""Return Mantel's test and the standardised mean difference for an item with ordered answers.

    With F the sum of the answers of the focal group in a stratum, n_F, n_R its groups, T all, and
    E(F) = n_F x̄, var(F) = n_R n_F (T Σx² - (Σx)²) / (T² (T - 1))::

        chi2 = (Σ F - Σ E(F))² / Σ var(F), 1 degree of freedom, no continuity correction
        SMD  = Σ w (x̄_F - x̄_R), w = n_F / Σ n_F
        SE   = √ Σ w² var(F) (1/n_F + 1/n_R)²

    With two answers chi2 is that of Mantel-Haenszel without correction. NAEP: AA where |SMD / sd|
    ≤ .17 or p ≥ .05, CC above .25, else BB.

    Parameters
    ----------
    parts : sequence of Stratum
        Answers in points of the item, as is SMD.
    sd : float
        Of the item in both groups together (n - 1).

    Raises
    ------
    CannotEstimate
        If nothing varies within the strata.

    References
    ----------
    Mantel 1963, J Am Stat Assoc 58:690. Dorans & Schmitt 1991, ETS RR-91-47. Zwick & Thayer 1996,
    J Educ Behav Stat 21:187 (standard error).
    """
    from scipy.stats import chi2

    n_f = np.array([part.focal.size for part in parts], dtype=np.float64)
    n_r = np.array([part.reference.size for part in parts], dtype=np.float64)
    total = np.array([part.focal.sum() + part.reference.sum() for part in parts])
    squares = np.array([(part.focal**2).sum() + (part.reference**2).sum() for part in parts])
    focal = np.array([part.focal.sum() for part in parts])
    t = n_f + n_r
    variance = n_r * n_f * (t * squares - total**2) / (t**2 * (t - 1))
    if variance.sum() <= 0:
        raise CannotEstimate("Within the strata everybody gives the same answer.")
    apart = float((focal - n_f * total / t).sum())
    weight = n_f / n_f.sum()
    smd = float((weight * (focal / n_f - (total - focal) / n_r)).sum())
    se = float(np.sqrt((weight**2 * variance * (1 / n_f + 1 / n_r) ** 2).sum()))
    value = apart**2 / float(variance.sum())
    p, reach = float(chi2.sf(value, 1)), normal_reach() * se
    return Mantel(
        smd=Estimate(smd, smd - reach, smd + reach),
        se_smd=se,
        effect=smd / sd,
        chi2=value,
        p=p,
        naep_class=_naep(smd / sd, p),
    )


def _item(people: Matched, item: int, anchors: Sequence[int]) -> Judgement:
    parts = list(strata(people, item, anchors))
    column = people.answers[:, item]
    try:
        if not parts:
            raise CannotEstimate("No sum is shared by both groups.")
        if np.unique(column).size > 2:  # noqa: PLR2004 -- more than yes and no
            return mantel(parts, float(column.std(ddof=1)))
        low = column.min()
        return mantel_haenszel([Stratum(p.reference > low, p.focal > low) for p in parts])
    except CannotEstimate as refusal:
        return Unjudged(str(refusal))


def _tables(parts: Sequence[Stratum]) -> tuple[Floats, Floats, Floats, Floats]:
    a = np.array([part.reference.sum() for part in parts], dtype=np.float64)
    c = np.array([part.focal.sum() for part in parts], dtype=np.float64)
    b = np.array([part.reference.size for part in parts]) - a
    d = np.array([part.focal.size for part in parts]) - c
    return a, b, c, d


def _robins_breslow_greenland(a: Floats, b: Floats, c: Floats, d: Floats) -> float:
    t = a + b + c + d
    r, s, p, q = a * d / t, b * c / t, (a + d) / t, (b + c) / t
    variance = (
        (p * r).sum() / (2 * r.sum() ** 2)
        + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
        + (q * s).sum() / (2 * s.sum() ** 2)
    )
    return float(np.sqrt(variance))


def _ets(d_dif: float, se: float, p: float) -> EtsClass:
    if abs(d_dif) < B_FROM or p >= LEVEL:
        return "A"
    is_clear = abs(d_dif) >= C_FROM and (abs(d_dif) - B_FROM) / se > ONE_SIDED
    return "C" if is_clear else "B"


def _naep(effect: float, p: float) -> NaepClass:
    if abs(effect) <= BB_FROM or p >= LEVEL:
        return "AA"
    return "CC" if abs(effect) > CC_FROM else "BB"
