"""One line of a field each: an answer, a factor, a band, a cut-off, answers that call."""

import re

from app.authoring.starter.arithmetic import bounds
from app.authoring.starter.numbers import NotNumbersError, read_numbers, simple
from app.authoring.starter.problems import N_, LineError
from app.authoring.starter.sheet import (
    TOTAL,
    Band,
    Calling,
    Cutoff,
    Factor,
    Lane,
    Option,
    ScaleSheet,
    Target,
    Words,
)

LEAST_REASON = 10

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ud800-\udfff]")
_NUMBER = r"-?\d+(?:\.\d+)?"
_VALUE_FIRST = re.compile(r"(-?\d{1,3})(?:\s*[=:：.．、)）]\s*|\s+)(.+)")
_VALUE_LAST = re.compile(r"(.+?)(?:\s*[=:：(（]\s*|\s+)(-?\d{1,3})[)）]?")
_SCORES = re.compile(rf"({_NUMBER})(?:\s*(?:-|~|–|—|至|到)\s*({_NUMBER}))?\s*[:=]?\s*(.*)")
_BOUND = re.compile(rf"(>=|≥|<=|≤)?\s*({_NUMBER})")


def tidy(text: str) -> str:
    """A text in one line, without what cannot be seen."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def lines_of(text: str) -> list[str]:
    """The lines that hold something."""
    return [line for line in map(tidy, re.split(r"\r\n|\r|\n", text)) if line]


def words_of(text: str, languages: tuple[str, ...]) -> Words:
    """The words in each language, parted by “|”, Chinese first."""
    parts = [tidy(part) for part in re.split(r"[|｜]", text)]
    if len(parts) != len(languages) or not all(parts):
        if len(languages) > 1:
            raise LineError(N_("Write Chinese and English, parted by “|”."))
        raise LineError(N_("Write one wording, without “|”."))
    return dict(zip(languages, parts, strict=True))


def read_option(line: str, languages: tuple[str, ...]) -> Option:
    """“0 没有 | Not at all”; the value may stand last."""
    if found := _VALUE_FIRST.fullmatch(simple_head(line)):
        return Option(int(found[1]), words_of(found[2], languages))
    if found := _VALUE_LAST.fullmatch(line):
        return Option(int(simple(found[2])), words_of(found[1], languages))
    raise LineError(N_("Begin with what the answer counts: “0 Not at all”."))


def simple_head(line: str) -> str:
    """The line with plain digits at its beginning; the wording keeps its own signs."""
    head = re.match(r"[-－]?[\d]*", line)
    end = head.end() if head else 0
    return simple(line[:end]) + line[end:] if end else line


def read_listed(text: str, most: int) -> tuple[int, ...]:
    """Numbers of questions that exist."""
    try:
        numbers = read_numbers(text)
    except NotNumbersError as error:
        raise LineError(N_("“%(part)s” is no number of a question."), part=error.part) from None
    if beyond := [n for n in numbers if not 1 <= n <= most]:
        raise LineError(
            N_("There is no question %(number)s; the last one is %(most)s."),
            number=beyond[0],
            most=most,
        )
    return numbers


def read_factor(line: str, most: int, languages: tuple[str, ...]) -> Factor:
    """“躯体化 | Somatization: 1, 4, 12”."""
    name, sign, numbers = _parted(line)
    if not sign or not numbers:
        raise LineError(N_("Write the name, a colon, and its questions: “Sleep: 1, 4-6”."))
    return Factor(words_of(name, languages), read_listed(numbers, most))


def read_band(line: str, sheet: ScaleSheet) -> Band:
    """“0-9 较低 | low”, for a factor “睡眠: 0-9 较低 | low”."""
    target, rest = _target(line, sheet)
    found = _SCORES.fullmatch(simple_scores(rest))
    if not found or not found[3]:
        raise LineError(N_("Write the scores and their name: “0-9 low”."))
    start, end = float(found[1]), float(found[2] or found[1])
    _within(start, target, sheet)
    _within(end, target, sheet)
    if end < start:
        raise LineError(N_("The range begins after its end; swap the two numbers."))
    return Band(target, start, end, words_of(found[3], sheet.languages))


def read_cutoff(line: str, sheet: ScaleSheet) -> Cutoff:
    """“≥ 16” or “≤ 13”; for a factor “睡眠: ≥ 8”."""
    target, rest = _target(line, sheet)
    found = _BOUND.fullmatch(simple(rest).replace("≧", "≥").replace("≦", "≤"))
    if not found:
        raise LineError(N_("Write the score from which a talk is advised: “≥ 16”."))
    at, is_low = float(found[2]), found[1] in ("<=", "≤")
    lowest, highest = bounds(sheet, target)
    if not (lowest <= at < highest if is_low else lowest < at <= highest):
        raise LineError(
            N_("%(score)s would flag everybody or nobody; scores run from %(low)s to %(high)s."),
            score=f"{at:g}",
            low=f"{float(lowest):g}",
            high=f"{float(highest):g}",
        )
    return Cutoff(target, at, is_low)


def read_calling(line: str, sheet: ScaleSheet, lane: Lane | None) -> Calling:
    """“9: 1, 2, 3”: question 9, answered with one of these."""
    number, answers = _question(line, sheet)
    values = sheet.values_of(number)
    found = [int(value) for value in re.findall(r"-?\d+", answers)]
    if re.fullmatch(r"\d+\s*[-~至到]\s*\d+", answers):
        first, last = map(int, re.findall(r"\d+", answers))
        found = [value for value in values if first <= value <= last]
    if not found or (unknown := [value for value in found if value not in values]):
        raise LineError(
            N_("Question %(number)s has no answer %(answer)s; its answers count %(known)s."),
            number=number,
            answer=str(unknown[0]) if found else answers,
            known=", ".join(map(str, values)),
        )
    return Calling(number, tuple(dict.fromkeys(found)), lane)


def read_cleared(line: str, sheet: ScaleSheet) -> tuple[int, str]:
    """“14: It is the worry that disappears”."""
    number, reason = _question(line, sheet)
    if len(reason) < LEAST_REASON:
        raise LineError(N_("Say in ten letters or more why the question calls nobody."))
    return number, reason


def simple_scores(text: str) -> str:
    """The line with plain digits and dashes before its name; the name keeps its own signs."""
    head = re.match(r"[-\s\d.．~～–—－至到:：=]*", text)
    end = head.end() if head else 0
    return f"{simple(text[:end])} {text[end:]}".strip()


def _question(line: str, sheet: ScaleSheet) -> tuple[int, str]:
    number, sign, rest = _parted(line)
    numbers = read_listed(number, len(sheet.questions))
    if not sign or len(numbers) != 1 or not rest:
        raise LineError(N_("Write the number of one question, a colon, and the rest: “9: 1, 2”."))
    return numbers[0], rest


def _parted(line: str) -> tuple[str, str, str]:
    name, sign, rest = line.replace("：", ":", 1).partition(":")
    return name.strip(), sign, rest.strip()


def _target(line: str, sheet: ScaleSheet) -> tuple[Target, str]:
    """The factor a line begins with, or the total."""
    name, sign, rest = _parted(line)
    if sign:
        for place, factor in enumerate(sheet.factors):
            if name in (*factor.title.values(), " | ".join(factor.title.values())):
                return place, rest
        if name.casefold() in ("total", "总分", "均分", "总均分"):
            return _total(sheet), rest
        if not re.match(r"[-\d<>≤≥]", name):
            raise LineError(N_("No factor is called “%(name)s”."), name=name[:40])
    return _total(sheet), line


def _total(sheet: ScaleSheet) -> Target:
    if not sheet.has_total:
        raise LineError(N_("There is no total; begin the line with the name of a factor."))
    return TOTAL


def _within(score: float, target: Target, sheet: ScaleSheet) -> None:
    lowest, highest = bounds(sheet, target)
    if not lowest <= score <= highest:
        raise LineError(
            N_("%(score)s cannot be reached; scores run from %(low)s to %(high)s."),
            score=f"{score:g}",
            low=f"{float(lowest):g}",
            high=f"{float(highest):g}",
        )
