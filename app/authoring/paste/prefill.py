"""What was understood as the fields of the form, for the person to read, correct and complete."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from app.authoring.paste.findings import Findings, FoundQuestion
from app.authoring.paste.marks import Answer, is_cjk
from app.authoring.starter.wording import OWN_OPTIONS
from app.instruments.lexicon import find_critical

#: “recently” and a time: what the introduction of most Chinese scales asks about
_RECALL = re.compile(
    r"(?:最近|过去)的?[一两二三四六半\d]{1,2}个?(?:天|周|星期|月|学期|年)(?:内|里|来|以来)?"
)


def fields_of(found: Findings) -> dict[str, str]:
    """Return the fields that the file filled; the others keep what the form begins with."""
    has_english = _has_english(found)
    fields = {
        "english": "y" if has_english else "",
        "title_zh": found.title if is_cjk(found.title) else "",
        "title_en": "" if is_cjk(found.title) else found.title,
        "instructions_zh": found.instructions if is_cjk(found.instructions) else "",
        "instructions_en": "" if is_cjk(found.instructions) else found.instructions,
        "recall_zh": said[0] if (said := _RECALL.search(found.instructions)) else "",
        "options": _lines(_option(answer, has_english) for answer in found.answers),
        "questions_zh": _lines(_question(q, q.chinese) for q in found.in_order),
        "questions_en": _lines(_question(q, q.english) for q in found.in_order),
        "reverse": ", ".join(map(str, sorted(found.reverse))),
        "factors": _lines(
            f"{_both(name, has_english)}: {', '.join(map(str, numbers))}"
            for name, numbers in found.factors.items()
        ),
        "bands": _bands(found, has_english),
        "same_day": _lines(_proposed_calls(found)),
    }
    return {name: value for name, value in fields.items() if value}


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)


def _has_english(found: Findings) -> bool:
    return any(question.english for question in found.in_order)


def _both(words: str, has_english: bool) -> str:
    """The place of the missing language stays open: nobody translates for the person."""
    if not has_english or "|" in words:
        return words
    return f"{words} | " if is_cjk(words) else f" | {words}"


def _option(answer: Answer, has_english: bool) -> str:
    return f"{answer.value} {_both(answer.label, has_english)}"


def _question(question: FoundQuestion, text: str) -> str:
    if not text:
        return ""
    own = [f"{answer.value} {answer.label}" for answer in question.answers]
    return f" {OWN_OPTIONS} ".join([text, *own])


def _bands(found: Findings, has_english: bool) -> str:
    """Only bands that follow each other: a page often lists those of several scores."""
    bands = found.bands
    follows = all(before[1] < after[0] <= before[1] + 1 for before, after in pairwise(bands))
    if len(bands) < 2 or not follows:  # noqa: PLR2004 -- one band tells nothing apart
        return ""
    return _lines(f"{start:g}-{end:g} {_both(label, has_english)}" for start, end, label in bands)


def _proposed_calls(found: Findings) -> Iterator[str]:
    """A question that may speak of self-harm: every answer but the lowest calls the same day."""
    for question in found.in_order:
        values = sorted(
            answer.value for answer in question.answers or found.answers if answer.value is not None
        )
        if find_critical(f"{question.chinese} {question.english}") and len(values) > 1:
            yield f"{question.number}: {', '.join(map(str, values[1:]))}"
