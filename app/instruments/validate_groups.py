"""Wordings, bands, cut-offs and norms for some people: the first that fits counts.

What stands behind an entry for everybody is therefore never used, and nobody would notice.
"""

from collections.abc import Iterator, Sequence

from app.instruments.model import Instrument
from app.instruments.origin import Finding, Location
from app.instruments.said import said
from app.instruments.words import Group

#: A group, the set it belongs to, and where it stands.
Entry = tuple[Group | None, str, Location]


def check_groups(instrument: Instrument) -> Iterator[Finding]:
    """Yield every entry that an earlier one of its set leaves nobody for."""
    for place, item in enumerate(instrument.items):
        at: Location = ("items", place, "variants")
        yield from _check([(v.group, "", (*at, n)) for n, v in enumerate(item.variants)])
    for place, scale in enumerate(instrument.scales):
        for name in ("bands", "cutoffs"):
            at = ("scales", place, name)
            yield from _check(
                [(one.group, one.set, (*at, n)) for n, one in enumerate(getattr(scale, name))]
            )
        for norm in instrument.norms:
            if norm.code == scale.convert.norms:
                at = ("scales", place, "convert", "norms")
                yield from _check([(one.group, "", at) for one in norm.scales.get(scale.code, ())])


def _check(entries: Sequence[Entry]) -> Iterator[Finding]:
    for place, (group, name, at) in enumerate(entries):
        earlier = [other for other, its, _ in entries[:place] if its == name]
        if any(other in (None, Group(), group) for other in earlier):
            yield (
                at,
                said(
                    "nobody is left for this one: an entry before it is for the same people, or "
                    "for everybody; put that one last."
                ),
            )
