"""A school's own norms as figures: made of arrays, kept as JSON, read back for profiles.

The cells: girls and boys of a grade, then the grade, then everybody. A cell with fewer than
`FEWEST_IN_NORMS` students with a score has none, and its students are compared with the next wider
cell. So is a cell that would leave fewer than `FEWEST_IN_GROUP` students of the wider one over: the
two together would tell of those few.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from app.platform import clock
from app.profiles import LocalGroup, LocalNorms, LocalScale
from app.psychometrics.norms import Norms, norms
from app.psychometrics.refusal import CannotEstimate
from app.psychometrics.reliability import reliability
from app.results.domain import FEWEST_IN_GROUP, FEWEST_IN_NORMS
from app.results.queries import standing_norms
from app.results.sampling import Sample
from app.scoring import CompiledInstrument
from app.scoring.keyed import KeyedItems, keyed_items, points_per_sum_point, sum_scales
from app.scoring.people import SEX_CODES
from app.scoring.results import Bools, Floats


def figures_of(compiled: CompiledInstrument, sample: Sample) -> dict[str, Any]:
    """By scale with a score, its standard error and its cells; empty where too few answered."""
    scores = sample.scores(compiled).scales
    sums = {scale.code for scale in sum_scales(compiled)}
    people = sample.people
    counting = compiled.counting(sample.answers, sex=people.sex, age=people.age, grade=people.grade)
    figures: dict[str, Any] = {}
    for scale in compiled.instrument.scales:
        if scale.method == "rules":
            continue
        cells = list(_cells(scores[scale.code].score, sample))
        if not cells:
            continue
        error = None
        if scale.code in sums:
            items = keyed_items(compiled, scale, counting)
            error = _standard_error(items, abs(points_per_sum_point(scale, items)))
        figures[scale.code] = {"standard_error": error, "groups": cells}
    return figures


def read_figures(figures: Mapping[str, Any]) -> dict[str, LocalScale]:
    """What `figures_of` made, as profiles take it."""
    return {
        code: LocalScale(
            tuple(
                LocalGroup(
                    **{name: group[name] for name in _PLAIN},
                    ranks={score: (rank, low, high) for score, rank, low, high in group["ranks"]},
                )
                for group in scale["groups"]
            ),
            scale["standard_error"],
        )
        for code, scale in figures.items()
    }


def local_norms(site_ids: Collection[int]) -> dict[tuple[int, str], LocalNorms]:
    """By school and instrument, what profiles show beside published norms."""
    return {
        (row.site_id, row.instrument_code): LocalNorms(
            version=row.instrument_version.version,
            campaigns=tuple(one.title for one in row.campaigns),
            approved_on=clock.local(row.approved_at).date(),
            scales=read_figures(row.figures),
        )
        for row in standing_norms(site_ids)
        if row.approved_at is not None
    }


_PLAIN = ("sex", "grade", "size", "mean", "mean_low", "mean_high")


def _cells(scores: Floats, sample: Sample) -> Iterator[dict[str, Any]]:
    """The narrowest first, so that the first one that fits a student is theirs."""
    scored = ~np.isnan(scores)
    everybody = _cell(scores, scored, None, None)
    if everybody is None:
        return
    people, wide, narrow = sample.people, [], []
    for grade in sorted({float(one) for one in people.grade[scored & ~np.isnan(people.grade)]}):
        of_grade = scored & (people.grade == grade)
        wide.append(_within(scores, of_grade, scored, None, int(grade)))
        narrow += [
            _within(scores, of_grade & (people.sex == SEX_CODES[sex]), of_grade, sex, int(grade))
            for sex in ("female", "male")
        ]
    yield from (cell for cell in (*narrow, *wide, everybody) if cell is not None)


def _within(
    scores: Floats, members: Bools, wider: Bools, sex: str | None, grade: int
) -> dict[str, Any] | None:
    left = int(wider.sum() - members.sum())
    return None if 0 < left < FEWEST_IN_GROUP else _cell(scores, members, sex, grade)


def _cell(
    scores: Floats, members: Bools, sex: str | None, grade: int | None
) -> dict[str, Any] | None:
    if members.sum() < FEWEST_IN_NORMS:
        return None
    try:
        found: Norms = norms(scores[members])
    except CannotEstimate:
        return None
    return {
        "sex": sex,
        "grade": grade,
        "size": found.people,
        "mean": found.mean.value,
        "mean_low": found.mean.low,
        "mean_high": found.mean.high,
        "ranks": [
            [row.score, row.percentile.value, row.percentile.low, row.percentile.high]
            for row in found.rows
        ],
    }


def _standard_error(items: KeyedItems, unit: float) -> float | None:
    """In points of the score; None where it cannot be told, or too few answered everything."""
    if (~np.isnan(items.matrix).any(axis=1)).sum() < FEWEST_IN_NORMS:
        return None
    try:
        found = reliability(items.matrix, least=items.least, most=items.most, names=items.codes)
    except CannotEstimate:
        return None
    return None if not found.sem else found.sem * unit
