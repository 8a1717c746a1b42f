"""One scale as a strip: its zones from left to right, where the person stands, and stood before."""

from dataclasses import dataclass

from app.profiles.chart import FILLS
from app.profiles.model import ScaleProfile

WIDTH, HEIGHT = 240, 26
#: The dot of the highest score has room, and so has that of the lowest.
PAD = 8.0


@dataclass(frozen=True)
class Span:
    """A zone of the strip."""

    x: float
    width: float
    rank: int
    fill: str


@dataclass(frozen=True)
class Strip:
    """The drawing, in units of its own view box; places that do not exist are None."""

    width: int
    height: int
    spans: tuple[Span, ...]
    cutoff: float | None
    norms: tuple[float, ...]
    before: float | None
    latest: float | None
    #: The ends of the interval in which the true score lies.
    low: float | None
    high: float | None


def draw_strip(scale: ScaleProfile) -> Strip:
    """Return where a scale's zones, cut-off, norms and two newest scores lie."""
    before, latest = scale.previous, scale.latest
    low, high = latest.interval or (None, None)
    return Strip(
        width=WIDTH,
        height=HEIGHT,
        spans=_spans(scale),
        cutoff=_x(scale, scale.cutoff.edge) if scale.cutoff and scale.is_within_ages else None,
        norms=tuple(_place(scale, norm.mean) for norm in scale.norms),
        before=_x(scale, before.score if before else None),
        latest=_x(scale, latest.score),
        low=_x(scale, low),
        high=_x(scale, high),
    )


def _spans(scale: ScaleProfile) -> tuple[Span, ...]:
    if not scale.zones:
        return (Span(PAD, WIDTH - 2 * PAD, 0, FILLS[0]),)
    return tuple(
        Span(
            x=_place(scale, zone.low),
            width=round(_place(scale, zone.high) - _place(scale, zone.low), 1),
            rank=zone.rank,
            fill=FILLS[min(zone.rank, len(FILLS) - 1)],
        )
        for zone in sorted(scale.zones, key=lambda zone: zone.low)
    )


def _x(scale: ScaleProfile, value: float | None) -> float | None:
    return None if value is None else _place(scale, value)


def _place(scale: ScaleProfile, value: float) -> float:
    share = (value - scale.minimum) / (scale.maximum - scale.minimum)
    return round(PAD + share * (WIDTH - 2 * PAD), 1)
