"""Exploratory factor analysis by minimum residuals."""

from dataclasses import dataclass

import numpy as np

from app.psychometrics.cases import Floats
from app.psychometrics.factor.rotation import Rotated, Rotation, rotate
from app.psychometrics.minimum_residuals import is_heywood, uniquenesses
from app.psychometrics.refusal import CannotEstimate


@dataclass(frozen=True)
class Exploratory:
    """`m` factors of `k` items; factors with most variance first, each with positive loadings.

    `loadings` (k, m) are regression weights of the factors on the items, `structure` (k, m) their
    correlations with them; the same where the rotation keeps factors uncorrelated.
    `factor_correlations` (m, m). `shares` (m,) of the variance of all items. `rms_residual` is the
    root mean square of the correlations that are not explained.
    """

    rotation: Rotation | None
    loadings: Floats
    structure: Floats
    factor_correlations: Floats
    communalities: Floats
    shares: Floats
    rms_residual: float
    is_heywood: bool


def exploratory(
    matrix: Floats, factors: int, *, rotation: Rotation | None = "oblimin"
) -> Exploratory:
    r"""Extract `factors` by minimum residuals and turn them.

    Minimises Σ_{i<j} (r_ij - Σ_f λ_if λ_jf)², unique variances kept above 0.5 %, by the eigenvalues
    that are left over: Σ_{f>m} e_f(R - Ψ)² / 2 over Ψ. Unrotated, `psych::fa(r, nfactors, fm =
    "minres", rotate = "none")` gives the same up to signs where no unique variance reaches the
    bound and its single start leads to the least misfit.

    Parameters
    ----------
    matrix : array, shape (k, k)
        Correlations, positive definite, none missing (as `correlations` gives them).
    factors : int
        At least one, and no more than the correlations determine: (k - m)² ≥ k + m.
    rotation : {"oblimin", "promax", "varimax"} or None
        One factor is never turned.

    Raises
    ------
    CannotEstimate
        If so many factors are not determined by so few items.

    References
    ----------
    Harman & Jones 1966, Psychometrika 31:351.
    """
    k = len(matrix)
    if factors < 1 or (k - factors) ** 2 < k + factors:
        raise CannotEstimate(f"{k} items do not determine {factors} factors.")
    unique = uniquenesses(matrix, factors)
    values, vectors = np.linalg.eigh(matrix - np.diag(unique))
    sizes = np.sqrt(np.maximum(values[-factors:], 0.0))
    plain = (vectors[:, -factors:] * sizes)[:, ::-1]
    turned = (
        rotate(plain, rotation) if factors > 1 and rotation else Rotated(plain, np.eye(factors))
    )
    return _described(matrix, turned, rotation if factors > 1 else None, unique)


def _described(
    matrix: Floats, turned: Rotated, rotation: Rotation | None, unique: Floats
) -> Exploratory:
    loadings, phi = _ordered(turned)
    structure = loadings @ phi
    communalities = (loadings * structure).sum(axis=1)
    residual = matrix - loadings @ structure.T
    k = len(matrix)
    np.fill_diagonal(residual, 0.0)
    return Exploratory(
        rotation=rotation,
        loadings=loadings,
        structure=structure,
        factor_correlations=phi,
        communalities=communalities,
        shares=(loadings * structure).sum(axis=0) / k,
        rms_residual=float(np.sqrt((residual**2).sum() / (k * (k - 1)))),
        is_heywood=is_heywood(unique),
    )


def _ordered(turned: Rotated) -> tuple[Floats, Floats]:
    """Most variance first, loadings mostly positive."""
    loadings, phi = turned.loadings, turned.factor_correlations
    order = np.argsort(-(loadings * (loadings @ phi)).sum(axis=0), kind="stable")
    signs = np.where(loadings[:, order].sum(axis=0) < 0, -1.0, 1.0)
    return loadings[:, order] * signs, phi[np.ix_(order, order)] * np.outer(signs, signs)
