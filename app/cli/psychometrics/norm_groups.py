"""Who belongs to which group of norms: by sex, school year and age in completed years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import click
import numpy as np

from app.cli.psychometrics.sample import Sample
from app.scoring.people import SEXES
from app.scoring.results import Floats, Indices


class Dimension(StrEnum):
    """What groups may differ in."""

    SEX = "sex"
    GRADE = "grade"
    AGE = "age"


@dataclass(frozen=True, order=True)
class NormGroupKey:
    """One group; what it does not name does not matter. `sex` is 1 for male, 2 for female."""

    sex: float = -1
    grade: float = -1
    age: float = -1

    def as_mapping(self) -> dict[str, object]:
        """As norms.yaml names a group; empty for everybody."""
        named: dict[str, object] = {}
        if self.sex >= 0:
            named["sex"] = SEXES[self.sex]
        if self.age >= 0:
            named["ages"] = {"from": int(self.age), "to": int(self.age)}
        if self.grade >= 0:
            named["grades"] = [int(self.grade)]
        return named

    def __str__(self) -> str:
        parts: list[str] = [SEXES[self.sex]] if self.sex >= 0 else []
        parts += [f"grade {self.grade:g}"] if self.grade >= 0 else []
        parts += [f"age {self.age:g}"] if self.age >= 0 else []
        return ", ".join(parts) or "everybody"


@dataclass(frozen=True)
class Members:
    """The rows of each group, in the order of the groups, and how many people are in none."""

    rows: Mapping[NormGroupKey, Indices]
    unknown: int


def grouped(sample: Sample, by: Sequence[Dimension]) -> Members:
    """Sort people into groups; stop where a column is missing."""
    columns = [_column(sample, dimension) for dimension in by]
    table = np.column_stack([*columns, np.zeros(len(sample))])
    known = np.flatnonzero(~np.isnan(table).any(axis=1))
    distinct, places = np.unique(table[known], axis=0, return_inverse=True)
    keys = [NormGroupKey(**dict(zip(by, values, strict=False))) for values in distinct.tolist()]
    rows = {key: known[places.ravel() == place] for place, key in enumerate(keys)}
    return Members({key: rows[key] for key in sorted(rows)}, len(sample) - len(known))


def _column(sample: Sample, dimension: Dimension) -> Floats:
    column: Floats | None = getattr(sample.people, dimension)
    if column is None:
        raise click.ClickException(
            f"--by {dimension}: row 1: there is no column {dimension}; add it, or name it under "
            f"“{dimension}” in the map."
        )
    return np.floor(column)
