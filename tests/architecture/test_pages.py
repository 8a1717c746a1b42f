"""Pages bring no inline script and no inline style: the content security policy allows none."""

import re
from pathlib import Path

import pytest

from app.access.rail import RAIL
from app.config import ROOT

#: What only becomes a PDF is read by our own engine, with scripts off and no network.
PAGES = [
    path for path in sorted((ROOT / "app").rglob("templates/**/*.html")) if "print" not in str(path)
]
INLINE = {
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}


#: Tables that become lists on a phone never scroll there.
SCROLLS = re.compile(r'<div class="table-wrap"([^>]*)>\s*<table class="(?![^"]*table--stack)')
HEAD_WITHOUT_SCOPE = re.compile(r"<th(?=[ >])(?![^>]*scope=)")


def test_table_that_scrolls_is_reached_by_key_and_has_a_name() -> None:
    wraps = [(page, wrap) for page in PAGES for wrap in SCROLLS.findall(text_of(page))]

    assert len(wraps) > 30
    assert [
        str(page.relative_to(ROOT))
        for page, said in wraps
        if 'tabindex="0" role="group" aria-label' not in said
    ] == []


def test_head_of_a_table_says_what_it_heads() -> None:
    guilty = [page.name for page in PAGES if HEAD_WITHOUT_SCOPE.search(text_of(page))]

    assert guilty == []


@pytest.mark.parametrize("what", INLINE)
def test_no_page_contains(what: str) -> None:
    guilty = [str(page.relative_to(ROOT)) for page in PAGES if INLINE[what].search(text_of(page))]

    assert guilty == []


@pytest.mark.parametrize(
    ("what", "html"),
    [
        ("a style element", "<style>p {}</style>"),
        ("a style attribute", '<p style="color: red">'),
        ("an event attribute", '<button type="button" onclick="go()">'),
        ("a script without src", "<script>go()</script>"),
        ("a javascript: address", '<a href="javascript:go()">'),
    ],
)
def test_each_pattern_finds_its_fault(what: str, html: str) -> None:
    assert INLINE[what].search(html)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_the_rail_leads_to_each_page_once():
    stops = [stop.endpoint for stretch in RAIL for stop in stretch.stops]

    assert sorted(stops) == sorted(set(stops))
