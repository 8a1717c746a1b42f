"""What makes a scale consistent: known parts, a workable missing rule, a range that fits."""

from collections.abc import Iterator, Mapping

from app.instruments.formulas import Formulas
from app.instruments.items import NUMERIC_KINDS, Item
from app.instruments.model import Instrument
from app.instruments.origin import Finding, Location
from app.instruments.reach import Reach, raw_reach_of, reach_of
from app.instruments.rounding import TOLERANCE
from app.instruments.said import said
from app.instruments.scales import Cutoff, Reliability, Scale
from app.instruments.validate_bands import check_bands
from app.instruments.validate_methods import check_method
from app.instruments.validate_norms import check_tables

_NEEDED = {
    "refuse": (),
    "prorate": ("at_least", "round"),
    "available": ("at_least",),
    "substitute": ("at_least", "value"),
}


def check_scales(instrument: Instrument, formulas: Formulas) -> Iterator[Finding]:
    """Yield every inconsistency of the scales, those first that others are made of."""
    items = {item.code: item for item in instrument.items}
    places = {scale.code: index for index, scale in enumerate(instrument.scales)}
    reached: dict[str, Reach] = {}
    for code in formulas.order:
        scale, at = instrument.scale(code), ("scales", places[code])
        yield from _check_missing_rule((*at, "missing"), scale, len(formulas.leaves[code]))
        yield from _check_reliability((*at, "reliability"), scale.reliability)
        misfits = list(_check_parts(at, scale, items, set(places)))
        yield from misfits
        if misfits:
            continue
        yield from check_tables(
            (*at, "convert"), scale, raw_reach_of(scale, items, reached), instrument
        )
        reach = reach_of(scale, items, reached)
        reached[code] = reach or Reach(*scale.range)
        yield from _check_meaning(at, scale, reach)


def _check_parts(
    at: Location, scale: Scale, items: Mapping[str, Item], scales: set[str]
) -> Iterator[Finding]:
    yield from check_method(at, scale)
    for index, code in enumerate(scale.items):
        if code not in items:
            yield (
                (*at, "items", index),
                said("no item is called “{code}”; correct the name.", code=code),
            )
        elif items[code].kind not in NUMERIC_KINDS:
            yield (
                (*at, "items", index),
                said("{code} has no number to score; remove it.", code=code),
            )
        if code in scale.items[:index]:
            yield (*at, "items", index), said("{code} is listed twice; remove one.", code=code)
    for index, code in enumerate(scale.reverse):
        if code not in scale.items:
            yield (
                (*at, "reverse", index),
                said(
                    "{code} is not an item of {scale}; add it there, or take it out here.",
                    code=code,
                    scale=scale.code,
                ),
            )
    for index, code in enumerate(scale.scales):
        if code not in scales:
            yield (
                (*at, "scales", index),
                said("no scale is called “{code}”; correct the name.", code=code),
            )
    yield from _check_endorsed(at, scale, items)
    yield from _check_substitute((*at, "missing", "value"), scale, items)


def _check_endorsed(at: Location, scale: Scale, items: Mapping[str, Item]) -> Iterator[Finding]:
    for name, values in scale.endorsed.items():
        for value in values:
            if name in items and value not in items[name].values:
                yield (
                    (*at, "endorsed", name),
                    said("{name} has no answer {value}; correct it.", name=name, value=value),
                )


def _check_substitute(at: Location, scale: Scale, items: Mapping[str, Item]) -> Iterator[Finding]:
    """What stands for a missing answer must not lead out of the range that answers can reach."""
    value = scale.missing.value
    for item in (items[code] for code in scale.items if code in items):
        lowest, highest = item.bounds
        if value is not None and not lowest <= value <= highest:
            yield (
                at,
                said(
                    "{value} lies outside the answers of {item}; correct it.",
                    value=value,
                    item=item.code,
                ),
            )
            return


def _check_missing_rule(at: Location, scale: Scale, leaves: int) -> Iterator[Finding]:
    rule = scale.missing
    needed = _NEEDED[rule.rule]
    for name in ("at_least", "round", "value"):
        given = getattr(rule, name) is not None
        if name in needed and not given:
            yield at, said("the rule “{rule}” needs “{name}”; add it.", rule=rule.rule, name=name)
        if given and name not in needed:
            yield (
                (*at, name),
                said("the rule “{rule}” has no “{name}”; remove it.", rule=rule.rule, name=name),
            )
    size = len(scale.scales) or len(scale.items) or leaves
    if rule.at_least is not None and rule.at_least > size:
        yield (
            (*at, "at_least"),
            said(
                "{scale} has only {size} of them; ask for no more than that.",
                scale=scale.code,
                size=size,
            ),
        )


def _check_reliability(at: Location, reliability: Reliability | None) -> Iterator[Finding]:
    if reliability is None:
        return
    has_both = reliability.coefficient is not None and reliability.sd is not None
    has_either = reliability.coefficient is not None or reliability.sd is not None
    if has_either != has_both or has_both == (reliability.sem is not None):
        yield at, said("write either “sem”, or “coefficient” and “sd” together.")


def _check_meaning(at: Location, scale: Scale, reach: Reach | None) -> Iterator[Finding]:
    lowest, highest = scale.range
    if lowest >= highest:
        yield (*at, "range"), said("write the smaller end first.")
        return
    if (
        reach is not None
        and max(abs(reach.lowest - lowest), abs(reach.highest - highest)) > TOLERANCE
    ):
        yield (
            (*at, "range"),
            said(
                "the options give {lowest:g} to {highest:g}; correct the range or the items.",
                lowest=reach.lowest,
                highest=reach.highest,
            ),
        )
        return
    for index, entry in enumerate(scale.bands):
        yield from check_bands((*at, "bands", index), entry, scale, reach)
    for index, cutoff in enumerate(scale.cutoffs):
        yield from _check_cutoff((*at, "cutoffs", index), cutoff, scale)


def _check_cutoff(at: Location, cutoff: Cutoff, scale: Scale) -> Iterator[Finding]:
    if (cutoff.at_least is None) == (cutoff.at_most is None):
        yield at, said("write either “at_least” or “at_most”, one of the two.")
        return
    lowest, highest = scale.range
    if cutoff.at_least is not None and not lowest < cutoff.at_least <= highest:
        yield (*at, "at_least"), _unreachable(cutoff.at_least, scale)
    if cutoff.at_most is not None and not lowest <= cutoff.at_most < highest:
        yield (*at, "at_most"), _unreachable(cutoff.at_most, scale)


def _unreachable(threshold: float, scale: Scale) -> str:
    lowest, highest = scale.range
    return said(
        "{threshold:g} would flag everybody or nobody; scores of {scale} run "
        "from {lowest:g} to {highest:g}.",
        threshold=threshold,
        scale=scale.code,
        lowest=lowest,
        highest=highest,
    )
