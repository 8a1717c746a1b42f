"""Text that lies in several runs: a piece of it replaced, every run keeping its look."""

from collections.abc import Sequence

from lxml import etree

SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def text_of(pieces: Sequence[etree._Element | str]) -> str:
    """The whole text; a plain string stands for a tab or a break, which stays."""
    return "".join(one if isinstance(one, str) else one.text or "" for one in pieces)


def replace(
    pieces: Sequence[etree._Element | str], start: int, end: int, text: str
) -> list[etree._Element]:
    """Write `text` over what lies from `start` to `end`, in the look of the run it begins in.

    Returns the pieces of which something was replaced.
    """
    at, rest = 0, text
    reached: list[etree._Element] = []
    for one in pieces:
        length = len(one) if isinstance(one, str) else len(one.text or "")
        first, last = max(start - at, 0), min(end - at, length)
        at += length
        is_reached = at > start or (at == start == end and length > 0)
        if isinstance(one, str) or not is_reached or first > last:
            continue
        own = one.text or ""
        one.text = own[:first] + rest + own[last:]
        one.set(SPACE, "preserve")
        rest = ""
        reached.append(one)
        if at >= end:
            break
    return reached
