"""`xinqiao score`: a raw table of answers scored without a database."""

import io
from pathlib import Path
from typing import BinaryIO

import click

from app.cli.library import compile_code, instrument_files, library_folder
from app.cli.reasons import listed
from app.instruments.problems import InstrumentError
from app.scoring.column_map import ColumnMap, load_column_map
from app.scoring.reading import TableError, read_table
from app.scoring.report import write_scores
from app.scoring.table import TableReader


@click.command()
@click.argument("code")
@click.argument("table", metavar="IN.csv", type=click.File("rb"))
@click.option("-o", "output", type=click.Path(path_type=Path), help="Write here, not to stdout.")
@click.option(
    "--map",
    "map_path",
    type=click.Path(exists=True, path_type=Path),
    help="What the columns and codes of the file mean (YAML).",
)
def score(code: str, table: BinaryIO, output: Path | None, map_path: Path | None) -> None:
    """Score the answers to instrument CODE in IN.csv (“-” reads standard input)."""
    compiled = compile_code(code)
    try:
        column_map = load_column_map(map_path) if map_path else ColumnMap()
        reader = TableReader(read_table(table.read()), column_map)
        people = reader.respondents()
        answers = reader.answers(compiled.instrument)
        reader.check(known=_other_instruments(reader, code))
    except InstrumentError as error:
        raise click.ClickException(str(error)) from None
    except TableError as error:
        raise click.ClickException(listed(error.reasons)) from None
    scores = compiled.score(
        answers.matrix,
        refused=answers.refused,
        sex=people.sex,
        age=people.age,
        grade=people.grade,
    )
    text = io.StringIO()
    write_scores(text, people.ids, scores)
    if output is None:
        click.echo(text.getvalue(), nl=False)
    else:
        output.write_text(text.getvalue(), encoding="utf-8")


def _other_instruments(reader: TableReader, code: str) -> list[str]:
    """In a battery file the columns of other instruments, such as gad7.q1, are not ours."""
    others = {path.parent.name for path in instrument_files(library_folder())} - {code}
    return [name for name in reader.table.header if name.partition(".")[0] in others]
