"""Rows of answers: “0=没有 1=有时”, “A.没有 B.有时”, “没有（0分）”, one answer a cell."""

import re
from collections.abc import Sequence
from itertools import pairwise

from app.authoring.paste.marks import Answer, has_words
from app.authoring.starter.numbers import simple

FEWEST, MOST = 2, 11
LONGEST_LABEL = 40

_VALUE = r"(?<![\d.])(\d{1,2}|[A-Ga-g](?![A-Za-z])|[①-⑩])"
_SIGN = r"\s*分?\s*(?:[=＝:：.．、)）—–\-]|代表|表示)+\s*"
_LEADING = re.compile(rf"(?:^|(?<=[\s,，;；、。:：(（\u3400-\u9fffA-Za-z])){_VALUE}{_SIGN}")
_BARE = re.compile(r"((?<![^\s,，;；、。:：)）])\d|[①-⑩])\s*(?=[\u3400-\u9fff])")
#: A value behind its words, “没有（0分）”, and what no label holds. Both are read once from left to
#: right: a pattern for label and value together would try a row of words from each of them.
_BEHIND = re.compile(r"[=＝:：(（]\s*(\d{1,2})\s*分?\s*[)）]?")
_NO_LABEL = re.compile(r"[\d,，;；、=＝:：()（）]")
_ONE = re.compile(rf"{_VALUE}(?:{_SIGN}|\s+)(.+)", re.DOTALL)
_ONE_CIRCLED = re.compile(r"([①-⑩])\s*(.+)", re.DOTALL)
_ONE_CJK = re.compile(r"[（(]?(\d)[)）]?\s*([\u3400-\u9fff].*)", re.DOTALL)
_ONE_LAST = re.compile(r"(.+?)\s*[=＝:：(（]\s*(\d{1,2})\s*分?\s*[)）]?", re.DOTALL)
_YES_NO = {"是": 1, "有": 1, "对": 1, "yes": 1, "否": 0, "无": 0, "没有": 0, "不是": 0, "no": 0}


def row_of_answers(text: str) -> tuple[Answer, ...] | None:
    """The answers that a text lists, or None where it lists none."""
    flat = " ".join(text.split())
    for found in (_by(_LEADING, flat), _trailing(flat), _by(_BARE, flat)):
        if found and _is_plausible(found):
            return found
    return None


def one_answer(text: str) -> Answer:
    """The answer of one cell or line, with its value where it says one."""
    flat = " ".join(text.split())
    for pattern in (_ONE, _ONE_CIRCLED, _ONE_CJK):
        if (found := pattern.fullmatch(flat)) and has_words(found[2]):
            return _answer(found[1], found[2])
    if (found := _ONE_LAST.fullmatch(flat)) and has_words(found[1]):
        return Answer(int(found[2]), _label(found[1]))
    return Answer(None, _label(flat))


def valued(answers: Sequence[Answer]) -> tuple[tuple[Answer, ...], bool]:
    """The answers with a value each, and whether these had to be assumed.

    “Yes” counts 1 and “no” 0; other answers without numbers count 1, 2, 3, … from the first.
    """
    values = [answer.value for answer in answers]
    is_said = not any(answer.is_lettered for answer in answers)
    if is_said and None not in values and len(set(values)) == len(values):
        return tuple(answers), False
    known = [_YES_NO.get(answer.label.casefold()) for answer in answers]
    if None not in known and len(set(known)) == len(known):
        return tuple(Answer(v, a.label) for v, a in zip(known, answers, strict=True)), False
    return tuple(Answer(n, a.label) for n, a in enumerate(answers, start=1)), True


def starts_run(answer: Answer) -> bool:
    """Tell whether an answer can be the first of those below a question."""
    return answer.value in (0, 1)


def is_lettered(text: str) -> bool:
    """Tell whether a line begins with a letter as answers do: “A. …”."""
    return bool(re.match(r"\s*[（(]?[A-Ga-g]\s*[.．、)）:：]", text))


def _by(sign: re.Pattern[str], text: str) -> tuple[Answer, ...]:
    places = list(sign.finditer(text))
    ends = [*(place.start() for place in places[1:]), len(text)][: len(places)]
    return tuple(
        _answer(place[1], text[place.end() : end]) for place, end in zip(places, ends, strict=True)
    )


def _trailing(text: str) -> tuple[Answer, ...]:
    found, end = [], 0
    for value in _BEHIND.finditer(text):
        words = _NO_LABEL.split(text[end : value.start()])[-1]
        if words.strip():
            found.append(Answer(int(value[1]), _label(words)))
        end = value.end()
    return tuple(found)


def _is_plausible(answers: tuple[Answer, ...]) -> bool:
    """Answers count up by small steps or down by ones; two alone would rather be two questions."""
    values = [answer.value for answer in answers if answer.value is not None]
    steps = {after - before for before, after in pairwise(values)}
    is_short = all(0 < len(a.label) <= LONGEST_LABEL and has_words(a.label) for a in answers)
    is_pair = len(answers) == FEWEST and all(a.label.casefold() in _YES_NO for a in answers)
    is_ladder = bool(steps) and (steps <= {1, 2, 3} or steps == {-1})
    return is_short and is_ladder and (FEWEST < len(answers) <= MOST or is_pair)


def _answer(sign: str, label: str) -> Answer:
    plain = simple(sign)
    if plain.isdecimal():
        return Answer(int(plain), _label(label))
    return Answer(ord(plain.upper()) - ord("A") + 1, _label(label), is_lettered=True)


def _label(text: str) -> str:
    return text.strip(" \n\t,，;；。、.=＝:：(（-—[【").strip()
