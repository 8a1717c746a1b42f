r"""The cumulative logit of ordered answers: probabilities and derivatives without underflow.

An answer has categories 0 … m. With predictors u_1 > … > u_m, P(Y ≥ c) = σ(u_c), σ the logistic
function, so that P(Y = c) = σ(u_c) - σ(u_{c+1}) with u_0 = ∞ and u_{m+1} = -∞. The difference is
never formed: with δ_c = u_c - u_{c+1} it is σ(u_c) σ(-u_{c+1}) (1 - exp(-δ_c)).
"""

import numpy as np

from app.psychometrics.cases import Floats


def log_probabilities(predictors: Floats) -> Floats:
    r"""Return log P(Y = c) for every category.

    Parameters
    ----------
    predictors : array, shape (..., m)
        u_1 > … > u_m along the last axis, m at least 1, finite.

    Returns
    -------
    array, shape (..., m + 1)
        Finite, also where the probability itself is too small for a float.
    """
    above, below = -np.logaddexp(0.0, -predictors), -np.logaddexp(0.0, predictors)
    inside = np.log(-np.expm1(np.diff(predictors, axis=-1)))
    middle = above[..., :-1] + below[..., 1:] + inside
    return np.concatenate([below[..., :1], middle, above[..., -1:]], axis=-1)


def slopes(predictors: Floats) -> tuple[Floats, Floats]:
    r"""Return the derivatives of log P(Y = c) by its upper u_c and its lower u_{c+1}.

    With κ_c = 1 / (exp(δ_c) - 1) they are σ(-u_c) + κ_c and -σ(u_{c+1}) - κ_c; without κ in the
    first and last category, which have one neighbour. A category without an upper (the first) or a
    lower predictor (the last) has 0 there. Their sum, the derivative by a common shift, is
    1 - σ(u_c) - σ(u_{c+1}).

    Parameters
    ----------
    predictors : array, shape (..., m)
        As in `log_probabilities`.

    Returns
    -------
    upper, lower : arrays, shape (..., m + 1)
    """
    from scipy.special import expit

    near = _nearness(predictors)
    none = np.zeros((*predictors.shape[:-1], 1))
    upper = np.concatenate([none, expit(-predictors)], axis=-1)
    lower = np.concatenate([-expit(predictors), none], axis=-1)
    upper[..., 1:-1] += near
    lower[..., 1:-1] -= near
    return upper, lower


def spreads(predictors: Floats) -> Floats:
    """Return σ(u_c) σ(-u_c), shape (..., m): minus the curvature of log σ(u_c) and log σ(-u_c).

    Above 0 and at most ¼; `predictors` as in `log_probabilities`.
    """
    from scipy.special import expit

    spread: Floats = expit(predictors) * expit(-predictors)
    return spread


def closeness(predictors: Floats) -> Floats:
    """Return κ_c (1 + κ_c), shape (..., m - 1): the curvature that two near predictors share.

    It depends on their distance alone; `predictors` as in `log_probabilities`.
    """
    near = _nearness(predictors)
    shared: Floats = near * (1 + near)
    return shared


def _nearness(predictors: Floats) -> Floats:
    """κ_c = 1 / (exp(δ_c) - 1), written so that predictors far apart do not overflow."""
    apart = np.diff(predictors, axis=-1)  # -δ
    near: Floats = np.exp(apart) / -np.expm1(apart)
    return near
