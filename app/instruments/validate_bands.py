"""Bands without gap or overlap: every score a scale can reach lies in exactly one of them."""

from collections.abc import Iterator
from itertools import pairwise

from app.instruments.origin import Finding, Location
from app.instruments.reach import Reach
from app.instruments.rounding import TOLERANCE
from app.instruments.said import said
from app.instruments.scales import Band, BandSet, Scale


def check_bands(
    at: Location, entry: BandSet, scale: Scale, reach: Reach | None
) -> Iterator[Finding]:
    """Yield gaps, overlaps and disorder; bands that end must end where the next begins.

    Where the scores can be listed, each must lie in exactly one band. Where they cannot, a band
    may say its end only if the scores are whole numbers.
    """
    codes = [band.code for band in entry.bands]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield (
                (*at, "bands", index, "code"),
                said("band “{code}” stands twice; rename one.", code=code),
            )
    disorder = list(_check_order((*at, "bands"), entry.bands))
    yield from disorder
    if disorder:
        return
    lowest, highest = scale.range
    first, last = entry.bands[0], entry.bands[-1]
    if first.start is not None and abs(first.start - lowest) > TOLERANCE:
        yield (
            (*at, "bands", 0),
            said("the scores begin at {lowest:g}; start the first band there.", lowest=lowest),
        )
    if last.end is not None and abs(last.end - highest) > TOLERANCE:
        yield (
            (*at, "bands", len(codes) - 1),
            said("the scores end at {highest:g}; end the last band there.", highest=highest),
        )
    if reach is None or reach.scores is None:
        yield from _check_seams((*at, "bands"), entry.bands, scale)
        return
    for score in reach.scores:
        if not any(_holds(band, score) for band in entry.bands):
            yield (
                (*at, "bands"),
                said("no band holds the score {score:g}; close the gap.", score=score),
            )
            return


def _check_order(at: Location, bands: tuple[Band, ...]) -> Iterator[Finding]:
    for index, band in enumerate(bands):
        if band.start is None and index > 0:
            yield (*at, index), said("say where band “{band}” starts (“from”).", band=band.code)
        if band.start is not None and band.end is not None and band.end < band.start:
            yield (
                (*at, index),
                said("band “{band}” ends before it starts; swap the two.", band=band.code),
            )
    for index, (band, following) in enumerate(pairwise(bands)):
        reach = band.end if band.end is not None else band.start
        if reach is not None and following.start is not None and following.start <= reach:
            yield (
                (*at, index + 1),
                said(
                    "band “{following}” starts at {start:g}, inside “{band}”; let it "
                    "start after that, lowest band first.",
                    following=following.code,
                    start=following.start,
                    band=band.code,
                ),
            )


def _holds(band: Band, score: float) -> bool:
    return (band.start is None or band.start <= score) and (band.end is None or score <= band.end)


def _check_seams(at: Location, bands: tuple[Band, ...], scale: Scale) -> Iterator[Finding]:
    step = 0 if scale.convert.round == "none" and scale.method != "rules" else 1
    for index, (band, following) in enumerate(pairwise(bands)):
        if band.end is None or following.start is None:
            continue
        if following.start - band.end > step + TOLERANCE:
            yield (
                (*at, index, "to"),
                said(
                    "scores between {end:g} and {start:g} have no band; leave “to” out, "
                    "then the band ends where the next one starts.",
                    end=band.end,
                    start=following.start,
                ),
            )
