"""The profile chart as people see it: compared with pictures that somebody has looked at.

The pictures in `golden/` were made by Chromium and wkhtmltopdf with Noto Sans CJK. Every version
draws letters a little differently, so a picture counts as the same while its grey values differ by
less than `MEAN` of 255 on average, and by more than `FAR` in less than `SHARE` of the pixels: a
label that moves, a zone that loses its colour or an arrow that is gone is more than that. After a
change that is meant to be seen, `XINQIAO_GOLDEN=write pytest tests/e2e/test_profile_chart.py`
writes them anew; look at them before they are committed.
"""

import io
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import jinja2
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from app.config import ROOT
from app.platform.pdf.wkhtmltopdf import Wkhtmltopdf
from app.profiles import Profile, Sitting, build_profile
from app.profiles.chart import NARROW, PAPER, draw
from app.profiles.model import NormLine
from app.profiles.narrative import change_mark
from app.profiles.strip import draw_strip
from tests.unit.profiles.conftest import AUTUMN, Measured, measured

GOLDEN = Path(__file__).parent / "golden"
MEAN, FAR, SHARE = 2.0, 60, 0.01
NORM = NormLine(6.4, "常模均值 6.4", False, 400, "Invented", "invented", "2026")

SHEET = """
{% from 'macros/charts.html' import profile_chart, strip %}
<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><style>{{ css }}
body { margin: 8px; background: var(--surface); font-family: "Noto Sans CJK SC"; width: 900px; }
svg.chart { display: inline-block; width: auto; height: 190px; max-width: none; margin: 4px; }
svg.chart--strip { height: 26px; }</style>
{% for chart in charts %}{{ profile_chart(chart, 'c%s' % loop.index, 'x', 'y') }}{% endfor %}
{% for each in strips %}{{ strip(each) }}{% endfor %}
"""


@pytest.fixture(scope="module")
def sheet() -> str:
    """Charts of one campaign, of six with everything on them, on paper and on a phone."""
    one = built([measured("phq9", [1] * 9)]).scales[0]
    six = everything()
    well = built([measured("who5", [1] * 5)], locale="en").scales[0]
    css = [(ROOT / f"app/static/css/{name}.css").read_text() for name in ("tokens", "profiles")]
    loader = jinja2.FileSystemLoader(ROOT / "app/templates")
    template = jinja2.Environment(loader=loader, autoescape=True).from_string(SHEET)
    return template.render(
        css="\n".join(css),
        charts=[draw(one), draw(six), draw(six, PAPER), draw(well, NARROW)],
        strips=[draw_strip(each) for each in (one, six, well)],
    )


def built(measurements: list[Measured], locale: str = "zh_Hans") -> Profile:
    return build_profile(
        AUTUMN, measured=measurements, flags=[], answers=[], instruments={}, locale=locale
    )


def everything():
    """Six campaigns, a norm, an interval and a reliable change."""
    days = [date(2024 + n // 2, 3 + 6 * (n % 2), 16) for n in range(5)]
    many = [
        measured("phq9", [n % 3] * 8 + [0], sitting=Sitting(f"s{n}", day, "x", "phone", "en"))
        for n, day in enumerate(days)
    ]
    six = built([*many, measured("phq9", [2] * 9)]).scales[0]
    latest = replace(six.latest, interval=(14.2, 21.8))
    six = replace(six, least_change=5.2, norms=(NORM,), points=(*six.points[:-1], latest))
    return replace(six, change_mark=change_mark(six, "zh_Hans"))


def test_chart_looks_as_it_did(browser, sheet):
    page = browser.new_page(viewport={"width": 920, "height": 470}, device_scale_factor=0.75)
    page.set_content(sheet)
    looks = {
        "light": {"media": "screen", "color_scheme": "light"},
        "dark": {"media": "screen", "color_scheme": "dark"},
    }
    seen = {}
    for name, look in looks.items():
        page.emulate_media(**look)
        seen[name] = grey(page.screenshot())
    page.close()

    for name, picture in seen.items():
        compare(picture, GOLDEN / f"profile-chart-{name}.png")


def test_chart_looks_as_it_did_in_the_print_engine(sheet):
    for program in ("wkhtmltopdf", "pdftoppm"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed: make setup-dev")
    printed = Wkhtmltopdf.caged()(sheet)

    made = subprocess.run(
        ["pdftoppm", "-r", "80", "-gray", "-png", "-singlefile", "-H", "430", "-"],
        input=printed,
        capture_output=True,
        check=True,
    )

    compare(grey(made.stdout), GOLDEN / "profile-chart-paper.png")


def grey(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def compare(seen: Image.Image, path: Path) -> None:
    """Hold a picture against the known one, or write it where that was asked for."""
    if os.environ.get("XINQIAO_GOLDEN") == "write":
        seen.save(path, optimize=True)
    known = Image.open(path).convert("L")
    assert seen.size == known.size
    mean, share = difference(seen, known)
    assert (mean < MEAN, share < SHARE) == (True, True), f"mean {mean:.2f}, far {share:.4f}"


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """The mean difference of grey values, and the share of pixels that lie far apart."""
    soft = ImageFilter.BoxBlur(1)
    apart = ImageChops.difference(one.filter(soft), other.filter(soft))
    far = sum(apart.histogram()[FAR:])
    return ImageStat.Stat(apart).mean[0], far / (apart.width * apart.height)
