"""What every verb reads: an instrument and the answers of many people to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click

from app.cli.answers import map_option, read_answers
from app.cli.library import compile_code
from app.instruments.scales import Scale
from app.psychometrics.refusal import CannotEstimate
from app.scoring import CohortScores, CompiledInstrument
from app.scoring.keyed import KeyedItems, keyed_items, sum_scales
from app.scoring.results import Bools, Floats
from app.scoring.table import Respondents


class Refusal(click.ClickException):
    """The data do not allow what was asked."""

    exit_code = 2


@dataclass(frozen=True)
class Sample:
    """People and their answers to one instrument.

    `answers` has NaN for missing, refused and not shown; `columns` holds further columns as texts.
    """

    compiled: CompiledInstrument
    people: Respondents
    answers: Floats
    refused: Bools
    columns: Mapping[str, tuple[str, ...]]
    has_ids: bool

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def sum_scales(self) -> list[Scale]:
        """The scales that are a sum of at least two items."""
        return sum_scales(self.compiled)

    def items(self, scale: Scale) -> KeyedItems:
        """The items of `scale` as they count in it."""
        return keyed_items(self.compiled, scale, self.answers)

    def scores(self) -> CohortScores:
        """Everybody's scores, as `xinqiao score` gives them."""
        people = self.people
        return self.compiled.score(self.answers, sex=people.sex, age=people.age, grade=people.grade)


def read_sample(
    code: str, table: BinaryIO, map_path: Path | None, columns: Sequence[str] = ()
) -> Sample:
    """Read the answers to instrument `code`; stop with every fault of the map or the table."""
    compiled = compile_code(code)
    read = read_answers(compiled.instrument, table, map_path, columns)
    people, answers = read.people, read.answers
    counting = compiled.counting(
        answers.matrix,
        refused=answers.refused,
        sex=people.sex,
        age=people.age,
        grade=people.grade,
    )
    return Sample(compiled, people, counting, answers.refused, read.columns, read.has_ids)


def nothing_estimated(reasons: Mapping[str, str | None], otherwise: str) -> Refusal:
    """The refusal where no part has a figure: why each has none, or `otherwise` without parts."""
    why = "\n".join(f"{name}: {reason}" for name, reason in reasons.items())
    return Refusal(why or otherwise)


def no_sum(code: str) -> str:
    """Why instrument `code` has nothing that these figures are about."""
    return f"{code} has no scale that is a sum of items."


@contextmanager
def refusing() -> Iterator[None]:
    """Say in one sentence, with exit code 2, what the data do not allow."""
    try:
        yield
    except CannotEstimate as refusal:
        raise Refusal(str(refusal)) from None


def sample_arguments(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command CODE, IN.csv, --map and --json."""
    options = (
        click.argument("code"),
        click.argument("table", metavar="IN.csv", type=click.File("rb")),
        map_option,
        click.option("--json", "as_json", is_flag=True, help="Print one object."),
    )
    for option in reversed(options):
        command = option(command)
    return command
