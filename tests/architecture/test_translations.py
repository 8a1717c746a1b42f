"""Every word that a person reads stands in the Chinese catalogue, and fits its placeholders."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from app.config import ROOT

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None, "said": None, "mark": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+(?::[^}]+)?\}")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    path = ROOT / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


#: A message, or its singular and plural.
Words = str | tuple[str, ...]


def extracted() -> Iterator[tuple[Words, str]]:
    for file, line, message, _comments, _context in extract_from_dir(
        ROOT / "app", METHODS, keywords=KEYWORDS
    ):
        yield message, f"app/{file}:{line}"


def is_translated(catalogue: Catalog, words: Words) -> bool:
    """Whether it stands there as it is said, in as many forms as Chinese has: one."""
    known = catalogue.get(words)
    if known is None or known.fuzzy or known.id != words:
        return False
    said = known.string if isinstance(known.string, tuple | list) else (known.string,)
    return len(said) == (1 if isinstance(words, str) else catalogue.num_plurals) and all(said)


def is_broken(entry: Message) -> bool:
    """Whether a translation has lost a placeholder, or has one that nothing fills.

    Only the plural need say how many: "one student" does not.
    """
    ids = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
    said = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
    filled = set(PLACEHOLDER.findall(ids[-1]))
    return any(set(PLACEHOLDER.findall(each)) != filled for each in said if each)


def test_every_message_is_translated(catalogue: Catalog) -> None:
    missing = {
        words: place
        for words, place in extracted()
        if words and not is_translated(catalogue, words)
    }

    assert missing == {}


def test_translations_keep_their_placeholders(catalogue: Catalog) -> None:
    assert [entry.id for entry in catalogue if entry.id and is_broken(entry)] == []


ONE, MANY = "One student waits.", "%(num)d students wait."


@pytest.mark.parametrize(
    ("chinese", "is_whole", "is_kept"),
    [
        (("有 %(num)d 名学生在等。",), True, True),
        (("有学生在等。",), True, False),
        (("",), False, True),
        (("有 %(n)d 名学生在等。",), True, False),
    ],
)
def test_plural_messages_are_looked_at_too(
    chinese: tuple[str, ...], is_whole: bool, is_kept: bool
) -> None:
    made = Catalog(locale="zh_Hans")
    entry = made.add((ONE, MANY), chinese)

    assert is_translated(made, (ONE, MANY)) == is_whole
    assert is_broken(entry) != is_kept
    assert not is_translated(made, ONE)


def test_extraction_finds_python_and_templates() -> None:
    kinds = {place.rpartition(":")[0].rpartition(".")[2] for _words, place in extracted()}

    assert kinds == {"py", "html"}
