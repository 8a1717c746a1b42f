"""Every pair of colours that meets on a page keeps WCAG AA, in light and in dark."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from app.profiles.chart import FILLS

TOKENS = Path(__file__).parents[2] / "app/static/css/tokens.css"
TEXT, MARK = 4.5, 3.0
PAIRS = [
    ("ink", "paper", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "teal-wash", TEXT),
    ("ink", "info-wash", TEXT),
    ("ink", "error-wash", TEXT),
    ("ink", "success-wash", TEXT),
    ("muted", "paper", TEXT),
    ("muted", "surface", TEXT),
    ("teal", "paper", TEXT),
    ("teal", "surface", TEXT),
    ("teal-deep", "teal-wash", TEXT),
    ("on-teal", "teal", TEXT),
    ("on-teal", "teal-deep", TEXT),
    ("error", "surface", TEXT),
    ("error", "error-wash", TEXT),
    ("low", "surface", TEXT),
    ("moderate", "surface", TEXT),
    ("high", "surface", TEXT),
    ("on-imminent", "imminent", TEXT),
    ("imminent", "surface", MARK),
    ("field", "surface", MARK),
    ("field", "paper", MARK),
    ("focus-ink", "focus", MARK),
]


def _themes() -> dict[str, dict[str, str]]:
    light_text, dark_text = TOKENS.read_text(encoding="utf-8").split("@media", 1)
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light_text))
    dark = light | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark_text))
    return {"light": light, "dark": dark}


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground", "least"), PAIRS)
def test_pair_can_be_read(theme, mark, ground, least):
    colours = _themes()[theme]

    assert _contrast(colours[mark], colours[ground]) >= least


# Charts are read by lightness alone: grey print and colour blindness take nothing away.

PROFILES = TOKENS.with_name("profiles.css").read_text(encoding="utf-8")
DARK = dict(re.findall(r"\.chart__zone--(\d) \{ fill: (#[0-9a-f]{6}); \}", PROFILES))
#: Paper knows no variables: the macros of charts hold these colours themselves.
INK, MUTED, TEAL = "#1d2b2f", "#51646a", "#0f6b6b"


@pytest.fixture(params=["light", "dark"])
def zones(request):
    """The fills of the zones with the inks drawn on them."""
    if request.param == "light":
        return list(FILLS), (TEAL, INK, MUTED)
    dark = _themes()["dark"]
    return [DARK[str(rank)] for rank in range(6)], (dark["teal"], dark["ink"], dark["muted"])


def test_every_zone_is_told_from_its_neighbour_in_grey(zones):
    fills, _inks = zones

    assert all(_contrast(one, other) >= 1.09 for one, other in pairwise(fills))
    lightness = [_luminance(fill) for fill in fills]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))


def test_line_and_words_can_be_read_on_every_zone(zones):
    fills, (line, ink, muted) = zones

    assert min(_contrast(line, fill) for fill in fills) >= 3.0
    assert min(_contrast(ink, fill) for fill in fills) >= 4.5
    assert min(_contrast(muted, fill) for fill in fills) >= 3.0


def test_colours_of_paper_are_those_of_the_screen():
    light = _themes()["light"]

    assert (light["ink"], light["muted"], light["teal"]) == (INK, MUTED, TEAL)
