"""A draft answered once: the engine's own scores, flags and reasons, and an example of them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from app.authoring.domain import Files
from app.instruments.items import NUMERIC_KINDS, Item
from app.instruments.loader import EXAMPLES_FILE
from app.instruments.words import REFUSED
from app.scoring import CompiledInstrument
from app.scoring.explain import Step, explain
from app.scoring.report import number_text
from app.scoring.results import AdministrationScores, Person

#: What was chosen, by item code, as a form sends it.
Chosen = Mapping[str, Sequence[str]]

#: The sexes that scoring tells apart.
SEXES = ("female", "male")

_ENTRY = re.compile(r"^( *)- ", re.MULTILINE)


@dataclass(frozen=True)
class Try:
    """What somebody answered, and what came of it."""

    answers: Mapping[str, float]
    refused: frozenset[str]
    person: Person
    scores: AdministrationScores
    steps: Sequence[Step]
    not_asked: frozenset[str]


def person_of(given: Mapping[str, str]) -> Person:
    """Whom the fields of a form describe; what they leave open stays unknown."""
    sex = given.get("person.sex")
    return Person(
        sex=sex if sex in SEXES else None,  # type: ignore[arg-type]  # one of the two
        age=_number(given.get("person.age", "")),
        grade=_number(given.get("person.grade", "")),
    )


def try_out(compiled: CompiledInstrument, chosen: Chosen, person: Person, *, locale: str) -> Try:
    """Score what was chosen; what cannot be read counts as not answered."""
    answers: dict[str, float] = {}
    refused: set[str] = set()
    for item in compiled.instrument.items:
        given = chosen.get(item.code, ())
        if REFUSED in given:
            refused.add(item.code)
        elif (answer := _answer(item, given)) is not None:
            answers[item.code] = answer
    known = {"refused": frozenset(refused), "person": person}
    return Try(
        answers,
        frozenset(refused),
        person,
        compiled.score_one(answers, **known),  # type: ignore[arg-type]  # one mapping for both calls
        explain(compiled, answers, locale=locale, **known),  # type: ignore[arg-type]  # the same
        compiled.not_asked(answers, **known),  # type: ignore[arg-type]  # the same
    )


def with_example(files: Files, code: str, tried: Try, *, name: str, source: str) -> Files:
    """The files with the try as one more worked example, in the layout the file has already."""
    text = files.get(EXAMPLES_FILE, "").rstrip() or f"instrument: {code}\nexamples:"
    found = _ENTRY.search(text)
    indent = found[1] if found else "  "
    entry = "\n".join(f"{indent}{line}" for line in _entry(tried, name, source))
    return {**files, EXAMPLES_FILE: f"{text}\n{entry}\n"}


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _answer(item: Item, given: Sequence[str]) -> float | None:
    try:
        numbers = [float(text) for text in given if text.strip()]
    except ValueError:
        return None
    if not numbers or not all(map(isfinite, numbers)):
        return None
    answer = sum(numbers) if item.kind == "multiple" else numbers[0]
    is_asked = item.kind == "multiple" or item.kind in NUMERIC_KINDS
    return answer if is_asked and item.allows(answer) else None


def _entry(tried: Try, name: str, source: str) -> list[str]:
    answers = {code: number_text(value) for code, value in tried.answers.items()}
    answers |= dict.fromkeys(sorted(tried.refused), REFUSED)
    scales = tried.scores.scales.values()
    bands = {one.scale: one.band for one in scales if one.band is not None}
    person = {
        key: value if isinstance(value, str) else number_text(value)
        for key, value in vars(tried.person).items()
        if value is not None
    }
    return [
        f"- name: {_quoted(name)}",
        f"  source: {_quoted(source)}",
        *([f"  person: {_flow(person)}"] if person else []),
        f"  answers: {_flow(answers)}",
        "  expect:",
        f"    scores: {_flow({one.scale: _score(one.score) for one in scales})}",
        *([f"    bands: {_flow(bands)}"] if bands else []),
        f"    flags: [{', '.join(dict.fromkeys(flag.code for flag in tried.scores.flags))}]",
    ]


def _score(score: float | None) -> str:
    return "null" if score is None else number_text(score)


def _flow(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in values.items()) + "}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a quoted YAML scalar
