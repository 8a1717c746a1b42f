"""Charts as SVG text: black on white, lines told apart by dashes, with words for screen readers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import ArrayLike

WIDTH, HEIGHT = 560, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 24, 56
LEGEND_ROW = 20

#: Told apart without colour; the fifth line has the first pattern again.
DASHES = ("", "9 5", "2 4", "12 4 2 4")


@dataclass(frozen=True)
class Line:
    """Points joined by a line; `marks` are points of it to point out, each with its words."""

    label: str
    x: ArrayLike
    y: ArrayLike
    marks: Sequence[tuple[float, float, str]] = ()


@dataclass(frozen=True)
class Axis:
    """An axis from `least` to `most`, ticks at `ticks`."""

    label: str
    least: float
    most: float
    ticks: Sequence[float]


def upward(label: str, most: float) -> Axis:
    """Return an axis from 0 to at least `most`, with three to six round ticks."""
    power = 10.0 ** math.floor(math.log10(most))
    step = next(power * share for share in (0.2, 0.5, 1.0, 2.0) if most <= 5 * power * share)
    count = math.ceil(most / step - 1e-9)
    return Axis(label, 0.0, count * step, [n * step for n in range(count + 1)])


def line_chart(lines: Sequence[Line], *, x: Axis, y: Axis, title: str, description: str) -> str:
    """Return the SVG text of `lines`.

    Parameters
    ----------
    lines : sequence of Line
        With two or more, a legend stands under the chart.
    title, description : str
        What a screen reader says: what the chart is, and what it shows in figures.
    """
    legend = len(lines) if len(lines) > 1 else 0
    height = HEIGHT + LEGEND_ROW * legend
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'width="{WIDTH}" height="{height}" aria-labelledby="title desc" '
        'font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(description)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *_axes(x, y),
        *(_line(n, line, x, y) for n, line in enumerate(lines)),
        *(_mark(mark, x, y) for line in lines for mark in line.marks),
    ]
    if legend:
        parts += [_legend(n, line.label) for n, line in enumerate(lines)]
    return "\n".join([*parts, "</svg>", ""])


def _axes(x: Axis, y: Axis) -> list[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for tick in x.ticks:
        at = _across(tick, x)
        parts += [
            f'<path d="M{at} {TOP}V{bottom}" stroke="#ddd"/>',
            f'<text x="{at}" y="{bottom + 18}" text-anchor="middle">{tick:g}</text>',
        ]
    for tick in y.ticks:
        at = _down(tick, y)
        parts += [
            f'<path d="M{LEFT} {at}H{right}" stroke="#ddd"/>',
            f'<text x="{LEFT - 8}" y="{at + 4}" text-anchor="end">{tick:g}</text>',
        ]
    middle = (TOP + bottom) / 2
    return [
        *parts,
        f'<path d="M{LEFT} {TOP}V{bottom}H{right}" fill="none" stroke="#000"/>',
        f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 16}" text-anchor="middle">'
        f"{escape(x.label)}</text>",
        f'<text transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">'
        f"{escape(y.label)}</text>",
    ]


def _line(n: int, line: Line, x: Axis, y: Axis) -> str:
    points = zip(_numbers(line.x), _numbers(line.y), strict=True)
    path = "L".join(f"{_across(a, x)} {_down(b, y)}" for a, b in points)
    return f'<path d="M{path}" fill="none" stroke="#000" stroke-width="2"{_dash(n)}/>'


def _mark(mark: tuple[float, float, str], x: Axis, y: Axis) -> str:
    across, down = _across(mark[0], x), _down(mark[1], y)
    return (
        f'<circle cx="{across}" cy="{down}" r="4.5" fill="#000"/>'
        f'<text x="{across + 9}" y="{down + 14}">{escape(mark[2])}</text>'
    )


def _legend(n: int, label: str) -> str:
    at = HEIGHT + LEGEND_ROW * n + 4
    return (
        f'<path d="M{LEFT} {at}h48" stroke="#000" stroke-width="2"{_dash(n)}/>'
        f'<text x="{LEFT + 58}" y="{at + 4}">{escape(label)}</text>'
    )


def _dash(n: int) -> str:
    pattern = DASHES[n % len(DASHES)]
    return f' stroke-dasharray="{pattern}"' if pattern else ""


def _numbers(values: ArrayLike) -> list[float]:
    return [float(value) for value in np.asarray(values, dtype=np.float64)]


def _across(value: float, axis: Axis) -> float:
    share = (value - axis.least) / (axis.most - axis.least)
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _down(value: float, axis: Axis) -> float:
    share = (value - axis.least) / (axis.most - axis.least)
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)
