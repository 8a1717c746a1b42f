"""Where everything on a profile chart lies; the template only draws what stands here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.profiles.labels import Box, Label, along, freest, text_width
from app.profiles.model import Point, ScaleProfile
from app.profiles.phrases import say
from app.scoring.report import number_text

HEIGHT = 250
LEFT = 40.0
TOP = 26.0
BOTTOM = 32.0
#: Below it the names of two neighbouring zones would touch.
LINE = 15.0
#: Sizes of a zone's name: the largest at which it fits beside the plot.
NAME_SIZES, NAME_GAP = (13.5, 12.0, 11.0, 10.0), 11.0
#: Sizes of the values beside points and of the words on lines.
LATEST, EARLIER, NOTE = 19.0, 15.0, 12.0
#: So long is the piece of a line beside words that explain it.
SAMPLE = 22.0
#: How far the arrow of a reliable change stands from the latest point.
ARROW = 17.0


@dataclass(frozen=True)
class Size:
    """How wide a chart is drawn, and how much of it the names of its zones take."""

    width: int
    names: float


#: For desks; for phones, where everything else is set as large and the plot is narrow.
WIDE = Size(474, 132.0)
NARROW = Size(334, 122.0)
#: For paper, where a chart takes half the width and its words must stay legible.
PAPER = Size(440, 124.0)


@dataclass(frozen=True)
class ZoneBox:
    """A band as a pale box with its name at the right edge."""

    y: float
    height: float
    names: tuple[Label, ...]
    rank: int
    fill: str


@dataclass(frozen=True)
class Mark:
    """A point of the person with its value, and the words below it."""

    x: float
    y: float
    label: Label
    #: The date, on two lines where points stand close.
    below: tuple[str, ...]
    is_latest: bool


@dataclass(frozen=True)
class Tick:
    """A number on the axis."""

    y: float
    text: str


@dataclass(frozen=True)
class Rule:
    """A line across the plot with its words: the cut-off, or the mean of a norm group."""

    y: float
    label: Label
    kind: str

    @property
    def sample(self) -> tuple[float, float, float] | None:
        """A piece of the line before its words (from, to, height), where these stand above."""
        if self.label.y > TOP:
            return None
        return self.label.x - 5 - SAMPLE, self.label.x - 5, self.label.y - 4


@dataclass(frozen=True)
class Whisker:
    """From where to where the true score lies in 95 of 100 cases."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Arrow:
    """A reliable change: from the height of the score before to that of the latest, with a word."""

    x: float
    start: float
    end: float
    label: Label

    @property
    def head(self) -> str:
        """The three corners of the arrow's point."""
        back = 8 if self.end < self.start else -8
        return (
            f"{self.x:g},{self.end:g} {self.x - 4.5:g},{self.end + back:g} "
            f"{self.x + 4.5:g},{self.end + back:g}"
        )


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
    rules: tuple[Rule, ...]
    marks: tuple[Mark, ...]
    path: str
    whisker: Whisker | None
    arrow: Arrow | None


#: Pale to less pale, told apart in grey print too; the palest needs least attention.
FILLS = ("#f7f5f0", "#eeeae0", "#e4decf", "#dad2bf", "#cfc5ae", "#c3b89d")
#: A date below its point is about so wide on one line, and on two.
_DATE_WIDTH, _SHORT_DATE_WIDTH = 56, 36


def draw(scale: ScaleProfile, size: Size = WIDE) -> Chart:
    """Return the chart of `scale`: its own minimum to its maximum, campaigns from the left."""
    points = [point for point in scale.points if point.score is not None][-most_dates(size) :]
    marks = _beside_whisker(scale, _marks(scale, points, size))
    right = size.width - size.names
    taken = _covered(marks)
    whisker = _whisker(scale, marks)
    if whisker:
        taken.append(Box(whisker.x - 7, whisker.top, whisker.x + 7, whisker.bottom))
    arrow = _arrow(scale, marks, right, taken)
    if arrow:
        taken += [arrow.label.box, Box(arrow.x - 6, TOP, arrow.x + 6, HEIGHT)]
    return Chart(
        width=size.width,
        height=HEIGHT,
        left=LEFT,
        right=right,
        top=TOP,
        bottom=HEIGHT - BOTTOM,
        zones=_zones(scale, size),
        zones_title=scale.zones_title,
        ticks=_ticks(scale),
        rules=_rules(scale, right, taken),
        marks=marks,
        path=" ".join(
            f"{'M' if first else 'L'}{mark.x:g} {mark.y:g}"
            for first, mark in zip([True] + [False] * len(marks), marks, strict=False)
        ),
        whisker=whisker,
        arrow=arrow,
    )


def most_dates(size: Size) -> int:
    """How many points have room for their dates; the newest are shown."""
    return int((size.width - LEFT - size.names) // _SHORT_DATE_WIDTH)


def _beside_whisker(scale: ScaleProfile, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Move the latest value off the whisker, to the left of its point where the line is not."""
    whisker = _whisker(scale, marks)
    if whisker is None:
        return marks
    latest, label = marks[-1], marks[-1].label
    spots = [
        replace(label, x=latest.x - 11, y=y, anchor="end")
        for y in (latest.y - 6, latest.y + 7, latest.y + 21)
        if TOP + LINE < y < HEIGHT - BOTTOM
    ]
    line = [box for a, b in pairwise(marks[-2:]) for box in along(a.x, a.y, b.x, b.y, thick=6)]
    return (*marks[:-1], replace(latest, label=freest([*spots, label], line))) if spots else marks


def _covered(marks: Sequence[Mark]) -> list[Box]:
    """What points, values and the line between them cover: no words may lie on it."""
    circles = [Box(mark.x - 9, mark.y - 9, mark.x + 9, mark.y + 9) for mark in marks]
    values = [mark.label.box.wider(4) for mark in marks]
    line = [box for a, b in pairwise(marks) for box in along(a.x, a.y, b.x, b.y, thick=6)]
    return [*circles, *values, *line]


def _whisker(scale: ScaleProfile, marks: Sequence[Mark]) -> Whisker | None:
    if not marks or scale.latest.interval is None:
        return None
    low, high = scale.latest.interval
    return Whisker(marks[-1].x, top=_y(scale, high), bottom=_y(scale, low))


def _arrow(
    scale: ScaleProfile, marks: Sequence[Mark], right: float, taken: Sequence[Box]
) -> Arrow | None:
    if not scale.change_mark or len(marks) < 2:  # noqa: PLR2004 -- a change is between two
        return None
    before, latest = marks[-2:]
    x = min(latest.x + ARROW, right - 6)
    ends = [TOP + LINE, HEIGHT - BOTTOM - LINE / 2]
    spots = [
        Label(at, y, scale.change_mark, 13.0, anchor)
        for at, anchor in ((right - 7, "end"), (LEFT + 7, "start"))
        for y in ends
    ]
    label = freest(
        spots, [*taken, Box(x - 6, min(before.y, latest.y), x + 6, max(before.y, latest.y))]
    )
    return Arrow(x, start=before.y, end=latest.y, label=label)


def _rules(scale: ScaleProfile, right: float, taken: list[Box]) -> tuple[Rule, ...]:
    wanted = []
    if scale.cutoff is not None and scale.is_within_ages:
        wanted.append((_y(scale, scale.cutoff.edge), scale.cutoff.label, "cutoff"))
    wanted += [
        (_y(scale, norm.mean), norm.text, "local" if norm.is_local else "norm")
        for norm in scale.norms
    ]
    lines = [Box(LEFT, y - 1, right, y + 1) for y, _text, _kind in wanted]
    rules: list[Rule] = []
    for y, text, kind in wanted:
        labels = [rule.label.box for rule in rules]
        spots = [*_beside(y, text, right), _above_plot(text, rules)]
        rules.append(Rule(y, freest(spots, [*taken, *lines, *labels]), kind))
    return tuple(rules)


def _beside(y: float, text: str, right: float) -> list[Label]:
    """Everywhere along a line where its words fit, above and below it, the ends first."""
    heights = [h for h in (y - 6, y + NOTE + 3) if TOP + NOTE * 0.7 < h < HEIGHT - BOTTOM - 3]
    ends = [Label(right - 7, h, text, NOTE, "end") for h in heights]
    ends += [Label(LEFT + 7, h, text, NOTE) for h in heights]
    most = int(right - 7 - text_width(text, NOTE))
    between = [Label(x, h, text, NOTE) for x in range(int(LEFT) + 15, most, 8) for h in heights]
    return [*ends, *between]


def _above_plot(text: str, rules: Sequence[Rule]) -> Label:
    """Above the plot, with a sample of the line: where no words fit on the line itself."""
    keys = [rule.label.box.right + 10 for rule in rules if rule.sample]
    return Label(max(keys, default=LEFT) + SAMPLE + 5, TOP - 10, text, NOTE)


def _zones(scale: ScaleProfile, size: Size) -> tuple[ZoneBox, ...]:
    upwards = sorted(scale.zones, key=lambda zone: zone.low)
    lines = [_name_lines(zone.name, size) for zone in upwards]
    middles = [_y(scale, (zone.low + zone.high) / 2) + 5 for zone in upwards]
    placed = _apart(middles, [len(each) for each in lines])
    return tuple(
        ZoneBox(
            y=_y(scale, zone.high),
            height=round(_y(scale, zone.low) - _y(scale, zone.high), 1),
            names=tuple(
                Label(size.width - size.names + 9, round(y + n * LINE, 1), text, _fit(each, size))
                for n, text in enumerate(each)
            ),
            rank=zone.rank,
            fill=FILLS[min(zone.rank, len(FILLS) - 1)],
        )
        for zone, each, y in zip(upwards, lines, placed, strict=True)
    )


def _name_lines(name: str, size: Size) -> list[str]:
    """A name on one line, or cut in two near its middle, at a comma or space where there is one."""
    if text_width(name, NAME_SIZES[-1]) <= size.names - NAME_GAP:
        return [name]
    middle = len(name) / 2
    cuts = [n + 1 for n, letter in enumerate(name[:-1]) if letter in "，、 "] or [round(middle)]
    cut = min(cuts, key=lambda n: abs(n - middle))
    return [name[:cut].rstrip(), name[cut:]]


def _fit(lines: Sequence[str], size: Size) -> float:
    """The largest type in which all lines fit beside the plot."""
    widest = max(lines, key=lambda line: text_width(line, 1.0))
    fitting = (s for s in NAME_SIZES if text_width(widest, s) <= size.names - NAME_GAP)
    return next(fitting, NAME_SIZES[-1])


def _apart(middles: Sequence[float], lines: Sequence[int]) -> list[float]:
    """First baselines of names around their middles; what would touch moves up, lowest first."""
    placed: list[float] = []
    for middle, count in zip(middles, lines, strict=True):
        most = placed[-1] - count * LINE if placed else HEIGHT
        placed.append(round(min(middle - (count - 1) * LINE / 2, most), 1))
    return placed


def _ticks(scale: ScaleProfile) -> tuple[Tick, ...]:
    inner = [zone.low for zone in scale.zones if zone.low > scale.minimum]
    values = [scale.minimum, *(first_score(value) for value in inner), scale.maximum]
    ticks: list[Tick] = []
    for value in sorted(set(values)):
        y = _y(scale, value)
        if not ticks or ticks[-1].y - y >= LINE:
            ticks.append(Tick(y, number_text(value)))
    return tuple(ticks)


def first_score(edge: float) -> float:
    """The first score above an edge, where scores are whole numbers apart."""
    return edge if edge == int(edge) else edge + 0.5


def _marks(scale: ScaleProfile, points: Sequence[Point], size: Size) -> tuple[Mark, ...]:
    room = size.width - LEFT - size.names
    step = room / max(len(points), 1)
    form = "%Y-%m" if step >= _DATE_WIDTH else "%Y\n%m"
    return tuple(
        _mark(
            scale,
            point,
            x=round(LEFT + step * (n + 0.5), 1),
            below=tuple(f"{point.taken_on:{form}}".split("\n")),
            is_latest=n == len(points) - 1,
        )
        for n, point in enumerate(points)
    )


def _mark(
    scale: ScaleProfile, point: Point, *, x: float, below: tuple[str, ...], is_latest: bool
) -> Mark:
    y = _y(scale, point.score or 0.0)
    return Mark(
        x=x,
        y=y,
        label=Label(
            x=x,
            y=round(y - 11 if y > TOP + 14 else y + 22, 1),
            text=point.text,
            size=LATEST if is_latest else EARLIER,
            anchor="middle",
        ),
        below=below,
        is_latest=is_latest,
    )


def _y(scale: ScaleProfile, value: float) -> float:
    share = (value - scale.minimum) / (scale.maximum - scale.minimum)
    return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)


def summary(scale: ScaleProfile, locale: str) -> str:
    """Return the chart in one sentence, for those who hear it."""
    scored = [point for point in scale.points if point.score is not None]
    told = [f"{point.taken_on:%Y-%m-%d}: {point.text} ({point.band})" for point in scored]
    return say(locale, "sep").join(told)
