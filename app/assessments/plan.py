"""The pages of a sitting: sections of items in order, and the closing questions at the end."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from app.assessments.content import Questions
from app.assessments.domain import CLOSING
from app.instruments.items import Item
from app.instruments.model import Instrument
from app.instruments.words import Text

NEUTRAL = "neutral"

#: After so many items without one, the next instrument begins with a break: the same for everybody.
BREAK_AFTER = 30


@dataclass(frozen=True, eq=False)
class Page:
    """Items that are shown and sent together; `offset` counts the items before them.

    A break before them is no item: nothing counts it, stores it or waits for it.
    """

    number: int
    code: str
    title: Text
    instructions: Text
    items: tuple[Item, ...]
    offset: int
    after_break: bool = False

    @property
    def is_closing(self) -> bool:
        """Whether this is the last page of every sitting."""
        return self.code == CLOSING

    def name_of(self, item: Item) -> str:
        """What the item is called in the form."""
        return f"{self.code}.{item.code}"


@dataclass(frozen=True)
class Plan:
    """Every page of a sitting; `total` counts the items before the closing questions."""

    pages: tuple[Page, ...]
    total: int

    def page(self, number: int) -> Page | None:
        """The page of that number."""
        return self.pages[number - 1] if 1 <= number <= len(self.pages) else None

    def first_open(self, answered: Collection[tuple[str, str]]) -> Page:
        """Where to go on: the first page with an item that has no answer yet, or the last page."""
        for page in self.pages:
            if any((page.code, item.code) not in answered for item in page.items):
                return page
        return self.pages[-1]

    def item(self, code: str, item_code: str) -> Item | None:
        """The item of that code under one instrument's, if the sitting asks for it."""
        return self._items.get((code, item_code))

    @cached_property
    def _items(self) -> dict[tuple[str, str], Item]:
        return {(page.code, item.code): item for page in self.pages for item in page.items}


def plan_of(instruments: Iterable[Instrument], closing: Questions) -> Plan:
    """The sitting of a battery."""
    return _plan([(one.code, one) for one in instruments], closing)


def neutral_plan(neutral: Questions, closing: Questions) -> Plan:
    """The sitting of somebody whose guardian has not consented."""
    return _plan([(NEUTRAL, neutral)], closing)


def _plan(sections: list[tuple[str, Instrument | Questions]], closing: Questions) -> Plan:
    pages: list[Page] = []
    offset = rested = 0
    for code, section in sections:
        pauses = offset - rested >= BREAK_AFTER
        rested = offset if pauses else rested
        title = section.student_title if isinstance(section, Instrument) else section.title
        for items in _chunks(section.items):
            number, words = len(pages) + 1, section.instructions
            pages.append(Page(number, code, title, words, items, offset, pauses))
            offset += len(items)
            pauses = False
    last = Page(len(pages) + 1, CLOSING, closing.title, closing.instructions, closing.items, offset)
    return Plan((*pages, last), offset)


def _chunks(items: tuple[Item, ...]) -> Iterator[tuple[Item, ...]]:
    """A page ends after a critical item: without script its answer waits for nothing else."""
    chunk: list[Item] = []
    for item in items:
        chunk.append(item)
        if item.critical:
            yield tuple(chunk)
            chunk = []
    if chunk:
        yield tuple(chunk)
