"""Strict YAML: the unambiguous part of the language, read into nodes that know their place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from app.instruments.problems import InstrumentError, Problem
from app.instruments.said import Said, mark, said
from app.instruments.syntax import explain_syntax

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_NUMBER_LENGTH = 15

Scalar = str | int | float | bool | None
Place = tuple[int, int]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_WORDS: dict[str, Scalar] = {"": None, "null": None, "true": True, "false": False}
_AMBIGUOUS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|~)"),
        mark("put a word in quotes; write a truth value as true or false"),
    ),
    (
        re.compile(r"(?i:[-+]?\.?(nan|inf|infinity))"),
        mark("write an ordinary number; infinity and not-a-number have no place here"),
    ),
    (re.compile(r"[-+]?0[0-9_]+(\.[0-9]*)?"), mark("remove the leading zero, or put it in quotes")),
    (re.compile(r"(?i:[-+]?0[xob][0-9a-f_]+)"), mark("write the number in ordinary digits")),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-9]+)+(\.[0-9]*)?"), mark("put a time in quotes")),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*"), mark("put a date in quotes")),
    (
        re.compile(r"[-+]?([0-9][0-9_,]*(\.[0-9_]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?"),
        mark("write a plain number such as 12 or 0.5, or put it in quotes"),
    ),
    (re.compile(r"=|<<"), mark("write every key out; there are no merged or default values")),
)


#: Quotes of Chinese writing around a whole value: YAML would keep them as letters of the text.
_WRAPPED = re.compile("[“”‘’\uff02]([^“”‘’\uff02]+)[“”‘’\uff02]")

#: Letters that nobody means: what each is, and how to be rid of it.
_STRAY: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\U0010ffff]"),
        mark("remove the control character; only printable text is allowed."),
    ),
    (
        re.compile("(?m)^ *(?:- )?[\u200b\u2060\ufeff]+(?=[A-Za-z_]+:)"),
        mark("an invisible letter stands here, perhaps copied along; delete it."),
    ),
)
#: What Chinese letters become when a file is read in the wrong encoding; so many are no accident.
_GARBLED, _MANY = re.compile(r"[\xa1-\xff\ufffd]"), 30
_MISREAD = mark(
    "these letters were read in the wrong encoding; open the file anew as GBK or UTF-8."
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Keys with which an entry of a list begins.
_OPENING = frozenset({"code", "value", "set", "band", "name"})


@dataclass(slots=True)
class Node:
    """A value of the file with its place; keys of a mapping keep their own places."""

    value: "Scalar | list[Node] | dict[str | int | float, Node]"
    place: Place
    keys: dict[str | int | float, Place] = field(default_factory=dict)

    def get(self, key: str) -> "Node | None":
        """Return the node under `key`, or None where this is no mapping or has no such key."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def plain(self) -> object:
        """Return ordinary Python data; sequences become tuples."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return tuple(child.plain() for child in self.value)
        return self.value

    def size(self) -> int:
        """Return how many values there are here and below."""
        if isinstance(self.value, dict):
            return 1 + sum(child.size() for child in self.value.values())
        if isinstance(self.value, list):
            return 1 + sum(child.size() for child in self.value)
        return 1

    def child(self, step: str | int) -> "Node | None":
        """Return the value under a key or an index, or None where there is none."""
        if isinstance(self.value, dict):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None

    def locate(self, location: tuple[str | int, ...]) -> Place:
        """Return the place of the value at `location`, or of its nearest known ancestor."""
        return self._nearest(location).place

    def locate_key(self, location: tuple[str | int, ...]) -> Place:
        """Return the place of the key that ends `location`."""
        return self._nearest(location[:-1]).keys.get(location[-1], self.locate(location))

    def _nearest(self, location: tuple[str | int, ...]) -> "Node":
        node = self
        for step in location:
            node = node.child(step) or node
        return node


def decode(data: bytes, path: str) -> str:
    """Return the UTF-8 text of `data` without a byte-order mark, or raise `InstrumentError`."""
    if len(data) > MAX_BYTES:
        raise InstrumentError([Problem(path, 1, 1, _too_large(len(data)))])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        message = said("this is not UTF-8 text; save the file with the encoding UTF-8.")
        raise InstrumentError([Problem(path, line, column, message)]) from None


def read(text: str, path: str, problems: list[Problem]) -> Node | None:
    """Read one YAML document; append what is wrong to `problems`, return what could be read."""
    text = text.removeprefix("\ufeff")
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        problems.append(
            Problem(path, line, 1, said("remove the half character (a lone surrogate)."))
        )
        return None
    if size > MAX_BYTES:
        problems.append(Problem(path, 1, 1, _too_large(size)))
        return None
    strays = list(_strays(text, path))
    problems += strays
    return None if strays else _Reader(path, problems).read(text)


def reads_as_text(text: str) -> bool:
    """Tell whether `text` written without quotes is read as that text, and in one way only."""
    is_number = _DECIMAL.fullmatch(text) or _INTEGER.fullmatch(text)
    is_ambiguous = any(pattern.fullmatch(text) for pattern, _ in _AMBIGUOUS)
    is_odd = is_ambiguous or _WRAPPED.fullmatch(text)
    return text not in _WORDS and not is_number and not is_odd


def _strays(text: str, path: str) -> Iterator[Problem]:
    """Yield the first of each kind of letters that cannot be meant: they hide in what is read."""
    for pattern, mend in _STRAY:
        if found := pattern.search(text):
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - text.rfind("\n", 0, found.start())
            yield Problem(path, line, column, said(mend))
    if not _CHINESE.search(text) and len(garbled := _GARBLED.findall(text)) >= _MANY:
        line = text.count("\n", 0, text.index(garbled[0])) + 1
        yield Problem(path, line, 1, said(_MISREAD))


def _too_large(size: int) -> str:
    return said(
        "the file has {size:,} bytes; keep it under {most:,} (256 KB).",
        size=size,
        most=MAX_BYTES,
    )


class _StopReadingError(Exception):
    """Reading cannot go on; the reason has been noted."""


class _Reader:
    """Builds nodes from parser events, so that aliases and tags are seen and never expanded."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems

    def read(self, text: str) -> Node | None:
        try:
            return self._document(yaml.parse(text, Loader=yaml.CSafeLoader))
        except _StopReadingError:
            return None
        except yaml.MarkedYAMLError as error:
            self._note(*explain_syntax(error, text))
        return None

    def _note(self, place: Place, message: str) -> None:
        self.problems.append(Problem(self.path, *place, message))

    def _document(self, events: Iterator[yaml.Event]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._note(_place(event), said("only one document a file; remove the line “---”."))
                raise _StopReadingError
            if isinstance(event, yaml.DocumentEndEvent) and event.explicit:
                self._note(
                    _place(event),
                    said("“...” ends the file, and nothing below it is read; remove this line."),
                )
                raise _StopReadingError
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, 1)
        if root is None:
            self._note((1, 1), said("the file is empty; write the instrument here."))
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        place = _place(event)
        if depth > MAX_DEPTH:
            self._note(
                place,
                said(
                    "this is nested deeper than {most} levels; make it flatter.",
                    most=MAX_DEPTH,
                ),
            )
            raise _StopReadingError
        if isinstance(event, yaml.AliasEvent):
            self._note(
                place,
                said("write the value out instead of the alias *{anchor}.", anchor=event.anchor),
            )
            return Node(None, place)
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)  # noqa: S101 -- the parser opens a node in no other way
        if event.anchor:
            self._note(
                place,
                said("remove the anchor &{anchor}; nothing may refer to it.", anchor=event.anchor),
            )
        if event.tag:
            self._note(
                place, said("remove the tag {tag}; values have no tags here.", tag=event.tag)
            )
        if isinstance(event, yaml.ScalarEvent):
            return Node(self._scalar(event), place)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(list(self._sequence(events, depth)), place)
        return self._mapping(place, events, depth)

    def _sequence(self, events: Iterator[yaml.Event], depth: int) -> Iterator[Node]:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            yield self._node(event, events, depth + 1)

    def _mapping(self, place: Place, events: Iterator[yaml.Event], depth: int) -> Node:
        children: dict[str | int | float, Node] = {}
        node = Node(children, place)
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            child = self._node(next(events), events, depth + 1)
            if not isinstance(key.value, str | int | float) or isinstance(key.value, bool):
                self._note(key.place, said("a key is one word or number; write it plainly."))
            elif key.value in children:
                self._note(key.place, _second(key.value, node.keys[key.value][0]))
            else:
                children[key.value] = child
                node.keys[key.value] = key.place
        return node

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        text: str = event.value
        if event.style:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if wrapped := _WRAPPED.fullmatch(text):
            self._note(
                _place(event),
                said(
                    "Chinese quotes stand around “{text}”; write ordinary ones instead, or around "
                    "them if they are to be shown.",
                    text=wrapped[1],
                ),
            )
            return wrapped[1]
        is_decimal = bool(_DECIMAL.fullmatch(text))
        if is_decimal or _INTEGER.fullmatch(text):
            if len(text) <= MAX_NUMBER_LENGTH:
                return float(text) if is_decimal else int(text)
            self._note(_place(event), said("this number is too long; write at most 15 digits."))
            return 0
        for pattern, mend in _AMBIGUOUS:
            if pattern.fullmatch(text):
                self._note(
                    _place(event),
                    said(
                        "“{text}” can be read in more than one way: {mend}.",
                        text=text,
                        mend=said(mend),
                    ),
                )
                break
        return text


def _second(key: str | float, first: int) -> Said:
    """What to do about a key that stands twice; most often an entry has lost its dash."""
    template = (
        mark(
            "“{value}” stands here a second time (first in line {first}); where a new entry "
            "begins, put “- ” before it."
        )
        if key in _OPENING
        else mark(
            "“{value}” stands here a second time (first in line {first}); keep one of the two."
        )
    )
    return said(template, value=key, first=first)


def _place(event: yaml.Event) -> Place:
    start = event.start_mark
    return (start.line + 1, start.column + 1) if start else (1, 1)
