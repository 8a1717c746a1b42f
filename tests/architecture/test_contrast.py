"""Every pair of colours that meets on a page keeps WCAG AA, in light and in dark."""

import re
from pathlib import Path

import pytest

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
