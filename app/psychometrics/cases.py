"""Checked matrices: the shape every function of this package takes."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.psychometrics.refusal import CannotEstimate

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def as_matrix(answers: ArrayLike) -> Floats:
    """Return `answers` as a matrix of people by items, NaN for missing.

    Parameters
    ----------
    answers : array_like, shape (n, k)
        Anything NumPy reads as numbers.

    Raises
    ------
    CannotEstimate
        If it has not two dimensions, or holds an infinite number.
    """
    matrix = np.asarray(answers, dtype=np.float64, order="F")  # items are read one by one
    if matrix.ndim != 2:  # noqa: PLR2004 -- people by items
        raise CannotEstimate("Answers are a table of people by items.")
    if np.isinf(matrix).any():
        raise CannotEstimate("An answer is infinite; correct it or leave it empty.")
    return matrix


def complete_cases(answers: ArrayLike, *, least: int) -> Floats:
    """Return the rows of `answers` without a missing answer.

    Parameters
    ----------
    answers : array_like, shape (n, k)
        People by items, NaN for missing.
    least : int
        The fewest complete rows the caller can work with.

    Raises
    ------
    CannotEstimate
        If fewer than `least` rows are complete.
    """
    matrix = as_matrix(answers)
    complete = np.asfortranarray(matrix[~np.isnan(matrix).any(axis=1)])
    if len(complete) < least:
        raise CannotEstimate(
            f"Only {len(complete)} of {len(matrix)} people answered everything; "
            f"at least {least} are needed."
        )
    return complete
