"""What makes a scale consistent: known items, a workable missing rule, seamless bands."""

from collections.abc import Iterator
from itertools import pairwise

from app.instruments.model import Instrument
from app.instruments.origin import Location
from app.instruments.reach import reachable_scores
from app.instruments.scales import Band, BandSet, Cutoff, Scale

Finding = tuple[Location, str]

_NEEDED = {
    "refuse": (),
    "prorate": ("at_least", "round"),
    "available": ("at_least",),
    "substitute": ("at_least", "value"),
}


def check_scales(instrument: Instrument) -> Iterator[Finding]:
    """Yield every inconsistency of the scales."""
    options = {item.code: item.values for item in instrument.items}
    for index, scale in enumerate(instrument.scales):
        at: Location = ("scales", index)
        unknown = list(_check_items(at, scale, set(options)))
        yield from unknown
        yield from _check_missing_rule((*at, "missing"), scale)
        if not unknown:
            yield from _check_meaning(at, scale, reachable_scores(scale, options))


def _check_items(at: Location, scale: Scale, known: set[str]) -> Iterator[Finding]:
    for index, code in enumerate(scale.items):
        if code not in known:
            yield (*at, "items", index), f"no item is called “{code}”; correct the name."
        if code in scale.items[:index]:
            yield (*at, "items", index), f"{code} is listed twice; remove one."
    for index, code in enumerate(scale.reverse):
        if code not in scale.items:
            yield (*at, "reverse", index), f"{code} is not an item of {scale.code}; add it there."


def _check_missing_rule(at: Location, scale: Scale) -> Iterator[Finding]:
    rule = scale.missing
    needed = _NEEDED[rule.rule]
    for name in ("at_least", "round", "value"):
        given = getattr(rule, name) is not None
        if name in needed and not given:
            yield at, f"the rule “{rule.rule}” needs “{name}”; add it."
        if given and name not in needed:
            yield (*at, name), f"the rule “{rule.rule}” has no “{name}”; remove it."
    if rule.at_least is not None and rule.at_least > len(scale.items):
        yield (
            (*at, "at_least"),
            f"{scale.code} has only {len(scale.items)} items; ask for no more than that.",
        )


def _check_meaning(
    at: Location, scale: Scale, scores: tuple[float, ...] | None
) -> Iterator[Finding]:
    if scores is not None and (scores[0], scores[-1]) != scale.range:
        yield (
            (*at, "range"),
            f"the options give {scores[0]:g} to {scores[-1]:g}; correct the range or the items.",
        )
        return
    for index, entry in enumerate(scale.bands):
        yield from _check_bands((*at, "bands", index), entry, scale, scores)
    for index, cutoff in enumerate(scale.cutoffs):
        yield from _check_cutoff((*at, "cutoffs", index), cutoff, scale)


def _check_bands(
    at: Location, entry: BandSet, scale: Scale, scores: tuple[float, ...] | None
) -> Iterator[Finding]:
    codes = [band.code for band in entry.bands]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield (*at, "bands", index, "code"), f"band “{code}” stands twice; rename one."
    disorder = list(_check_order((*at, "bands"), entry.bands))
    yield from disorder
    if disorder:
        return
    lowest, highest = scale.range
    first, last = entry.bands[0], entry.bands[-1]
    if first.start is not None and first.start > lowest:
        yield (*at, "bands", 0), f"nothing covers {lowest:g}; start the first band there."
    if last.end is not None and last.end < highest:
        yield (*at, "bands", len(codes) - 1), f"nothing covers {highest:g}; extend the last band."
    for score in scores or ():
        if lowest <= score <= highest and not any(_holds(band, score) for band in entry.bands):
            yield (*at, "bands"), f"no band holds the score {score:g}; close the gap."
            return


def _check_order(at: Location, bands: tuple[Band, ...]) -> Iterator[Finding]:
    for index, band in enumerate(bands):
        if band.start is None and index > 0:
            yield (*at, index), f"say where band “{band.code}” starts (“from”)."
        if band.start is not None and band.end is not None and band.end < band.start:
            yield (*at, index), f"band “{band.code}” ends before it starts; swap the two."
    for index, (band, following) in enumerate(pairwise(bands)):
        reach = band.end if band.end is not None else band.start
        if reach is not None and following.start is not None and following.start <= reach:
            yield (
                (*at, index + 1),
                f"band “{following.code}” starts at {following.start:g}, inside “{band.code}”; "
                "let it start after that, lowest band first.",
            )


def _holds(band: Band, score: float) -> bool:
    return (band.start is None or band.start <= score) and (band.end is None or score <= band.end)


def _check_cutoff(at: Location, cutoff: Cutoff, scale: Scale) -> Iterator[Finding]:
    if (cutoff.at_least is None) == (cutoff.at_most is None):
        yield at, "write either “at_least” or “at_most”, one of the two."
        return
    lowest, highest = scale.range
    if cutoff.at_least is not None and not lowest < cutoff.at_least <= highest:
        yield (*at, "at_least"), _unreachable(cutoff.at_least, scale)
    if cutoff.at_most is not None and not lowest <= cutoff.at_most < highest:
        yield (*at, "at_most"), _unreachable(cutoff.at_most, scale)


def _unreachable(threshold: float, scale: Scale) -> str:
    lowest, highest = scale.range
    return (
        f"{threshold:g} would flag everybody or nobody; "
        f"scores of {scale.code} run from {lowest:g} to {highest:g}."
    )
