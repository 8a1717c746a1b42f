"""Whose answers to look at again: several signs together, with the rate of false alarms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from app.psychometrics.careless import CarelessIndices, Yardstick, careless_indices
from app.psychometrics.cases import Bools, Floats, as_matrix
from app.psychometrics.copula import AnswerModel

Side = Literal["high", "low"]

#: Which end of an index is a sign. Both of variability: always the same, and jumping about.
SIGNS: tuple[tuple[str, Side], ...] = (
    ("longstring", "high"),
    ("mean_run", "high"),
    ("irv", "low"),
    ("irv", "high"),
    ("mahalanobis", "high"),
    ("even_odd", "low"),
    ("person_total", "low"),
)
#: Share of attentive people beyond the limit of one sign, and how many signs make a doubt.
BEYOND, SIGNS_NEEDED = 0.01, 2
#: A correlation over fewer scales than this says nothing about one person: it is not a sign.
FEWEST_SCALES = 5
MADE_UP = 5_000


@dataclass(frozen=True)
class Limit:
    """Beyond `limit` (above for high, below for low) an answer sheet shows the sign.

    `false_alarms` is the share of attentive people beyond it: about 1 %, less where the index has
    few steps, 0 where even its end is usual in this sample.
    """

    index: str
    side: Side
    limit: float
    false_alarms: float


@dataclass(frozen=True)
class Doubt:
    """The combined judgement of n people.

    `beyond` (n by limits) tells who is beyond what; `is_doubtful` who shows at least two signs, a
    quick answer being one. `false_alarms`: the share of attentive people who would be doubtful,
    with its standard error from the finite simulation; `false_alarms_if_fast` the same among those
    who answered too fast, for whom one more sign is enough. `found_random`, `found_straight`: the
    shares of people who would be found when they tick at random, or the same option throughout.
    """

    limits: tuple[Limit, ...]
    beyond: Bools
    is_doubtful: Bools
    false_alarms: float
    false_alarms_error: float
    false_alarms_if_fast: float
    found_random: float
    found_straight: float


def doubt(
    answers: ArrayLike,
    indices: CarelessIndices,
    *,
    keyed: Callable[[Floats], Sequence[Floats]],
    options: Sequence[ArrayLike],
    fast: ArrayLike | None = None,
    rng: np.random.Generator,
) -> Doubt:
    """Judge every index against attentive people, who are simulated.

    Attentive people are 10,000 made-up ones who answer like this sample: the same distribution of
    each item, the same correlations between items (a Gaussian copula, see `AnswerModel`), the same
    patterns of missing answers (of those who answered something). The limits come from one half of
    them, the rates of false alarm from the other. The sample itself holds careless people: they
    make correlations smaller, so that the made-up attentive ones are a little less consistent than
    real ones, and the limits a little lax.

    Parameters
    ----------
    answers : array_like, shape (n, k)
        As asked and as answered, NaN for missing.
    indices : CarelessIndices
        Of these answers.
    keyed : callable
        From such a matrix to the turned items of each scale, for `even_odd`.
    options : sequence of array_like
        The answers that each item allows, for people who tick at random.
    fast : array_like of bool, shape (n,), optional
        Who answered faster than one can read.
    rng : numpy.random.Generator
        The same seed gives the same limits.

    Returns
    -------
    Doubt
        A row a person of `answers`. An index that is NaN for a person shows no sign, one that is
        NaN for every attentive person has no limit, and `even_odd` has one from five scales on.

    Raises
    ------
    CannotEstimate
        If fewer than 30 people answered everything, or there are fewer than two items.
    """
    matrix = as_matrix(answers)
    model, yardstick = AnswerModel.of(matrix), Yardstick.of(matrix)

    patterns = np.isnan(matrix)[~np.isnan(matrix).all(axis=1)]

    def measured(made_up: Floats) -> CarelessIndices:
        holes = patterns[rng.integers(len(patterns), size=len(made_up))]
        holed = np.where(holes, np.nan, made_up)
        return careless_indices(holed, scales=keyed(holed), yardstick=yardstick)

    learnt, tried = (measured(model.draw(MADE_UP, rng)) for _ in range(2))
    has_scales = len(keyed(matrix[:1])) >= FEWEST_SCALES
    limits = tuple(_limits(learnt, tried, without=() if has_scales else ("even_odd",)))
    signs = _signs(tried, limits).sum(axis=1)
    false_alarms = float(np.mean(signs >= SIGNS_NEEDED))
    beyond = _signs(indices, limits)
    quick = np.zeros(len(matrix), np.bool_) if fast is None else np.asarray(fast, np.bool_)

    def found(made_up: Floats) -> float:
        shown = _signs(measured(made_up), limits).sum(axis=1)
        return float(np.mean(shown >= SIGNS_NEEDED))

    return Doubt(
        limits=limits,
        beyond=beyond,
        is_doubtful=beyond.sum(axis=1) + quick >= SIGNS_NEEDED,
        false_alarms=false_alarms,
        false_alarms_error=float(np.sqrt(false_alarms * (1 - false_alarms) / MADE_UP)),
        false_alarms_if_fast=float(np.mean(signs >= SIGNS_NEEDED - 1)),
        found_random=found(_random(options, rng)),
        found_straight=found(_straight(options, rng)),
    )


def _limits(
    learnt: CarelessIndices, tried: CarelessIndices, *, without: Sequence[str]
) -> list[Limit]:
    limits = []
    for index, side in SIGNS:
        values = _known(learnt, index)
        if len(values) == 0 or index in without:
            continue
        share = 1 - BEYOND if side == "high" else BEYOND
        limit = float(np.quantile(values, share, method="inverted_cdf"))
        over = _is_beyond(getattr(tried, index), side, limit)
        limits.append(Limit(index, side, limit, float(np.mean(over))))
    return limits


def _known(indices: CarelessIndices, name: str) -> Floats:
    values: Floats = getattr(indices, name)
    return values[~np.isnan(values)]


def _signs(indices: CarelessIndices, limits: Sequence[Limit]) -> Bools:
    return np.column_stack(
        [_is_beyond(getattr(indices, one.index), one.side, one.limit) for one in limits]
    )


def _is_beyond(values: Floats, side: Side, limit: float) -> Bools:
    """A value at the limit is not beyond it, whatever rounding did to it."""
    margin = 1e-9 * max(abs(limit), 1.0)
    return values > limit + margin if side == "high" else values < limit - margin


def _random(options: Sequence[ArrayLike], rng: np.random.Generator) -> Floats:
    return np.column_stack([rng.choice(np.asarray(one, float), MADE_UP) for one in options])


def _straight(options: Sequence[ArrayLike], rng: np.random.Generator) -> Floats:
    """The same place among the options throughout."""
    place = rng.random(MADE_UP)
    columns = []
    for one in options:
        values = np.sort(np.asarray(one, float))
        columns.append(values[(place * len(values)).astype(int)])
    return np.column_stack(columns)
