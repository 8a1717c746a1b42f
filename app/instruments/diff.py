"""Two versions compared in words: what is new, what is gone, what was and what is now."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from app.instruments.model import Instrument
from app.instruments.said import joined, mark, said

#: What identifies an entry of a list, and how an entry of each list is called in a sentence.
_KEYS = ("code", "band", "set")
_NAMES = {
    "items": mark("item"),
    "scales": mark("scale"),
    "options": mark("option"),
    "sections": mark("section"),
    "flags": mark("flag"),
    "rules": mark("outcome"),
    "bands": mark("band"),
    "cutoffs": mark("cut-off"),
    "norms": mark("norm table"),
}


def differences(old: Instrument, new: Instrument) -> list[str]:
    """Return one sentence a difference; the order is that of the file."""
    found = list(_compare(_content(old), _content(new), ()))
    if not found and old.content_hash != new.content_hash:
        found.append(said("only the layout, the comments or the worked examples differ"))
    return found


def _content(instrument: Instrument) -> dict[str, object]:
    content = instrument.model_dump(by_alias=True, exclude={"option_sets"})
    content["norms"] = tuple(table.model_dump(by_alias=True) for table in instrument.norms)
    return content


def _compare(old: object, new: object, at: tuple[str, ...]) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*old, *new]):
            yield from _compare(old.get(key), new.get(key), (*at, str(key)))
    elif _is_keyed(old) and _is_keyed(new):
        yield from _compare_entries(_by_key(old, at), _by_key(new, at), at)
    else:
        yield said(
            "{place} was {old}, is now {new}", place=joined(at), old=_shown(old), new=_shown(new)
        )


def _compare_entries(
    old: dict[str, object], new: dict[str, object], at: tuple[str, ...]
) -> Iterator[str]:
    for key in dict.fromkeys([*old, *new]):
        where = (*at[:-1], key)
        if key not in new:
            yield said("{place} is gone", place=joined(where))
        elif key not in old:
            yield said("{place} is new", place=joined(where))
        else:
            yield from _compare(old[key], new[key], where)
    common = [key for key in old if key in new]
    if common != [key for key in new if key in old]:
        moved = next(a for a, b in zip_longest(common, [k for k in new if k in old]) if a != b)
        yield said("{place}: the order has changed, from {moved} on", place=joined(at), moved=moved)


def _is_keyed(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and bool(value)
        and all(isinstance(entry, Mapping) and _key(entry) is not None for entry in value)
    )


def _key(entry: Mapping[str, object]) -> object:
    if "value" in entry:
        return entry["value"]
    return next((entry[key] for key in _KEYS if key in entry), None)


def _by_key(entries: object, at: tuple[str, ...]) -> dict[str, object]:
    """Name every entry; entries of one set for several groups are told apart by their group."""
    name = _NAMES.get(at[-1], at[-1])
    named: dict[str, object] = {}
    assert isinstance(entries, tuple)  # noqa: S101 -- only keyed lists come here
    for entry in entries:
        label = said("{name} {key}", name=said(name), key=_key(entry))
        if entry.get("for"):
            label = said("{entry} for {people}", entry=label, people=_shown(entry["for"]))
        named[label] = entry
    return named


def _shown(value: object) -> str:
    if value is None or value in ((), {}):
        return said("absent")
    if isinstance(value, Mapping):
        known = {key: part for key, part in value.items() if part not in (None, (), {}, False)}
        return "; ".join(f"{key} {_shown(part)}" for key, part in known.items())
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(part) for part in value) + "]"
    return f"“{value}”" if isinstance(value, str) else str(value)
