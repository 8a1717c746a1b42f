"""The students' CSS and script: the product's colours but no level colours, old browsers, small."""

import gzip
import re

from app.config import ROOT
from app.platform.statics import JOINED

STATIC = ROOT / "app" / "static"
CSS = (STATIC / "css" / "phone.css").read_text(encoding="utf-8")
SCRIPT = "\n".join(
    (STATIC / "js" / part).read_text(encoding="utf-8")
    for part in sorted({part for parts in JOINED.values() for part in parts})
)


def _colours(css):
    """Custom properties in light and in dark: the first and the last value of each."""
    found = {}
    for name, value in re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", css):
        found.setdefault(name, []).append(value)
    return {name: (values[0], values[-1]) for name, values in found.items()}


def test_colours_are_those_of_the_product():
    tokens = _colours((STATIC / "css" / "tokens.css").read_text(encoding="utf-8"))

    assert {name: tokens[name] for name in _colours(CSS)} == _colours(CSS)


def test_students_see_no_colour_of_a_level():
    assert not {"low", "moderate", "high", "imminent", "error"} & set(_colours(CSS))


def test_script_is_es2018():
    newer = re.findall(
        r"\?\.[a-z(\[]|\?\?|\|\|=|&&=|\bimport\(|^import |catch \{|#[a-z]+\(", SCRIPT
    )

    assert newer == []


def test_script_and_style_are_small():
    sizes = {
        name: len(gzip.compress(text.encode(), 9)) for name, text in (("css", CSS), ("js", SCRIPT))
    }

    assert sizes["css"] <= 3_000
    assert sizes["js"] <= 8_500
