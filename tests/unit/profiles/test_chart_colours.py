"""The chart is read by lightness alone: grey print and colour blindness take nothing away."""

import re
from itertools import pairwise

import pytest

from app.config import ROOT
from app.profiles.chart import FILLS
from tests.architecture.test_contrast import _contrast as contrast
from tests.architecture.test_contrast import _luminance as luminance
from tests.architecture.test_contrast import _themes as themes

CSS = (ROOT / "app/static/css/profiles.css").read_text(encoding="utf-8")
DARK = dict(re.findall(r"\.chart__zone--(\d) \{ fill: (#[0-9a-f]{6}); \}", CSS))
INK, MUTED, TEAL = "#1d2b2f", "#51646a", "#0f6b6b"


@pytest.fixture(params=["light", "dark"])
def zones(request):
    """The fills of the zones with the inks drawn on them."""
    if request.param == "light":
        return list(FILLS), (TEAL, INK, MUTED)
    dark = themes()["dark"]
    return [DARK[str(rank)] for rank in range(6)], (dark["teal"], dark["ink"], dark["muted"])


def test_every_zone_is_told_from_its_neighbour_in_grey(zones):
    fills, _inks = zones

    assert all(contrast(one, other) >= 1.09 for one, other in pairwise(fills))
    lightness = [luminance(fill) for fill in fills]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))


def test_line_and_words_can_be_read_on_every_zone(zones):
    fills, (line, ink, muted) = zones

    assert min(contrast(line, fill) for fill in fills) >= 3.0
    assert min(contrast(ink, fill) for fill in fills) >= 4.5
    assert min(contrast(muted, fill) for fill in fills) >= 3.0


def test_colours_of_paper_are_those_of_the_screen():
    light = themes()["light"]

    assert (INK, MUTED, TEAL) == (light["ink"], light["muted"], light["teal"])
