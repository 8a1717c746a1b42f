"""What was chosen or typed into the fields of a form, as the answer to an item."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from app.assessments.domain import MAX_TEXT, Answer, UnknownAnswerError
from app.assessments.kinds import Way, way_of
from app.instruments.items import Item

#: Years that somebody who answers can mean.
YEARS = range(1900, 2101)

#: What no page and no table can hold; half characters do not come this far (`platform.heard`).
_ILLEGIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_DAY = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*")


class NotUnderstoodError(ValueError):
    """Something was typed that the item cannot mean: no number, one out of range, no day."""


def legible(words: str) -> str:
    """The words with a mark where something stands that nobody can read or store."""
    return _ILLEGIBLE.sub("\N{REPLACEMENT CHARACTER}", words)


def read_typed(code: str, item: Item, said: Sequence[str]) -> Answer | None:
    """The answer in the fields of `item`; None where all are blank.

    A choice that was never offered comes from no form of ours and is refused as a whole; what
    somebody typed can be wrong, and is asked for again.
    """
    typed = [words for each in said if (words := each.strip())]
    if not typed:
        return None
    way = way_of(item)
    if way is Way.TEXT:
        return Answer(code, item.code, text=legible(typed[0])[:MAX_TEXT])
    if way is Way.DATE:
        return Answer(code, item.code, text=_day(typed[0]).isoformat())
    if way is Way.NUMBER:
        return Answer(code, item.code, value=_number(item, typed[0]))
    return Answer(code, item.code, value=_chosen(item, typed if way is Way.MANY else typed[:1]))


def is_day(text: str) -> bool:
    """Whether a text is a day as we keep it."""
    try:
        return _day(text).isoformat() == text
    except NotUnderstoodError:
        return False


def _chosen(item: Item, typed: Sequence[str]) -> float:
    """The value of a radio button, or the sum of the bits of the boxes that were ticked."""
    try:
        return sum({float(each) for each in typed})
    except ValueError as error:
        raise UnknownAnswerError(item.code) from error


def _number(item: Item, typed: str) -> float:
    """A number as somebody writes it: full-width digits are digits."""
    try:
        value = float(unicodedata.normalize("NFKC", typed).replace("。", "."))
    except ValueError as error:
        raise NotUnderstoodError from error
    if not item.allows(value):
        raise NotUnderstoodError
    return value


def _day(typed: str) -> date:
    """A day as browsers send it, or as somebody writes it where they know no such field."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", typed))
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError as error:
        raise NotUnderstoodError from error
    if day is None or day.year not in YEARS:
        raise NotUnderstoodError
    return day
