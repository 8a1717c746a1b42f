"""Turning factors so that each item belongs to few of them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.psychometrics.cases import Floats

Rotation = Literal["oblimin", "promax", "varimax"]

_STEPS = 5000
_DONE = 1e-10


@dataclass(frozen=True)
class Rotated:
    """Turned loadings (k, m) and the correlations of the factors (m, m)."""

    loadings: Floats
    factor_correlations: Floats


def rotate(loadings: Floats, rotation: Rotation) -> Rotated:
    """Turn unrotated loadings (k, m), m at least two.

    `varimax`: uncorrelated factors, Kaiser-normalised rows (`stats::varimax`). `promax`: varimax,
    then towards its fourth powers (`stats::promax`, m = 4). `oblimin`: correlated factors, gamma 0
    (quartimin), rows as they are (`GPArotation::oblimin`, the default of `psych::fa`).

    Parameters
    ----------
    loadings : array, shape (k, m)
        Of k items on m uncorrelated factors.
    rotation : {"oblimin", "promax", "varimax"}

    Returns
    -------
    Rotated
        Λ and Φ with Λ Φ Λ' as before the turn.

    References
    ----------
    Kaiser 1958, Psychometrika 23:187. Hendrickson & White 1964, Br J Stat Psychol 17:65. Jennrich
    2002, Psychometrika 67:7 (gradient projection).
    """
    if rotation == "oblimin":
        return oblimin(loadings)
    turn = _varimax(loadings)
    if rotation == "varimax":
        return Rotated(loadings @ turn, np.eye(loadings.shape[1]))
    return _promax(loadings @ turn)


def _varimax(loadings: Floats) -> Floats:
    """The orthogonal turn that maximises the variance of squared loadings, by pairs of factors."""
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    rows = loadings / np.where(lengths > 0, lengths, 1.0)
    m = rows.shape[1]
    turn = np.eye(m)
    for _ in range(_STEPS):
        largest = 0.0
        for p in range(m - 1):
            for q in range(p + 1, m):
                angle = _best_angle(rows[:, p], rows[:, q])
                largest = max(largest, abs(angle))
                plane = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
                rows[:, [p, q]] = rows[:, [p, q]] @ plane
                turn[:, [p, q]] = turn[:, [p, q]] @ plane
        if largest < _DONE:
            break
    return turn


def _best_angle(x: Floats, y: Floats) -> float:
    """Kaiser's angle for one plane."""
    u, v = x**2 - y**2, 2 * x * y
    a, b = u.sum(), v.sum()
    top = 2 * (u @ v) - 2 * a * b / len(x)
    below = (u**2 - v**2).sum() - (a**2 - b**2) / len(x)
    return float(np.arctan2(top, below)) / 4


def _promax(loadings: Floats, power: int = 4) -> Rotated:
    target = loadings * np.abs(loadings) ** (power - 1)
    turn = np.linalg.lstsq(loadings, target, rcond=None)[0]
    turn = turn * np.sqrt(np.diag(np.linalg.inv(turn.T @ turn)))
    phi: Floats = np.linalg.inv(turn.T @ turn)
    return Rotated(loadings @ turn, phi)


def oblimin(loadings: Floats) -> Rotated:
    r"""Minimise Σ_i Σ_{p<q} λ_ip² λ_iq² / 2 over oblique turns, by gradient projection.

    There can be more than one minimum, and places from which there is no way down. It starts from
    varimax and from the unrotated position, where `GPArotation`, and `psych::fa` with it, starts;
    the lower end counts, so that the value is at most theirs. A still lower one may exist.

    Parameters
    ----------
    loadings : array, shape (k, m)
        Unrotated.

    References
    ----------
    Jennrich 2002, Psychometrika 67:7. Bernaards & Jennrich 2005, Educ Psychol Meas 65:676.
    """
    starts = _varimax(loadings), np.eye(loadings.shape[1])
    found = [_descended(loadings, start) for start in starts]
    turn, _ = min(found, key=lambda one: round(one[1], 9))
    return Rotated(loadings @ np.linalg.inv(turn).T, turn.T @ turn)


def _descended(loadings: Floats, turn: Floats) -> tuple[Floats, float]:
    """The minimum below a start, and its value."""
    size = 1.0
    value, gradient = _quartimin(loadings, turn)
    for _ in range(_STEPS):
        projected = gradient - turn * (turn * gradient).sum(axis=0)
        length = float(np.sqrt((projected**2).sum()))
        if length < _DONE:
            break
        size *= 2
        for _ in range(40):
            tried = turn - size * projected
            tried /= np.sqrt((tried**2).sum(axis=0))
            new, its_gradient = _quartimin(loadings, tried)
            if value - new > 0.5 * length**2 * size:
                break
            size /= 2
        if new >= value:
            break
        turn, value, gradient = tried, new, its_gradient
    return turn, value


def _quartimin(loadings: Floats, turn: Floats) -> tuple[float, Floats]:
    inverse = np.linalg.inv(turn)
    turned = loadings @ inverse.T
    squares = turned**2
    others = squares.sum(axis=1, keepdims=True) - squares
    gradient: Floats = -(turned.T @ (turned * others) @ inverse).T
    return float((squares * others).sum()) / 4, gradient
