"""The structured interview: which answers it takes, and the lines that they make."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.instruments.items import CHOICE_KINDS, Item
from app.instruments.model import Instrument

CODE = "crisis_interview"

#: Without these nobody can sign: each can be answered with “not talked about”, none is passed over.
ESSENTIAL = ("thoughts", "plan", "means", "past", "decision")
#: What a hospital has to know, and what has been done; not what the student confided besides.
FACTS = ("thoughts", "plan", "means", "past", "safety", "decision", "told")
#: What stays true from one interview to the next, and is offered again.
LASTING = ("supports", "supports_words", "reasons", "helps")

FEARED, YES = "feared", 1
MOST_WORDS = 2_000
_IN_WORDS = "_words"
#: How a language lists answers, and goes on after them.
_MARKS = {"zh_Hans": ("、", "。"), "en": (", ", ". ")}

Answer = int | list[int] | str
Answers = dict[str, Answer]


class StaleDraftError(Exception):
    """The same draft was opened on another page meanwhile; that one goes on."""


@dataclass(frozen=True)
class Line:
    """What was answered to one heading, ready to be read."""

    heading: str
    text: str


def read_answers(instrument: Instrument, given: Mapping[str, Sequence[str]]) -> Answers:
    """What of `given` the form can be answered with; blanks and strange values are left out."""
    found = ((item, given.get(item.code, ())) for item in instrument.items)
    read = {item.code: _read(item, values) for item, values in found}
    return {code: answer for code, answer in read.items() if answer not in (None, "", [])}


def unanswered(answers: Answers) -> list[str]:
    """The essential items that have no answer yet."""
    return [code for code in ESSENTIAL if code not in answers]


def is_feared(answers: Answers) -> bool:
    """Whether the student is afraid of somebody at home."""
    return answers.get(FEARED) == YES


def lines_of(
    instrument: Instrument, answers: Answers, codes: Iterable[str], locale: str
) -> list[Line]:
    """The answered ones of these items, each with the words that belong to it."""
    found = []
    for code in codes:
        item = instrument.item(code)
        text = _said(item, answers, locale)
        if text:
            found.append(Line(item.text.get(locale) if item.text else code, text))
    return found


def headed(instrument: Instrument, codes: Iterable[str]) -> list[str]:
    """The codes that head a line of their own; words stand behind what they explain."""
    known = set(instrument.item_codes)
    return [code for code in codes if code.removesuffix(_IN_WORDS) not in known - {code}]


def _said(item: Item, answers: Answers, locale: str) -> str:
    comma, stop = _MARKS.get(locale, _MARKS["en"])
    answer, words = answers.get(item.code), answers.get(item.code + _IN_WORDS)
    chosen = answer if isinstance(answer, str) else comma.join(_labels(item, answer, locale))
    return stop.join(part for part in (chosen, words) if isinstance(part, str) and part)


def _labels(item: Item, answer: int | list[int] | None, locale: str) -> list[str]:
    picked = answer if isinstance(answer, list) else [answer]
    return [o.label.get(locale) for o in item.options if o.label and o.value in picked]


def _read(item: Item, values: Sequence[str]) -> Answer | None:
    if item.kind not in CHOICE_KINDS:
        return values[0].replace("\r\n", "\n").strip()[:MOST_WORDS] if values else None
    picked = [int(option.value) for option in item.options if str(option.value) in values]
    if item.kind == "multiple":
        return picked
    return picked[0] if len(picked) == 1 else None
