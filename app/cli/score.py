"""`xinqiao score`: a raw table of answers scored without a database."""

import io
from pathlib import Path
from typing import BinaryIO

import click

from app.cli.answers import map_option, read_answers
from app.cli.files import write_file
from app.cli.library import compile_code
from app.scoring import CompiledInstrument, compile_instrument
from app.scoring.explain import explain
from app.scoring.report import write_scores
from app.scoring.table import AnswerTable, Respondents


@click.command()
@click.argument("code")
@click.argument("table", metavar="IN.csv", type=click.File("rb"))
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write here, not to stdout; a file that is there is replaced.",
)
@map_option
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="SCALE=SET",
    help="Use another named set of bands and cut-offs for a scale.",
)
@click.option("--explain", "explained", metavar="ID", help="Print how the scores of one row arise.")
def score(
    code: str,
    table: BinaryIO,
    output: Path | None,
    map_path: Path | None,
    sets: tuple[str, ...],
    explained: str | None,
) -> None:
    """Score the answers to instrument CODE in IN.csv (“-” reads standard input)."""
    _refuse_own_input(table, output)
    compiled = _with_sets(compile_code(code), sets)
    read = read_answers(compiled.instrument, table, map_path)
    people, answers = read.people, read.answers
    if explained is not None:
        _explain(compiled, people, answers, explained)
        return
    if repeated := len(people.ids) - len(set(people.ids)):
        click.echo(f"Rows that repeat an id: {repeated}. Every row is scored by itself.", err=True)
    scores = compiled.score(
        answers.matrix,
        refused=answers.refused,
        sex=people.sex,
        age=people.age,
        grade=people.grade,
    )
    text = io.StringIO()
    write_scores(text, people.ids, scores)
    _write(text.getvalue(), output)


def _refuse_own_input(table: BinaryIO, output: Path | None) -> None:
    given = Path(getattr(table, "name", "-"))  # standard input may have no name
    if output is not None and output.exists() and given.is_file() and output.samefile(given):
        raise click.ClickException(f"{output} holds the answers; write to another file.")


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    write_file(output, text)


def _with_sets(compiled: CompiledInstrument, chosen: tuple[str, ...]) -> CompiledInstrument:
    """Compile again with the chosen sets of bands and cut-offs."""
    sets = dict(choice.partition("=")[::2] for choice in chosen)
    for code, name in sets.items():
        known = {
            name
            for scale in compiled.instrument.scales
            if scale.code == code
            for name in scale.set_names
        }
        if name not in known:
            raise click.ClickException(
                f"{code} has no set “{name}”; it has {', '.join(sorted(known)) or 'none'}."
            )
    return compile_instrument(compiled.instrument, sets=sets) if sets else compiled


def _explain(
    compiled: CompiledInstrument, people: Respondents, answers: AnswerTable, wanted: str
) -> None:
    if (found := people.ids.count(wanted)) != 1:
        rows = f"{found} rows have" if found else "no row has"
        raise click.ClickException(f"{rows} the id “{wanted}”.")
    row = people.ids.index(wanted)
    codes = compiled.instrument.item_codes
    steps = explain(
        compiled,
        dict(zip(codes, answers.matrix[row].tolist(), strict=True)),
        refused=frozenset(c for c, r in zip(codes, answers.refused[row], strict=True) if r),
        person=people.person(row),
    )
    for step in steps:
        click.echo("  " * step.depth + step.text)
