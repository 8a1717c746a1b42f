"""Worked examples run against the engine: each must come out, every band and flag be reached."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.instruments.examples import Example
from app.instruments.model import Instrument
from app.instruments.problems import Problem
from app.instruments.rounding import TOLERANCE
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
                f"“{example.name}”: {code} comes out as {_shown(score)}, not {_shown(wanted)}; "
                "correct the example or the scale."
            )
    for code, band in example.expect.bands.items():
        if scores.scales[code].band != band:
            yield (
                f"“{example.name}”: the band of {code} is {scores.scales[code].band or 'none'}, "
                f"not {band or 'none'}; correct the example or the bands."
            )
    fired, wanted_flags = {flag.code for flag in scores.flags}, set(example.expect.flags)
    if fired != wanted_flags:
        yield (
            f"“{example.name}”: the flags are {_listed(fired)}, not {_listed(wanted_flags)}; "
            "correct the example or the rules."
        )


def _unreached(instrument: Instrument, reached: list[AdministrationScores]) -> Iterator[Problem]:
    for index, scale in enumerate(instrument.scales):
        found = {scores.scales[scale.code].band for scores in reached}
        for code in scale.band_codes:
            if code not in found:
                yield instrument.origin.problem(
                    ("scales", index, "bands"),
                    f"no worked example reaches the band “{code}” of {scale.code}; add one.",
                )
    fired = {flag.code for scores in reached for flag in scores.flags}
    for code in instrument.flag_codes:
        if code not in fired:
            yield instrument.origin.problem(
                (), f"no worked example raises the flag “{code}”; add one."
            )


def _shown(value: float | None) -> str:
    return "no score" if value is None else f"{value:g}"


def _listed(codes: set[str]) -> str:
    return ", ".join(sorted(codes)) or "none"
