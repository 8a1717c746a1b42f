"""Which band a score falls into: a band begins at its lower edge and ends where the next begins."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from app.instruments.scales import BandSet, Cutoff, Scale
from app.instruments.words import Group
from app.scoring.people import People
from app.scoring.results import Bools, Floats, Indices
from app.scoring.rounding import TOLERANCE

S = TypeVar("S", BandSet, Cutoff)


def of_set(entries: tuple[S, ...], chosen: str | None) -> list[S]:
    """Return the entries of the set called `chosen`; of the first set where there is none."""
    names = [entry.set for entry in entries]
    wanted = chosen if chosen in names else next(iter(names), None)
    return [entry for entry in entries if entry.set == wanted]


@dataclass(frozen=True)
class _Edges:
    group: Group | None
    edges: Floats
    codes: Indices

    @classmethod
    def of(cls, entry: BandSet, codes: tuple[str, ...]) -> "_Edges":
        edges = [-np.inf, *(band.start for band in entry.bands[1:])]
        return cls(
            entry.group,
            np.array(edges, dtype=np.float64) - TOLERANCE,
            np.array([codes.index(band.code) for band in entry.bands]),
        )


@dataclass(frozen=True)
class BandPlan:
    """The band set a scale uses, as edges to search in."""

    codes: tuple[str, ...]
    entries: tuple[_Edges, ...]

    @classmethod
    def of(cls, scale: Scale, chosen: str | None = None) -> "BandPlan":
        """Prepare the bands of `scale`: the entries of the chosen set, else of its first."""
        entries = of_set(scale.bands, chosen)
        codes = scale.band_codes
        return cls(codes, tuple(_Edges.of(entry, codes) for entry in entries))

    def find(self, score: Floats, people: People, within_ages: Bools) -> Indices:
        """Return the index of each score's band, -1 where there is none."""
        found = np.full(len(score), -1, dtype=np.int64)
        open_ = within_ages & ~np.isnan(score)
        for entry in self.entries:
            mine = open_ if entry.group is None else open_ & people.in_group(entry.group)
            places = np.searchsorted(entry.edges, score, side="right") - 1
            np.copyto(found, entry.codes[np.minimum(places, len(entry.codes) - 1)], where=mine)
            open_ = open_ & ~mine
        return found
