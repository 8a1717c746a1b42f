"""DIF by ordinal logistic regression: uniform, non-uniform, and how much each explains."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.psychometrics.dif.matching import Matched
from app.psychometrics.ordinal_logit import fit_ordinal
from app.psychometrics.refusal import CannotEstimate

Size = Literal["negligible", "moderate", "large"]
ZUMBO = (0.13, 0.26)
JODOIN_GIERL = (0.035, 0.070)
LEVEL = 0.05


@dataclass(frozen=True)
class LikelihoodTest:
    """Two nested models: how much more the larger one explains.

    `nagelkerke` and `mcfadden` are differences of the pseudo-R² of the two models.
    """

    nagelkerke: float
    mcfadden: float
    chi2: float
    df: int
    p: float


@dataclass(frozen=True)
class LogisticDif:
    """One item by three models: sum; sum and group; sum, group and their product.

    `uniform`: second against first. `non_uniform`: third against second. `total`: third against
    first. `odds_ratio` is that of the group in the second model, focal to reference: above 1 the
    focal group answers higher than equal members of the reference group. `zumbo` and `jodoin_gierl`
    class the Nagelkerke difference of `total`, both “negligible” where its p is .05 or more.
    """

    odds_ratio: float
    uniform: LikelihoodTest
    non_uniform: LikelihoodTest
    total: LikelihoodTest
    zumbo: Size
    jodoin_gierl: Size


def logistic_dif(people: Matched, item: int, anchors: Sequence[int]) -> LogisticDif:
    r"""Judge one item by proportional odds regression on sum, group and their product.

    With L₀ the likelihood of the model that knows only the shares of the answers::

        McFadden R²   = 1 - log L / log L₀
        Nagelkerke R² = (1 - (L₀ / L)^(2/n)) / (1 - L₀^(2/n))

    Classes of the Nagelkerke difference: Zumbo from .13 moderate, from .26 large; Jodoin & Gierl
    from .035 and from .070. Logistic regression for two answers (`glm(binomial)`), `MASS::polr` for
    more.

    Parameters
    ----------
    people : Matched
    item : int
        Place of the item.
    anchors : sequence of int
        The items in the matching sum; the item itself counts too.

    Raises
    ------
    CannotEstimate
        If a model has no finite estimate.

    References
    ----------
    Swaminathan & Rogers 1990, J Educ Meas 27:361. Zumbo 1999, A Handbook on the Theory and Methods
    of DIF. Jodoin & Gierl 2001, Appl Meas Educ 14:329. Nagelkerke 1991, Biometrika 78:691.
    """
    sums, group = people.sums(item, anchors), people.is_focal.astype(np.float64)
    column = people.answers[:, item]
    standard = (sums - sums.mean()) / sums.std() if np.ptp(sums) else sums
    designs = [
        np.empty((len(column), 0)),
        standard[:, None],
        np.column_stack([standard, group]),
        np.column_stack([standard, group, standard * group]),
    ]
    try:
        fits = [fit_ordinal(column, design) for design in designs]
    except CannotEstimate as refusal:
        raise CannotEstimate(f"{people.names[item]}: {refusal}") from None
    logs = [fit.log_likelihood for fit in fits]
    total = _test(logs, 1, 3, len(column))
    return LogisticDif(
        odds_ratio=float(np.exp(fits[2].coefficients[1])),
        uniform=_test(logs, 1, 2, len(column)),
        non_uniform=_test(logs, 2, 3, len(column)),
        total=total,
        zumbo=_size(total, ZUMBO),
        jodoin_gierl=_size(total, JODOIN_GIERL),
    )


def _test(logs: Sequence[float], small: int, large: int, n: int) -> LikelihoodTest:
    from scipy.stats import chi2

    gain = max(2 * (logs[large] - logs[small]), 0.0)
    null = logs[0]

    def nagelkerke(log_likelihood: float) -> float:
        return float(-np.expm1(2 * (null - log_likelihood) / n) / -np.expm1(2 * null / n))

    return LikelihoodTest(
        nagelkerke=nagelkerke(logs[large]) - nagelkerke(logs[small]),
        mcfadden=(logs[small] - logs[large]) / null,
        chi2=gain,
        df=large - small,
        p=float(chi2.sf(gain, large - small)),
    )


def _size(test: LikelihoodTest, bounds: tuple[float, float]) -> Size:
    if test.p >= LEVEL or test.nagelkerke < bounds[0]:
        return "negligible"
    return "moderate" if test.nagelkerke < bounds[1] else "large"
