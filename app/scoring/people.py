"""Who the answers belong to, as arrays: sex, age and grade decide bands, norms and age limits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, reduce

import numpy as np
from numpy.typing import ArrayLike

from app.instruments.words import AgeRange, Group, Sex
from app.scoring.results import Bools, Floats, Indices, Person

SEXES: dict[float, Sex] = {1.0: "male", 2.0: "female"}
SEX_CODES: dict[str | None, float] = {"male": 1.0, "female": 2.0, None: np.nan}


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups in the order in which they are tried; None is everybody. Equal ones are one object."""

    members: tuple[Group | None, ...]


@cache
def groups_of(members: tuple[Group | None, ...]) -> Groups:
    """Return the one object for these groups, so that people are sorted into them only once."""
    return Groups(members)


@dataclass(frozen=True)
class People:
    """One element a person; NaN is unknown, sex is 1 for male and 2 for female."""

    sex: Floats
    age: Floats
    grade: Floats
    _places: dict[Groups, Indices] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        size: int,
        sex: Sequence[str | None] | Floats | None,
        age: ArrayLike | None,
        grade: ArrayLike | None,
    ) -> "People":
        """Build the arrays for `size` people from what is known."""
        unknown = np.full(size, np.nan)
        return cls(
            unknown if sex is None else _sex_codes(sex),
            unknown if age is None else np.asarray(age, dtype=np.float64),
            unknown if grade is None else np.asarray(grade, dtype=np.float64),
        )

    @classmethod
    def one(cls, person: Person) -> "People":
        """Build the arrays for one person."""
        return cls(
            np.array([SEX_CODES[person.sex]]),
            np.array([np.nan if person.age is None else person.age]),
            np.array([np.nan if person.grade is None else person.grade]),
        )

    def which(self, groups: Groups) -> Indices:
        """Return the place of the first group each person belongs to, -1 for none.

        Somebody whose sex, age or grade is unknown belongs to no group that asks for it.
        """
        if groups not in self._places:
            places = np.full(len(self.age), -1, dtype=np.int64)
            for place, group in enumerate(groups.members):
                places[(places < 0) & self._in_group(group)] = place
            self._places[groups] = places
        return self._places[groups]

    def _in_group(self, group: Group | None) -> Bools:
        inside = np.ones(len(self.age), dtype=np.bool_)
        if group is None:
            return inside
        if group.sex is not None:
            inside &= self.sex == SEX_CODES[group.sex]
        if group.ages is not None:
            inside &= self._aged(group.ages)
        if group.years is not None:
            inside &= reduce(np.logical_or, (self.grade == year for year in group.years))
        return inside

    def within(self, ages: AgeRange) -> Bools:
        """Tell who is inside the instrument's ages; an unknown age has no limit."""
        return np.isnan(self.age) | self._aged(ages)

    def _aged(self, ages: AgeRange) -> Bools:
        least = -np.inf if ages.least is None else ages.least
        most = np.inf if ages.most is None else ages.most + 1
        return (self.age >= least) & (self.age < most)


def _sex_codes(sex: Sequence[str | None] | Floats) -> Floats:
    if isinstance(sex, np.ndarray) and sex.dtype.kind == "f":
        return sex
    return np.array([SEX_CODES[one] for one in sex])
