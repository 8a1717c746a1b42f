"""Plots as SVG: labels on the data, a title and the figures in words, fit for grey print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import click

from app.cli.files import write_file
from app.cli.psychometrics.sample import Refusal

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 720.0, 84.0, 150.0, 56.0, 52.0
INK, MUTED, LINE, TEAL, PALE = "#1d2b2f", "#51646a", "#d9dedb", "#0f6b6b", "#dcebe9"
FONT = "PingFang SC, Hiragino Sans GB, Noto Sans CJK SC, Microsoft YaHei, system-ui, sans-serif"

Point = tuple[float, float]

plot_option = click.option(
    "--plot",
    "plot_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw what is printed into this SVG file too.",
)


@dataclass(frozen=True)
class Axis:
    """From where to where, which numbers are written, and what they are."""

    low: float
    high: float
    label: str
    ticks: Sequence[float] = ()

    def share(self, value: float) -> float:
        """How far along the axis a value lies, from 0 to 1."""
        return (value - self.low) / ((self.high - self.low) or 1.0)


@dataclass
class Panel:
    """One plot: `title` above it, `description` for who cannot see it, marks drawn in turn."""

    title: str
    description: str
    x: Axis
    y: Axis
    height: float = 320.0
    marks: list[str] = field(default_factory=list)

    def at(self, point: Point) -> Point:
        """Where a point of the data lies on the paper."""
        x = LEFT + self.x.share(point[0]) * (WIDTH - LEFT - RIGHT)
        y = self.height - BOTTOM - self.y.share(point[1]) * (self.height - TOP - BOTTOM)
        return round(x, 1), round(y, 1)

    def dot(self, point: Point, *, filled: bool = True, words: str = "") -> None:
        """A point; `words` are told when one points at it."""
        x, y = self.at(point)
        fill = TEAL if filled else "#ffffff"
        told = f"<title>{escape(words)}</title>" if words else ""
        self.marks.append(
            f'<circle cx="{x}" cy="{y}" r="4" fill="{fill}" stroke="{TEAL}" '
            f'stroke-width="1.5">{told}</circle>'
        )

    def bar(self, left: float, right: float, value: float, *, words: str = "") -> None:
        """A bar from the axis up to `value`; `words` are told when one points at it."""
        (x, y), (end, bottom) = self.at((left, value)), self.at((right, self.y.low))
        told = f"<title>{escape(words)}</title>" if words else ""
        self.marks.append(
            f'<rect x="{x}" y="{y}" width="{end - x:.1f}" height="{bottom - y:.1f}" '
            f'fill="{PALE}" stroke="{TEAL}">{told}</rect>'
        )

    def line(self, points: Iterable[Point], *, dashed: bool = False, bold: bool = True) -> None:
        """A line through points."""
        path = " ".join(f"{x},{y}" for x, y in map(self.at, points))
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        colour, width = (TEAL, 2.5) if bold else (MUTED, 1)
        self.marks.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" '
            f'stroke-width="{width}"{dashes}/>'
        )

    def band(self, lower: Sequence[Point], upper: Sequence[Point]) -> None:
        """A pale zone between two lines."""
        path = " ".join(f"{x},{y}" for x, y in map(self.at, [*lower, *reversed(upper)]))
        self.marks.append(f'<polygon points="{path}" fill="{PALE}"/>')

    def words(self, point: Point, text: str, *, bold: bool = False, before: bool = False) -> None:
        """Words to the right of a point, or `before` it."""
        x, y = self.at(point)
        side, anchor = (-9, "end") if before else (9, "start")
        weight = 600 if bold else 400
        self.marks.append(_text(x + side, y + 4.5, text, anchor=anchor, colour=INK, weight=weight))

    def name(self, value: float, text: str) -> None:
        """A name on the vertical axis instead of a number."""
        _, y = self.at((self.x.low, value))
        self.marks.append(_text(LEFT - 8, y + 4.5, text, anchor="end"))

    def drawn(self, offset: float) -> str:
        """The panel, `offset` below the top of the picture."""
        parts = [
            f'<g transform="translate(0 {offset:g})">',
            _text(LEFT, 24, self.title, size=16, colour=INK, weight=600),
            *self._frame(),
            *self.marks,
            "</g>",
        ]
        return "\n".join(parts)

    def _frame(self) -> Iterable[str]:
        bottom, right = self.height - BOTTOM, WIDTH - RIGHT
        for tick in self.x.ticks:
            x, _ = self.at((tick, self.y.low))
            yield f'<line x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}" stroke="{LINE}"/>'
            yield _text(x, bottom + 18, f"{tick:g}", anchor="middle")
        for tick in self.y.ticks:
            _, y = self.at((self.x.low, tick))
            yield f'<line x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}" stroke="{LINE}"/>'
            yield _text(LEFT - 8, y + 4.5, f"{tick:g}", anchor="end")
        yield f'<line x1="{LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}" stroke="{MUTED}"/>'
        yield _text((LEFT + right) / 2, bottom + 38, self.x.label, anchor="middle")
        yield _text(LEFT, TOP - 10, self.y.label)


def write_plot(path: Path, title: str, panels: Sequence[Panel]) -> None:
    """Write `panels` under each other; a file that is there is replaced, not by nothing."""
    if not panels:
        raise Refusal("There is no figure to draw.")
    write_file(path, picture(title, panels))


def picture(title: str, panels: Sequence[Panel]) -> str:
    """Return the SVG; a reader without eyes hears the title and every description."""
    height = sum(panel.height for panel in panels)
    told = " ".join(panel.description for panel in panels)
    drawn, offset = [], 0.0
    for panel in panels:
        drawn.append(panel.drawn(offset))
        offset += panel.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" role="img" '
        f'aria-labelledby="title description" font-family="{FONT}">\n'
        f'<title id="title">{escape(title)}</title>\n'
        f'<desc id="description">{escape(told)}</desc>\n'
        f'<rect width="{WIDTH:g}" height="{height:g}" fill="#ffffff"/>\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )


def steps(low: float, high: float, most: int = 8) -> list[float]:
    """Round numbers from `low` to `high`, at most `most` of them."""
    for step in (0.1, 0.2, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 25, 50, 100, 200, 500, 1000):
        if (high - low) / step < most:
            first = -(-low // step)
            count = int((high - first * step) / step + 1e-9) + 1
            return [round((first + n) * step, 6) for n in range(count)]
    return [low, high]


def _text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    size: int = 13,
    colour: str = MUTED,
    weight: int = 400,
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )
