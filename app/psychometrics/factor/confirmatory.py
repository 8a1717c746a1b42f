"""Does a given structure fit: confirmatory factor analysis by maximum likelihood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.psychometrics.cases import Floats
from app.psychometrics.estimate import Estimate
from app.psychometrics.factor.correlations import Correlations
from app.psychometrics.factor.structure import Structure, search
from app.psychometrics.refusal import CannotEstimate

#: Below this many people the indices scatter (Hu & Bentler 1999).
FEW_PEOPLE = 250


@dataclass(frozen=True)
class Fit:
    """How well a structure fits.

    `baseline_chi2` is that of uncorrelated items. `p`, `cfi`, `tli`, `rmsea` (with its 90 %
    interval) are None without degrees of freedom: such a model fits anything.
    """

    chi2: float
    df: int
    p: float | None
    baseline_chi2: float
    baseline_df: int
    cfi: float | None
    tli: float | None
    rmsea: Estimate | None
    srmr: float
    log_likelihood: float
    parameters: int
    aic: float
    bic: float


@dataclass(frozen=True)
class Confirmatory:
    """A fitted structure: factors of variance 1 that may correlate, each item on one of them.

    Factors point where most of their loadings are positive. `loadings` (k,) and their `errors` are
    in the units of the items, `standardised` is for items of variance 1, `uniquenesses` is what the
    factor leaves of that.
    """

    factors: tuple[str, ...]
    factor_of: tuple[int, ...]
    loadings: Floats
    errors: Floats
    standardised: Floats
    uniquenesses: Floats
    factor_correlations: Floats
    fit: Fit
    warnings: tuple[str, ...]


def confirmatory(given: Correlations, structure: Mapping[str, Sequence[str]]) -> Confirmatory:
    r"""Fit the structure by normal-theory maximum likelihood.

    Minimises F = log|Σ| + tr(S Σ⁻¹) - log|S| - k with Σ = Λ Φ Λ' + Θ, S with n below, by Fisher
    scoring; the same in correlations as in covariances. With n people::

        chi2  = n F
        CFI   = 1 - max(chi2 - df, 0) / max(chi2_b - df_b, chi2 - df, 0)
        TLI   = (chi2_b / df_b - chi2 / df) / (chi2_b / df_b - 1)
        RMSEA = √ max((chi2 - df) / (n df), 0), its bounds from the non-central chi2
        SRMR  = √ (2 Σ_{i≤j} (s_ij - σ_ij)² / (k (k + 1)))

    b is the model of uncorrelated items. Standard errors are from the expected information.
    `lavaan::cfa(std.lv = TRUE)` gives the same. Answers of a few steps are not normal: chi2 comes
    out too large and loadings a little too small; compare structures rather than judge one.

    Parameters
    ----------
    given : Correlations
    structure : mapping of str to sequence of str
        The items of each factor by name; every item in exactly one. A single factor needs three
        items, one of several at least two.

    Raises
    ------
    CannotEstimate
        If the structure does not hold every item once, is not determined, or no best fit is found.

    References
    ----------
    Jöreskog 1969, Psychometrika 34:183. Bentler 1990, Psychol Bull 107:238 (CFI). Tucker & Lewis
    1973, Psychometrika 38:1. Steiger 1990, Multivar Behav Res 25:173 (RMSEA). Hu & Bentler 1999,
    Struct Equ Modeling 6:1 (SRMR).
    """
    model = Structure(_factor_of(given, structure), len(structure))
    parameters, information = model.facing_up(*search(model, given.matrix))
    n, k = given.people, model.k
    covariance = np.linalg.inv(information * n)
    units = given.deviations * np.sqrt((n - 1) / n)
    fit = _fit(given, model, parameters, units)
    return Confirmatory(
        factors=tuple(structure),
        factor_of=tuple(int(factor) for factor in model.factor_of),
        loadings=parameters[:k] * units,
        errors=np.sqrt(np.diag(covariance)[:k]) * units,
        standardised=parameters[:k],
        uniquenesses=parameters[k : 2 * k],
        factor_correlations=model.phi(parameters),
        fit=fit,
        warnings=tuple(_warnings(given, model, parameters, fit.df)),
    )


def _factor_of(given: Correlations, structure: Mapping[str, Sequence[str]]) -> np.ndarray:
    owners = {item: factor for factor, items in enumerate(structure.values()) for item in items}
    count = sum(len(items) for items in structure.values())
    if set(owners) != set(given.names) or count != len(given.names):
        raise CannotEstimate("A structure holds every item exactly once.")
    fewest = 3 if len(structure) == 1 else 2
    for name, items in structure.items():
        if len(items) < fewest:
            raise CannotEstimate(f"Factor {name} needs at least {fewest} items.")
    return np.array([owners[name] for name in given.names], dtype=np.int64)


def _fit(given: Correlations, model: Structure, parameters: Floats, units: Floats) -> Fit:
    from scipy.stats import chi2

    n, k = given.people, model.k
    value = n * max(model.misfit(parameters, given.matrix), 0.0)
    df = k * (k + 1) // 2 - model.size
    base, base_df = -n * float(np.linalg.slogdet(given.matrix)[1]), k * (k - 1) // 2
    saturated = -n / 2 * (k * np.log(2 * np.pi) - base / n + 2 * np.log(units).sum() + k)
    log_likelihood = float(saturated - value / 2)
    apart = (given.matrix - model.implied(parameters))[np.tril_indices(k)]
    return Fit(
        chi2=value,
        df=df,
        p=float(chi2.sf(value, df)) if df else None,
        baseline_chi2=base,
        baseline_df=base_df,
        cfi=_cfi(value - df, base - base_df) if df else None,
        tli=_tli(value / df, base / base_df) if df else None,
        rmsea=_rmsea(value, df, n) if df else None,
        srmr=float(np.sqrt((apart**2).mean())),
        log_likelihood=log_likelihood,
        parameters=model.size,
        aic=-2 * log_likelihood + 2 * model.size,
        bic=-2 * log_likelihood + model.size * float(np.log(n)),
    )


def _cfi(excess: float, base_excess: float) -> float:
    most = max(excess, base_excess, 0.0)
    return 1 - max(excess, 0.0) / most if most > 0 else 1.0


def _tli(ratio: float, base_ratio: float) -> float | None:
    return (base_ratio - ratio) / (base_ratio - 1) if base_ratio != 1 else None


def _rmsea(value: float, df: int, n: int) -> Estimate:
    """With the 90 % interval: the non-centralities that put chi2 at 95 % and at 5 %."""

    def bound(share: float) -> float:
        return float(np.sqrt(_noncentrality(value, df, share) / (n * df)))

    return Estimate(float(np.sqrt(max(value - df, 0.0) / (n * df))), bound(0.95), bound(0.05))


def _noncentrality(value: float, df: int, share: float) -> float:
    """The λ with P(chi2(df, λ) ≤ value) = share; 0 where even λ = 0 puts it lower."""
    from scipy.optimize import brentq
    from scipy.stats import chi2, ncx2

    if chi2.cdf(value, df) <= share:
        return 0.0
    most = value + 10 * np.sqrt(value) + 50
    return float(brentq(lambda at: ncx2.cdf(value, df, at) - share, 1e-12, most, xtol=1e-12))


def _warnings(given: Correlations, model: Structure, parameters: Floats, df: int) -> Iterator[str]:
    unique = parameters[model.k : 2 * model.k]
    if negative := [name for name, left in zip(given.names, unique, strict=True) if left <= 0]:
        yield (
            f"A Heywood case: {', '.join(negative)} would have a negative variance of its own. The "
            "structure does not suit these answers; its figures are not to be trusted."
        )
    phi = model.phi(parameters)
    if np.linalg.eigvalsh(phi)[0] <= 0:
        yield "Factors correlate by 1 or more: these answers do not tell them apart."
    if df == 0:
        yield "Without degrees of freedom the structure fits anything; its fit says nothing."
    if given.people < FEW_PEOPLE:
        yield f"Only {given.people} complete cases: the indices scatter below {FEW_PEOPLE}."
