"""Where the words on a chart go: to the spot at which they cover least of what is drawn already."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf

#: Widths of letters and the height of a line, in ems of the type.
WIDE_LETTER, LETTER, SPACE, ASCENT, DESCENT = 1.0, 0.56, 0.28, 0.85, 0.25


@dataclass(frozen=True)
class Box:
    """A rectangle that something covers."""

    left: float
    top: float
    right: float
    bottom: float

    def wider(self, gap: float) -> "Box":
        """The same with a gap on both sides, so that words beside it do not run into it."""
        return Box(self.left - gap, self.top, self.right + gap, self.bottom)

    def overlap(self, other: "Box") -> float:
        """The area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)


@dataclass(frozen=True)
class Label:
    """Words at their place; `anchor` is the end of the text that `x` means."""

    x: float
    y: float
    text: str
    size: float
    anchor: str = "start"

    @property
    def box(self) -> Box:
        """What the words cover."""
        width = text_width(self.text, self.size)
        shift = {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        left = self.x - shift
        return Box(left, self.y - ASCENT * self.size, left + width, self.y + DESCENT * self.size)


@lru_cache(512)  # a chart tries the same few words at many spots
def text_width(text: str, size: float) -> float:
    """About how wide a text is; a Chinese character is as wide as it is high."""
    return sum(_ems(letter) for letter in text) * size


def _ems(letter: str) -> float:
    if letter == " ":
        return SPACE
    return WIDE_LETTER if unicodedata.east_asian_width(letter) in "WFA" else LETTER


def freest(spots: Sequence[Label], taken: Sequence[Box]) -> Label:
    """Return the label that covers least of what is taken; the first of equals."""
    least, chosen = inf, spots[0]
    for label in spots:
        box = label.box
        covered = sum(box.overlap(other) for other in taken)
        if covered < least:
            least, chosen = covered, label
        if not covered:
            break
    return chosen


def along(ax: float, ay: float, bx: float, by: float, *, thick: float) -> list[Box]:
    """Return small boxes along a line, so that words keep off it."""
    steps = max(int(abs(bx - ax) // thick), 1)
    half = thick / 2
    return [
        Box(x - half, y - half, x + half, y + half)
        for x, y in (
            (ax + (bx - ax) * n / steps, ay + (by - ay) * n / steps) for n in range(steps + 1)
        )
    ]
