"""Plain data written as the YAML that `strict_yaml` reads, the way the library's files look."""

import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from yaml.emitter import Emitter

from app.instruments import strict_yaml

WIDTH = 100

#: An empty line stands before each of these, as in the files of the library.
_PARAGRAPHS = frozenset(
    {"licence", "recall", "option_sets", "items", "sections", "scales", "flags"}
)

Scalar = str | int | float | bool | None


def write(data: Mapping[str, object], *, comments: Mapping[str, str] | None = None) -> str:
    """Return `data` as YAML: block style, short parts on one line, comments before their keys.

    Every text has one line; `strict_yaml.read` gives back exactly `data`.
    """
    lines: list[str] = []
    for key, value in data.items():
        if key in _PARAGRAPHS:
            lines.append("")
        lines += _comment((comments or {}).get(key))
        lines += _entry(key, value, 0)
    return "\n".join(lines) + "\n"


def comment(text: str) -> str:
    """Return `text` as comment lines."""
    return "".join(f"{line}\n" for line in _comment(text))


def _comment(text: str | None) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text or "", WIDTH - 2)]


def _entry(key: object, value: object, depth: int) -> Iterator[str]:
    pad, name = "  " * depth, _flow(key)
    line = f"{pad}{name}: {_flow(value)}"
    if _fits(value, line):
        yield line
    elif isinstance(value, str):
        yield f"{pad}{name}: >-"
        yield from _folded(value, depth + 1)
    else:
        yield f"{pad}{name}:"
        yield from _block(value, depth + 1)


def _block(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from _entry(key, child, depth)
        return
    assert isinstance(value, Sequence)  # noqa: S101 -- scalars stand on their own line
    pad = "  " * depth
    for child in value:
        line = f"{pad}- {_flow(child)}"
        if _fits(child, line) or isinstance(child, str):
            yield line
            continue
        lines = list(_block(child, depth + 1))
        yield f"{pad}- {lines[0].lstrip()}"
        yield from lines[1:]


def _fits(value: object, line: str) -> bool:
    """Texts that cannot be folded stay whole; of parts only the small and flat share a line."""
    if isinstance(value, str):
        return len(line) <= WIDTH or not _can_fold(value)
    if isinstance(value, Mapping):
        return len(line) <= WIDTH and _height(value) <= 2  # noqa: PLR2004 -- an option and its label
    if isinstance(value, Sequence):
        return len(line) <= WIDTH and _height(value) == 1
    return True


def _height(value: object) -> int:
    if isinstance(value, Mapping):
        return 1 + max((_height(child) for child in value.values()), default=0)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return 1 + max((_height(child) for child in value), default=0)
    return 0


def _folded(text: str, depth: int) -> Iterator[str]:
    pad = "  " * depth
    for line in textwrap.wrap(
        text, WIDTH - len(pad), break_long_words=False, break_on_hyphens=False
    ):
        yield pad + line


def _can_fold(text: str) -> bool:
    """A folded text comes back unchanged when single blanks part its words, and nothing else."""
    return " " in text and text.split() == text.split(" ")


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_flow(key)}: {_flow(child)}" for key, child in value.items())
        return f"{{{inside}}}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(_flow(child) for child in value)}]"
    return str(value)


def _quoted(text: str) -> str:
    found = Emitter(io.StringIO(), allow_unicode=True).analyze_scalar(text)
    if found.allow_flow_plain and strict_yaml.reads_as_text(text):
        return text
    return "'" + text.replace("'", "''") + "'"
