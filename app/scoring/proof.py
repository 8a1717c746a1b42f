"""Worked examples run against the engine: each must come out, every band and flag be reached."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.instruments.examples import Example
from app.instruments.model import Instrument
from app.instruments.problems import Problem
from app.instruments.rounding import TOLERANCE
from app.instruments.said import said
from app.instruments.validate import names_items
from app.instruments.words import REFUSED, Answer
from app.scoring.results import AdministrationScores, Person

if TYPE_CHECKING:
    from app.scoring.compile import CompiledInstrument


def check(compiled: "CompiledInstrument") -> list[Problem]:
    """Return what the worked examples of `compiled` reveal; nothing means proven."""
    instrument = compiled.instrument
    problems: list[Problem] = []
    reached: list[AdministrationScores] = []
    for index, example in enumerate(instrument.examples):
        scores = _run(compiled, example)
        reached.append(scores)
        problems += [
            instrument.origin.example_problem(("examples", index, "expect"), message)
            for message in _differences(example, scores)
        ]
    return problems + list(_unreached(instrument, reached))


def answers_of(example: Example, codes: tuple[str, ...]) -> dict[str, Answer]:
    """Return the answer of every item the example names; the more exact name wins."""
    if isinstance(example.answers, tuple):
        return dict(zip(codes, example.answers, strict=True))
    widest_first = sorted(example.answers, key=lambda name: -len(names_items(name, codes)))
    return {
        code: example.answers[name] for name in widest_first for code in names_items(name, codes)
    }


def _run(compiled: "CompiledInstrument", example: Example) -> AdministrationScores:
    answers = answers_of(example, compiled.instrument.item_codes)
    return compiled.score_one(
        {code: None if isinstance(value, str) else value for code, value in answers.items()},
        refused=frozenset(code for code, value in answers.items() if value == REFUSED),
        person=Person(**example.person.model_dump()),
        context=example.context,
    )


def _differences(example: Example, scores: AdministrationScores) -> Iterator[str]:
    for code, wanted in example.expect.scores.items():
        score = scores.scales[code].score
        if (score is None) != (wanted is None) or abs((score or 0) - (wanted or 0)) > TOLERANCE:
            yield (
                said(
                    "“{name}”: {code} comes out as {found}, not {wanted}; correct the "
                    "example or the scale.",
                    name=example.name,
                    code=code,
                    found=_shown(score),
                    wanted=_shown(wanted),
                )
            )
    for code, band in example.expect.bands.items():
        if scores.scales[code].band != band:
            yield (
                said(
                    "“{name}”: the band of {code} is {found}, not {wanted}; correct the "
                    "example or the bands.",
                    name=example.name,
                    code=code,
                    found=scores.scales[code].band or said("none"),
                    wanted=band or said("none"),
                )
            )
    fired, wanted_flags = {flag.code for flag in scores.flags}, set(example.expect.flags)
    if fired != wanted_flags:
        yield (
            said(
                "“{name}”: the flags are {found}, not {wanted}; correct the example or the rules.",
                name=example.name,
                found=_listed(fired),
                wanted=_listed(wanted_flags),
            )
        )


def _unreached(instrument: Instrument, reached: list[AdministrationScores]) -> Iterator[Problem]:
    for index, scale in enumerate(instrument.scales):
        found = {scores.scales[scale.code].band for scores in reached}
        for code in scale.band_codes:
            if code not in found:
                yield instrument.origin.problem(
                    ("scales", index, "bands"),
                    said(
                        "no worked example reaches the band “{code}” of {scale}; add one.",
                        code=code,
                        scale=scale.code,
                    ),
                )
    fired = {flag.code for scores in reached for flag in scores.flags}
    for code in instrument.flag_codes:
        if code not in fired:
            yield instrument.origin.problem(
                (), said("no worked example raises the flag “{code}”; add one.", code=code)
            )


def _shown(value: float | None) -> str:
    return said("no score") if value is None else f"{value:g}"


def _listed(codes: set[str]) -> str:
    return ", ".join(sorted(codes)) or said("none")
