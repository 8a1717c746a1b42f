"""Every word that a person reads stands in the Chinese catalogue, and fits its placeholders."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from app.config import ROOT

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    path = ROOT / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def extracted() -> Iterator[tuple[str, str]]:
    for file, line, message, _comments, _context in extract_from_dir(
        ROOT / "app", METHODS, keywords=KEYWORDS
    ):
        for each in message if isinstance(message, tuple) else (message,):
            yield each, f"app/{file}:{line}"


def test_every_message_is_translated(catalogue: Catalog) -> None:
    missing = {
        text: place
        for text, place in extracted()
        if text and not ((known := catalogue.get(text)) and known.string and not known.fuzzy)
    }

    assert missing == {}


def test_translations_keep_their_placeholders(catalogue: Catalog) -> None:
    broken = [
        entry.id
        for entry in catalogue
        if entry.id
        and isinstance(entry.id, str)
        and entry.string
        and set(PLACEHOLDER.findall(entry.id)) != set(PLACEHOLDER.findall(str(entry.string)))
    ]

    assert broken == []


def test_extraction_finds_python_and_templates() -> None:
    kinds = {place.rpartition(":")[0].rpartition(".")[2] for _text, place in extracted()}

    assert kinds == {"py", "html"}
