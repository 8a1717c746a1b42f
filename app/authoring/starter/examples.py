"""Worked examples of a sheet: lowest, highest, mixed, one missing, then what was not reached."""

from collections.abc import Iterator
from functools import partial

from app.authoring.starter.arithmetic import (
    Answers,
    band_place,
    bands_of,
    calls,
    counted,
    is_flagged,
    positive_items,
    score,
)
from app.authoring.starter.problems import N_, Say, in_english
from app.authoring.starter.sheet import ScaleSheet, Target
from app.authoring.starter.writing import POSITIVE, plain_number, scale_code
from app.instruments import yaml_text

_SCHEMA = "# yaml-language-server: $schema=../_schema/examples.schema.json\n"
_SOURCE = N_("Reckoned by the form from its own fields, apart from the scoring engine")


def examples_text(sheet: ScaleSheet, say: Say = in_english) -> str:
    """Return the text of examples.yaml, with names in the author's language."""
    examples, reached = [], set[str]()
    for name, answers, is_needed in _candidates(sheet, say):
        found = _reaches(sheet, answers)
        if is_needed or found - reached:
            reached |= found
            examples.append(_example(sheet, name, say(_SOURCE), answers))
    return _SCHEMA + yaml_text.write({"instrument": sheet.code, "examples": examples})


def _candidates(sheet: ScaleSheet, say: Say) -> Iterator[tuple[str, Answers, bool]]:
    """Yield answers with their name; the first four always stand in the file."""
    values = [sheet.values_of(number) for number in sheet.numbers]
    mixed = tuple(each[place % len(each)] for place, each in enumerate(values))
    yield say(N_("Every answer the lowest")), tuple(map(min, values)), True
    yield say(N_("Every answer the highest")), tuple(map(max, values)), True
    yield say(N_("Answers in turn")), mixed, True
    yield say(N_("The first answer missing")), (None, *mixed[1:]), True
    for rule in sheet.calling:
        place = rule.question - 1
        called = (*mixed[:place], rule.answers[0], *mixed[place + 1 :])
        words = {"number": rule.question, "answer": rule.answers[0]}
        yield say(N_("Question %(number)s answered %(answer)s")) % words, called, False
    way = say(N_("On the way up: %(scale)s"))
    for target in sheet.targets:
        for step in _climb(sheet, target):
            yield way % {"scale": scale_code(sheet, target)}, step, False


def _climb(sheet: ScaleSheet, target: Target) -> Iterator[Answers]:
    """Yield answers whose score rises from the lowest to the highest in the smallest steps."""
    ladders = [
        sorted(sheet.values_of(number), key=partial(counted, sheet, number))
        for number in sheet.numbers
    ]
    answers: list[int | None] = [ladder[0] for ladder in ladders]
    yield tuple(answers)
    for number in sheet.members(target):
        for value in ladders[number - 1][1:]:
            answers[number - 1] = value
            yield tuple(answers)


def _reaches(sheet: ScaleSheet, answers: Answers) -> set[str]:
    """The bands and flags that these answers reach."""
    bands = (f"{code} in {band}" for code, band in _bands(sheet, answers).items() if band)
    return {*bands, *_flags(sheet, answers)}


def _example(sheet: ScaleSheet, name: str, source: str, answers: Answers) -> dict[str, object]:
    scores = {
        scale_code(sheet, target): None if points is None else plain_number(points)
        for target in sheet.targets
        for points in [score(sheet, target, answers)]
    }
    if sheet.positive_from is not None:
        scores[POSITIVE] = positive_items(sheet, answers)
    expect: dict[str, object] = {"scores": scores}
    if bands := _bands(sheet, answers):
        expect["bands"] = bands
    expect["flags"] = _flags(sheet, answers)
    return {"name": name, "source": source, "answers": list(answers), "expect": expect}


def _bands(sheet: ScaleSheet, answers: Answers) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for target in sheet.targets:
        if bands_of(sheet, target):
            points = score(sheet, target, answers)
            place = None if points is None else band_place(sheet, target, points)
            found[scale_code(sheet, target)] = None if place is None else f"band_{place + 1}"
    return found


def _flags(sheet: ScaleSheet, answers: Answers) -> list[str]:
    items = [
        f"{'critical' if rule.lane else 'attention'}_q{rule.question}"
        for rule in sheet.calling
        if calls(rule, answers)
    ]
    scales = [
        f"cutoff_{scale_code(sheet, target)}"
        for target in sheet.targets
        if is_flagged(sheet, target, score(sheet, target, answers))
    ]
    return [*dict.fromkeys(items), *scales]
