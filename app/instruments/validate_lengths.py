"""How long a text may be before no phone and no sheet of paper shows it well."""

from collections.abc import Iterator

from app.instruments.items import Item
from app.instruments.model import Instrument
from app.instruments.origin import Finding, Location
from app.instruments.said import said
from app.instruments.words import Text

#: Letters of a title, of an answer and of a question.
LONGEST_TITLE, LONGEST_ANSWER, LONGEST_QUESTION = 200, 300, 1_000

Measured = tuple[Location, Text | None, int]


def check_lengths(instrument: Instrument) -> Iterator[Finding]:
    """Yield every title, question and answer that is too long to be read at once."""
    for location, text, most in _measured(instrument):
        for locale, wording in (text.root if text else {}).items():
            if len(wording) > most:
                yield (
                    (*location, locale),
                    said(
                        "this text has {count} letters, too many for a phone; "
                        "keep it under {most}.",
                        count=len(wording),
                        most=most,
                    ),
                )


def _measured(instrument: Instrument) -> Iterator[Measured]:
    yield ("title",), instrument.title, LONGEST_TITLE
    yield ("student_title",), instrument.student_title, LONGEST_TITLE
    for place, item in enumerate(instrument.items):
        yield from _of_item(("items", place), item)
    for place, scale in enumerate(instrument.scales):
        yield ("scales", place, "title"), scale.title, LONGEST_TITLE


def _of_item(at: Location, item: Item) -> Iterator[Measured]:
    """A passage to be read (`info`) may be as long as any text."""
    for place, option in enumerate(item.options):
        yield (*at, "options", place, "label"), option.label, LONGEST_ANSWER
    if item.kind == "info":
        return
    yield (*at, "text"), item.text, LONGEST_QUESTION
    for place, variant in enumerate(item.variants):
        yield (*at, "variants", place, "text"), variant.text, LONGEST_QUESTION
