"""Which band a score falls into: a band begins at its lower edge and ends where the next begins."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from app.instruments.rounding import TOLERANCE
from app.instruments.scales import BandSet, Cutoff, Scale
from app.scoring.people import Groups, People, groups_of
from app.scoring.results import Bools, Floats, Indices

S = TypeVar("S", BandSet, Cutoff)


def of_set(entries: tuple[S, ...], chosen: str | None) -> list[S]:
    """Return the entries of the set called `chosen`; of the first set where there is none."""
    names = [entry.set for entry in entries]
    wanted = chosen if chosen in names else next(iter(names), None)
    return [entry for entry in entries if entry.set == wanted]


@dataclass(frozen=True)
class _Edges:
    lower: Floats
    codes: Indices

    @classmethod
    def of(cls, entry: BandSet, codes: tuple[str, ...]) -> "_Edges":
        lower = [-np.inf, *(band.start for band in entry.bands[1:])]
        return cls(
            np.array(lower, dtype=np.float64) - TOLERANCE,
            np.array([codes.index(band.code) for band in entry.bands]),
        )

    def find(self, score: Floats) -> Indices:
        places = np.searchsorted(self.lower, score, side="right") - 1
        return self.codes[np.minimum(places, len(self.codes) - 1)]


@dataclass(frozen=True)
class BandPlan:
    """The band set a scale uses, as edges to search in, one entry a group of people."""

    codes: tuple[str, ...]
    groups: Groups
    entries: tuple[_Edges, ...]

    @classmethod
    def of(cls, scale: Scale, chosen: str | None = None) -> "BandPlan":
        """Prepare the bands of `scale`: the entries of the chosen set, else of its first."""
        entries, codes = of_set(scale.bands, chosen), scale.band_codes
        return cls(
            codes,
            groups_of(tuple(entry.group for entry in entries)),
            tuple(_Edges.of(entry, codes) for entry in entries),
        )

    def find(self, score: Floats, people: People, within_ages: Bools) -> Indices:
        """Return the index of each score's band, -1 where there is none."""
        found = np.full(len(score), -1, dtype=np.int64)
        which = np.where(within_ages & ~np.isnan(score), people.which(self.groups), -1)
        for place, entry in enumerate(self.entries):
            np.copyto(found, entry.find(score), where=which == place)
        return found
