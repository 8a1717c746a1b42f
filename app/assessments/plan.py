"""The pages of a sitting: sections of items in order, and the closing questions at the end."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from app.assessments.branches import Branches, Said
from app.assessments.content import Questions
from app.assessments.domain import CLOSING
from app.assessments.kinds import Way, way_of
from app.instruments.items import Item
from app.instruments.logic.scope import Data, names_in
from app.instruments.model import Instrument
from app.instruments.words import Text

NEUTRAL = "neutral"

#: After so many items without one, the next instrument begins with a break: the same for everybody.
BREAK_AFTER = 30

#: Bytes of pictures and recordings that a device fetches ahead; a slow line brings them in 6 s.
MOST_CARRIED = 300_000

#: Items that this sitting does not ask, each as (instrument code, item code).
Hidden = frozenset[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Page:
    """Items that are shown and sent together; `offset` counts the questions before them.

    A break before them is no item: nothing counts it, stores it or waits for it. `conditions` are
    those of its items that are not always asked; none of them looks at an item of the same page.
    """

    number: int
    code: str
    title: Text
    instructions: Text
    items: tuple[Item, ...]
    offset: int
    after_break: bool = False
    conditions: Mapping[str, Data] = field(default_factory=dict)
    #: Where the pictures and recordings of its items lie, by the path that the item names.
    media: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_closing(self) -> bool:
        """Whether this is the last page of every sitting."""
        return self.code == CLOSING

    @cached_property
    def questions(self) -> tuple[Item, ...]:
        """Its items without those that only tell something."""
        return tuple(item for item in self.items if way_of(item) is not Way.INFO)

    def name_of(self, item: Item) -> str:
        """What the item is called in the form."""
        return f"{self.code}.{item.code}"

    def number_of(self, item: Item) -> int | None:
        """The number before a question; what tells something and the closing have none."""
        return None if self.is_closing else self._numbers.get(item.code)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {item.code: n for n, item in enumerate(self.questions, self.offset + 1)}

    def seen_or_heard(self, locale: str) -> Iterator[str]:
        """Addresses of its pictures, and of its recordings in one language."""
        for item in self.items:
            paths = [option.image for option in item.options]
            paths += [item.audio.get(locale), item.image.file if item.image else None]
            yield from (self.media[path] for path in paths if path)

    def asked(self, hidden: Hidden) -> tuple[Item, ...]:
        """What is shown of it."""
        if not self.conditions:
            return self.items
        return tuple(item for item in self.items if (self.code, item.code) not in hidden)


@dataclass(frozen=True, eq=False)
class Plan:
    """Every page of a sitting; `total` counts the questions before the closing ones.

    `branches` are those of the instruments in which not everything is always asked.
    """

    pages: tuple[Page, ...]
    total: int
    branches: Mapping[str, Branches] = field(default_factory=dict)
    #: Bytes of its pictures and recordings, by address.
    weights: Mapping[str, int] = field(default_factory=dict)

    def page(self, number: int) -> Page | None:
        """The page of that number."""
        return self.pages[number - 1] if 1 <= number <= len(self.pages) else None

    def first_open(self, answered: Collection[tuple[str, str]], hidden: Hidden) -> Page:
        """Where to go on: the first page with a question that has no answer yet, or the last."""
        settled = {*answered, *hidden}
        for page in self.pages:
            if any((page.code, item.code) not in settled for item in page.questions):
                return page
        return self.pages[-1]

    def left_off(self, stored: Mapping[str, Mapping[str, Said]]) -> Page:
        """The first open page after these answers."""
        answered = {(code, item) for code, items in stored.items() for item in items}
        return self.first_open(answered, self.hidden(stored))

    def after(self, page: Page, hidden: Hidden) -> Page:
        """The next page of which anything is shown."""
        return next(one for one in self.pages[page.number :] if one.asked(hidden))

    def before(self, page: Page, hidden: Hidden) -> Page:
        """The page before of which anything is shown, or the same where there is none."""
        earlier = reversed(self.pages[: page.number - 1])
        return next((one for one in earlier if one.asked(hidden)), page)

    def hidden(self, answers: Mapping[str, Mapping[str, Said]]) -> Hidden:
        """What is not asked after these answers."""
        return frozenset(
            (code, item)
            for code, branches in self.branches.items()
            for item in branches.hidden(answers.get(code, {}))
        )

    def known(self, answers: Mapping[str, Mapping[str, Said]]) -> dict[str, float | None]:
        """By name in the form, what a page has to know of answers that it does not show."""
        return {
            f"{code}.{item}": value
            for code, branches in self.branches.items()
            for item, value in branches.known(answers.get(code, {})).items()
        }

    def item(self, code: str, item_code: str) -> Item | None:
        """The item of that code under one instrument's, if the sitting asks for it."""
        return self._items.get((code, item_code))

    def carried(self, locale: str) -> tuple[str, ...]:
        """Addresses of what a device takes with it for a lost line; nothing where it is much."""
        named = {address for page in self.pages for address in page.seen_or_heard(locale)}
        addresses = named & self.weights.keys()  # in a preview they lie in the page
        if sum(self.weights[address] for address in addresses) > MOST_CARRIED:
            return ()
        return tuple(sorted(addresses))

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
    branches: dict[str, Branches] = {}
    offset = rested = 0
    for code, section in sections:
        pauses = offset - rested >= BREAK_AFTER
        rested = offset if pauses else rested
        own = Branches.of(section)
        if own.shown:
            branches[code] = own
        for items in _chunks(own):
            page = _page(len(pages) + 1, code, section, items, offset, pauses, own.shown)
            pages.append(page)
            offset += len(page.questions)
            pauses = False
    last = _page(len(pages) + 1, CLOSING, closing, closing.items, offset)
    return Plan((*pages, last), offset, branches, _weights(sections))


def _weights(sections: Iterable[tuple[str, Instrument | Questions]]) -> dict[str, int]:
    return {
        address: len(section.source.media[path])
        for _, section in sections
        if isinstance(section, Instrument)
        for path, address in _addresses(section).items()
    }


def _addresses(section: Instrument | Questions) -> dict[str, str]:
    """Where `authoring` serves the pictures and recordings of a published version."""
    if not isinstance(section, Instrument):
        return {}
    folder, stamp = f"/media/{section.code}/{section.version}", section.content_hash[:10]
    return {path: f"{folder}/{path}?v={stamp}" for path in section.source.media}


def _page(
    number: int,
    code: str,
    section: Instrument | Questions,
    items: tuple[Item, ...],
    offset: int,
    after_break: bool = False,
    shown: Mapping[str, Data] = MappingProxyType({}),
) -> Page:
    title = section.student_title if isinstance(section, Instrument) else section.title
    conditions = {item.code: shown[item.code] for item in items if item.code in shown}
    return Page(
        number,
        code,
        title,
        section.instructions,
        items,
        offset,
        after_break,
        conditions,
        _addresses(section),
    )


def _chunks(section: Branches) -> Iterator[tuple[Item, ...]]:
    """A page ends after a critical item: without script its answer waits for nothing else.

    It also ends before an item whose condition looks at an answer of the same page.
    """
    chunk: list[Item] = []
    for item in section.items:
        read = names_in(section.shown.get(item.code, 0.0))
        if any(earlier.code in read for earlier in chunk):
            yield tuple(chunk)
            chunk = []
        chunk.append(item)
        if item.critical:
            yield tuple(chunk)
            chunk = []
    if chunk:
        yield tuple(chunk)
