"""Where everything on a profile chart lies; the template only draws what stands here."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.profiles.model import Point, ScaleProfile
from app.profiles.phrases import say
from app.scoring.report import number_text

HEIGHT = 250
LEFT = 40.0
TOP = 26.0
BOTTOM = 32.0
#: Below it the names of two neighbouring zones would touch.
LINE = 15.0
#: Sizes of a zone's name: a long English one is set smaller.
USUAL, SMALL, MOST_LETTERS = 13.5, 12.0, 14


@dataclass(frozen=True)
class Size:
    """How wide a chart is drawn, and how much of it the names of its zones take."""

    width: int
    names: float


#: For desks and paper; for phones, where everything else is set as large and the plot is narrow.
WIDE = Size(474, 132.0)
NARROW = Size(334, 122.0)


@dataclass(frozen=True)
class ZoneBox:
    """A band as a pale box with its name at the right edge."""

    y: float
    height: float
    name: str
    name_y: float
    name_size: float
    rank: int
    fill: str


@dataclass(frozen=True)
class Mark:
    """A point of the person with its value, and the words below it."""

    x: float
    y: float
    text: str
    text_y: float
    below: str
    is_latest: bool


@dataclass(frozen=True)
class Tick:
    """A number on the axis."""

    y: float
    text: str


@dataclass(frozen=True)
class Dashes:
    """The cut-off: a dashed line with its threshold at the end that is freer of points."""

    y: float
    text: str
    is_left: bool


@dataclass(frozen=True)
class Chart:
    """The drawing of one scale over time, in units of its own view box."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    zones: tuple[ZoneBox, ...]
    zones_title: str
    ticks: tuple[Tick, ...]
    cutoff: Dashes | None
    marks: tuple[Mark, ...]
    path: str
    #: A reliable change, arrow and word, where the line leaves room for it.
    change: str = ""
    change_y: float = 0.0


#: Pale to less pale, told apart in grey print too; the palest needs least attention.
_FILLS = ("#f6f4ee", "#ece8dd", "#e1dac9", "#d5ccb6", "#c8bda3", "#bbaf92")
#: A date below its point is about so wide.
_DATE_WIDTH = 46


def draw(scale: ScaleProfile, size: Size = WIDE) -> Chart:
    """Return the chart of `scale`: its own minimum to its maximum, campaigns from the left."""
    points = [point for point in scale.points if point.score is not None][-most_dates(size) :]
    marks = _marks(scale, points, size)
    return Chart(
        width=size.width,
        height=HEIGHT,
        left=LEFT,
        right=size.width - size.names,
        top=TOP,
        bottom=HEIGHT - BOTTOM,
        zones=_zones(scale),
        zones_title=scale.zones_title,
        ticks=_ticks(scale),
        cutoff=_cutoff(scale, marks),
        marks=marks,
        path=" ".join(
            f"{'M' if first else 'L'}{mark.x:g} {mark.y:g}"
            for first, mark in zip([True] + [False] * len(marks), marks, strict=False)
        ),
        change=scale.change_words if scale.is_reliable_change else "",
        change_y=_freer_end(marks),
    )


def _freer_end(marks: Sequence[Mark]) -> float:
    """Where words fit: at the upper end while the latest points lie low, else at the lower."""
    middle = (TOP + HEIGHT - BOTTOM) / 2
    is_low = bool(marks) and sum(mark.y for mark in marks) / len(marks) > middle
    return TOP + LINE if is_low else HEIGHT - BOTTOM - LINE / 2


def most_dates(size: Size) -> int:
    """How many points have room for their dates; the newest are shown."""
    return int((size.width - LEFT - size.names) // _DATE_WIDTH)


def _zones(scale: ScaleProfile) -> tuple[ZoneBox, ...]:
    upwards = sorted(scale.zones, key=lambda zone: zone.low)
    names = _apart([_y(scale, (zone.low + zone.high) / 2) + 5 for zone in upwards])
    return tuple(
        ZoneBox(
            y=_y(scale, zone.high),
            height=round(_y(scale, zone.low) - _y(scale, zone.high), 1),
            name=zone.name,
            name_y=name_y,
            name_size=SMALL if len(zone.name) > MOST_LETTERS else USUAL,
            rank=zone.rank,
            fill=_FILLS[min(zone.rank, len(_FILLS) - 1)],
        )
        for zone, name_y in zip(upwards, names, strict=True)
    )


def _apart(baselines: Sequence[float]) -> list[float]:
    """Move names that would touch upwards, from the lowest zone on."""
    placed: list[float] = []
    for baseline in baselines:
        most = placed[-1] - LINE if placed else baseline
        placed.append(round(min(baseline, most), 1))
    return placed


def _ticks(scale: ScaleProfile) -> tuple[Tick, ...]:
    inner = [zone.low for zone in scale.zones if zone.low > scale.minimum]
    values = [scale.minimum, *(_shown(scale, value) for value in inner), scale.maximum]
    ticks: list[Tick] = []
    for value in sorted(set(values)):
        y = _y(scale, value)
        if not ticks or ticks[-1].y - y >= LINE:
            ticks.append(Tick(y, number_text(value)))
    return tuple(ticks)


def _shown(scale: ScaleProfile, edge: float) -> float:
    """The first score above an edge, where scores are whole numbers apart."""
    return edge if edge == int(edge) else edge + 0.5


def _cutoff(scale: ScaleProfile, marks: Sequence[Mark]) -> Dashes | None:
    if scale.cutoff is None or not scale.is_within_ages:
        return None
    y = _y(scale, scale.cutoff.edge)
    gaps = [abs(mark.y - y) for mark in marks] or [0.0]
    return Dashes(y, scale.cutoff.text, is_left=len(gaps) == 1 or gaps[0] >= gaps[-1])


def _marks(scale: ScaleProfile, points: Sequence[Point], size: Size) -> tuple[Mark, ...]:
    room = size.width - LEFT - size.names
    step = room / max(len(points), 1)
    return tuple(
        _mark(scale, point, x=round(LEFT + step * (n + 0.5), 1), is_latest=n == len(points) - 1)
        for n, point in enumerate(points)
    )


def _mark(scale: ScaleProfile, point: Point, *, x: float, is_latest: bool) -> Mark:
    y = _y(scale, point.score or 0.0)
    return Mark(
        x=x,
        y=y,
        text=point.text,
        text_y=round(y - 11 if y > TOP + 14 else y + 22, 1),
        below=f"{point.taken_on:%Y-%m}",
        is_latest=is_latest,
    )


def _y(scale: ScaleProfile, value: float) -> float:
    share = (value - scale.minimum) / (scale.maximum - scale.minimum)
    return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)


def summary(scale: ScaleProfile, locale: str) -> str:
    """Return the chart in one sentence, for those who hear it."""
    scored = [point for point in scale.points if point.score is not None]
    told = [f"{point.taken_on:%Y-%m-%d}: {point.text} ({point.band})" for point in scored]
    return f"{scale.label} · " + say(locale, "sep").join(told)
