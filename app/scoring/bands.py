"""Which band a score falls into: a band begins at its lower edge and ends where the next begins."""

from dataclasses import dataclass

import numpy as np

from app.instruments.scales import BandSet, Scale
from app.instruments.words import Group
from app.scoring.people import People
from app.scoring.results import Bools, Floats, Indices
from app.scoring.rounding import TOLERANCE


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
    def of(cls, scale: Scale) -> "BandPlan":
        """Prepare the bands of `scale`: the entries of its first set."""
        entries = [entry for entry in scale.bands if entry.set == scale.bands[0].set]
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
