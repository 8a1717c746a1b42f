"""The texts of an instrument file in its languages, found and replaced without touching the rest.

The file is read as it stands, also while it is full of faults, and only the letters of a replaced
text change: comments, order and layout stay as their author left them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import yaml

from app.instruments.strict_yaml import MAX_DEPTH
from app.instruments.words import DEFAULT_LOCALE

#: From where to where a file is replaced, and by what.
Edit = tuple[int, int, str]
Place = tuple[str | int, ...]
Group = Literal["head", "item", "option", "scale", "band", "advice", "flag"]

GROUPS: tuple[Group, ...] = ("head", "item", "option", "scale", "band", "advice", "flag")
#: Languages that every file may write without claiming them first.
USUAL = (DEFAULT_LOCALE, "en")
#: Places under which a language points to something other than words.
_NOT_WORDS = frozenset({"audio", "translations"})
#: What an entry of a list is called by.
_NAMES = ("code", "band", "value")
_BLOCK = frozenset({"|", ">"})
_TEXT = "tag:yaml.org,2002:str"


class NotPlaceableError(ValueError):
    """The text cannot be put where it belongs without changing more: the file is to be mended."""


@dataclass(frozen=True)
class Passage:
    """One text: where it stands, what it belongs to, and its words by language."""

    at: Place
    group: Group
    #: The code of the item, scale or flag, the value of an option; empty for what stands alone.
    about: str
    texts: Mapping[str, str]

    @property
    def field(self) -> str:
        """The place as one word, for the name of a field."""
        return ".".join(str(part) for part in self.at)

    def is_missing(self, language: str) -> bool:
        """Whether there are no words in the language."""
        return not self.texts.get(language, "").strip()


def languages_of(text: str) -> tuple[str, ...]:
    """The languages that the file claims, as far as it can be read."""
    root = _compose(text)
    listed = _child(root, "languages")
    if not isinstance(listed, yaml.SequenceNode):
        return ()
    return tuple(str(one.value) for one in listed.value if isinstance(one, yaml.ScalarNode))


def translation_of(text: str, language: str) -> Mapping[str, str]:
    """What the file says of the wording in a language: status, source, who signed."""
    about = _child(_child(_compose(text), "translations"), language)
    return _scalars(about) if isinstance(about, yaml.MappingNode) else {}


def passages_of(text: str) -> list[Passage]:
    """Every text of the file in the order in which it stands there."""
    root = _compose(text)
    known = frozenset((*languages_of(text), *USUAL))
    return [] if root is None else list(_passages(root, (), known))


def missing_in(text: str, language: str) -> list[Passage]:
    """The texts that have no words in the language."""
    return [passage for passage in passages_of(text) if passage.is_missing(language)]


def with_texts(text: str, language: str, wanted: Mapping[Place, str]) -> str:
    """Return the file with these words in the language; empty words leave a text as it is.

    Raises `NotPlaceableError` where the result would say anything else than what was asked.
    """
    before = {passage.at: dict(passage.texts) for passage in passages_of(text)}
    edits, root = [], _compose(text)
    for at, words in wanted.items():
        node = _at(root, at)
        if words.strip() and at in before and before[at].get(language) != words:
            edits.append(_edit(text, node, language, _quoted(words)))
            before[at][language] = words
    text = _applied(text, edits)
    after = {passage.at: dict(passage.texts) for passage in passages_of(text)}
    if after != before:
        raise NotPlaceableError(language)
    return text


def with_origin(text: str, language: str, *, status: str, source: str) -> str:
    """Return the file saying how far the wording in the language may be trusted, and whose it is.

    Raises `NotPlaceableError` where the file has no place for it yet.
    """
    whole = _child(_compose(text), "translations")
    about = _child(whole, language)
    wanted = {"status": status, "source": source}
    if about is None:
        entry = f"{{status: {_quoted(status)}, source: {_quoted(source)}}}"
        edits = [_edit(text, whole, language, entry)]
    else:
        known = translation_of(text, language)
        edits = [
            _edit(text, about, key, _quoted(words))
            for key, words in wanted.items()
            if known.get(key) != words
        ]
    text = _applied(text, edits)
    if not wanted.items() <= translation_of(text, language).items():
        raise NotPlaceableError(language)
    return text


def with_language(text: str, language: str) -> str:
    """Return the file claiming one language more; its texts are missing until somebody writes them.

    Raises `NotPlaceableError` where the file does not say yet in which languages it is written.
    """
    listed = _child(_compose(text), "languages")
    if not isinstance(listed, yaml.SequenceNode) or not listed.value:
        raise NotPlaceableError(language)
    last = listed.value[-1]
    end = last.end_mark.index
    entry = (
        f", {language}"
        if listed.flow_style
        else f"\n{' ' * (last.start_mark.column - 2)}- {language}"
    )
    claimed = languages_of(text)
    text = _applied(text, [(end, end, entry)])
    if languages_of(text) != (*claimed, language):
        raise NotPlaceableError(language)
    return text


def _applied(text: str, edits: Iterable[Edit]) -> str:
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _compose(text: str) -> yaml.Node | None:
    try:
        node: yaml.Node | None = (
            yaml.compose(text, Loader=yaml.CSafeLoader) if _is_flat(text) else None
        )
    except yaml.YAMLError:
        return None
    return node


def _is_flat(text: str) -> bool:
    """Whether nothing nests deeper than an instrument may, or stands for something else.

    The composer ends the whole program at some thousand brackets, and a few aliases of aliases
    never come to an end; neither is an instrument.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or isinstance(event, yaml.AliasEvent):
            return False
    return True


def _child(node: yaml.Node | None, key: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == key), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        child: yaml.Node = node.value[key]
        return child
    return None


def _at(node: yaml.Node | None, at: Place) -> yaml.Node | None:
    for key in at:
        node = _child(node, key)
    return node


def _scalars(node: yaml.MappingNode) -> dict[str, str]:
    return {
        str(key.value): str(value.value)
        for key, value in node.value
        if isinstance(value, yaml.ScalarNode)
    }


def _passages(node: yaml.Node, at: Place, known: frozenset[str]) -> Iterator[Passage]:
    if isinstance(node, yaml.SequenceNode):
        for index, entry in enumerate(node.value):
            yield from _passages(entry, (*at, index), known)
    elif isinstance(node, yaml.MappingNode):
        if _is_text(node, known):
            yield Passage(at, _group(at), "", _scalars(node))
            return
        about = _scalars(node)
        for key, value in node.value:
            if key.value not in _NOT_WORDS:
                for found in _passages(value, (*at, str(key.value)), known):
                    named = found.about or next((about[k] for k in _NAMES if at and k in about), "")
                    yield Passage(found.at, found.group, named, found.texts)


def _is_text(node: yaml.MappingNode, known: frozenset[str]) -> bool:
    return bool(node.value) and all(
        key.value in known and isinstance(value, yaml.ScalarNode) for key, value in node.value
    )


def _group(at: Place) -> Group:
    if at[0] == "option_sets" or "options" in at:
        return "option"
    if "cutoffs" in at:
        return "advice"
    if "bands" in at or "rules" in at:
        return "band"
    groups: dict[str | int, Group] = {"items": "item", "scales": "scale", "flags": "flag"}
    return groups.get(at[0], "head")


def _edit(text: str, node: yaml.Node | None, key: str, entry: str) -> Edit:
    """Let `key` of a mapping say `entry`: in place of what it says, or behind its last key."""
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise NotPlaceableError(key)
    old = _child(node, key)
    if old is not None:
        ending = "\n" if getattr(old, "style", None) in _BLOCK else ""
        return old.start_mark.index, old.end_mark.index, entry + ending
    first, last = node.value[-1]
    if node.flow_style:
        end = last.end_mark.index
        return end, end, f", {key}: {entry}"
    return _new_line(text, first, last, f"{key}: {entry}")


def _new_line(text: str, key: yaml.Node, last: yaml.Node, entry: str) -> Edit:
    """A line behind the last one of a block, indented as its keys are."""
    indent = " " * key.start_mark.column
    if getattr(last, "style", None) in _BLOCK or isinstance(last, yaml.CollectionNode):
        end = last.end_mark.index - last.end_mark.column
        if text[end - 1 : end] == "\n" and last.end_mark.line > last.start_mark.line:
            return end, end, f"{indent}{entry}\n"
    end = text.find("\n", last.end_mark.index)
    end = len(text) if end < 0 else end
    return end, end, f"\n{indent}{entry}"


def _quoted(words: str) -> str:
    """The words as YAML: plain where that reads the same everywhere, else quoted."""
    if "\n" in words or "\t" in words:
        escaped = words.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + escaped.replace("\r", "").replace("\n", "\\n").replace("\t", "\\t") + '"'
    node = _child(_compose(f"[{words}]"), 0)
    is_text = isinstance(node, yaml.ScalarNode) and node.tag == _TEXT and node.value == words
    is_plain = is_text and words == words.strip() and "#" not in words
    return words if is_plain and ": " not in words else "'" + words.replace("'", "''") + "'"
