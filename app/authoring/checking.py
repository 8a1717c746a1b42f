"""A draft's files checked as the library is: what can be read of them, and every fault."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.authoring.domain import FILES, Files
from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE, NORMS_FILE, read_instrument
from app.instruments.media import from_texts
from app.instruments.model import Instrument
from app.instruments.problems import Problem
from app.scoring import CompiledInstrument
from app.scoring.proof import check


@dataclass(frozen=True)
class Checked:
    """What came of reading.

    `instrument` is there once its file has the right shape, `compiled` once everything fits too;
    it scores even while a worked example is wrong. Only without `problems` may it serve.
    """

    instrument: Instrument | None
    compiled: CompiledInstrument | None
    problems: Sequence[Problem]


def check_files(files: Files) -> Checked:
    """Read `files`, and run their worked examples where they can be read."""
    instrument, problems = read_instrument(
        files.get(INSTRUMENT_FILE, ""),
        examples=files.get(EXAMPLES_FILE),
        norms=files.get(NORMS_FILE),
        media=from_texts(files),
    )
    if problems or instrument is None:
        return Checked(instrument, None, _in_order(problems))
    compiled = CompiledInstrument(instrument)
    return Checked(instrument, compiled, _in_order(check(compiled)))


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Line by line, the questionnaire before what stands beside it."""
    return sorted(set(problems), key=lambda one: (FILES.index(one.path), one.line, one.column))
