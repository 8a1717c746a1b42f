"""The axis of a scale for one person: its bands edge to edge, and where following up begins."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from app.instruments.scales import Band, BandSet, Cutoff, Scale
from app.instruments.words import Group
from app.profiles.model import CutoffLine, Zone
from app.profiles.phrases import say
from app.scoring import Person
from app.scoring.report import number_text

Grouped = TypeVar("Grouped", BandSet, Cutoff)


def bands_for(scale: Scale, person: Person) -> BandSet | None:
    """Return the entry of the scale's first band set that is meant for `person`."""
    return _meant_for(scale.bands, person)


def cutoff_for(scale: Scale, person: Person) -> Cutoff | None:
    """Return the entry of the scale's first cut-off set that is meant for `person`."""
    return _meant_for(scale.cutoffs, person)


def zones(scale: Scale, entry: BandSet, locale: str) -> tuple[Zone, ...]:
    """Return the bands from the axis' lower end to its upper end, without gaps.

    An edge lies halfway between the last score of one band and the first score of the next, so
    that no score lies on a line.
    """
    edges = [float(scale.range[0]), *_starts(entry), float(scale.range[1])]
    ranks = range(len(entry.bands))
    if scale.higher_is == "better":
        ranks = range(len(entry.bands) - 1, -1, -1)
    return tuple(
        Zone(bottom, top, _name(band, locale), rank)
        for (bottom, top), band, rank in zip(pairwise(edges), entry.bands, ranks, strict=True)
    )


def common_title(entry: BandSet, locale: str) -> str:
    """Return what all band names say before their colon, “情绪困扰水平”, or nothing."""
    before = {band.label.get(locale).rpartition("：")[0] for band in entry.bands}
    return before.pop() if len(before) == 1 else ""


def cutoff_line(cutoff: Cutoff, entry: BandSet | None, locale: str) -> CutoffLine:
    """Return the cut-off with its edge on the axis and its words."""
    bound = "ge" if cutoff.at_least is not None else "le"
    threshold = cutoff.at_least if cutoff.at_least is not None else cutoff.at_most or 0
    text = say(locale, bound, value=number_text(threshold))
    return CutoffLine(
        edge=_edge(cutoff, entry),
        text=text,
        label=say(locale, "cutoff_line", cutoff=text),
        source=cutoff.source,
        population=cutoff.population,
    )


def _starts(entry: BandSet) -> list[float]:
    """Where each band begins on the axis: halfway between its first score and the one below."""
    return [_middle(below, band) for below, band in pairwise(entry.bands)]


def _middle(below: Band, band: Band) -> float:
    start = float(band.start or 0)
    return start if below.end is None else (below.end + start) / 2


def _edge(cutoff: Cutoff, entry: BandSet | None) -> float:
    """Where the cut-off lies on the axis: between the scores that reach it and those that do not.

    That is the edge of a band where the two agree; else half a step beyond the threshold.
    """
    bands = entry.bands if entry else ()
    gaps = [
        (float(below.end), float(band.start))
        for below, band in pairwise(bands)
        if below.end is not None and band.start is not None
    ]
    is_least = cutoff.at_least is not None
    threshold = float((cutoff.at_least if is_least else cutoff.at_most) or 0)
    for end, start in gaps:
        if (end < threshold <= start) if is_least else (end <= threshold < start):
            return (end + start) / 2
    half = min((start - end for end, start in gaps), default=0.0) / 2
    return threshold - half if is_least else threshold + half


def _name(band: Band, locale: str) -> str:
    return band.label.get(locale).rpartition("：")[2]


def _meant_for(entries: Sequence[Grouped], person: Person) -> Grouped | None:
    return next((e for e in entries if e.set == entries[0].set and _is_for(e.group, person)), None)


def _is_for(group: Group | None, person: Person) -> bool:
    return group is None or group.includes(sex=person.sex, age=person.age, grade=person.grade)
