"""How commands read a raw table of answers: through a column map, every wrong cell named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click

from app.cli.library import instrument_files, library_folder
from app.cli.reasons import listed
from app.instruments.model import Instrument
from app.instruments.problems import InstrumentError
from app.instruments.schema import load
from app.scoring.column_map import ColumnMap
from app.scoring.reading import TableError, read_table
from app.scoring.table import AnswerTable, Respondents, TableReader

map_option = click.option(
    "--map",
    "map_path",
    type=click.Path(exists=True, path_type=Path),
    help="What the columns and codes of the file mean (YAML).",
)


@dataclass(frozen=True)
class ReadAnswers:
    """People, their answers, and the further columns that were asked for, as texts.

    `has_ids` is false where the ids only count the rows.
    """

    people: Respondents
    answers: AnswerTable
    columns: Mapping[str, tuple[str, ...]]
    has_ids: bool


def read_answers(
    instrument: Instrument, table: BinaryIO, map_path: Path | None, columns: Sequence[str] = ()
) -> ReadAnswers:
    """Read the answers to `instrument`; stop with all that is wrong with the map or the table."""
    try:
        column_map = load(ColumnMap, map_path) if map_path else ColumnMap()
        reader = TableReader(read_table(table.read()), column_map)
        people = reader.respondents()
        answers = reader.answers(instrument)
        further = {name: reader.cells(name) for name in columns}
        reader.check(known=_other_instruments(reader, instrument.code))
    except InstrumentError as error:
        raise click.ClickException(str(error)) from None
    except TableError as error:
        raise click.ClickException(listed(error.reasons)) from None
    has_ids = isinstance(column_map.id, str) or "id" in reader.table.header
    return ReadAnswers(people, answers, further, has_ids)


def _other_instruments(reader: TableReader, code: str) -> list[str]:
    """In a battery file the columns of other instruments, such as gad7.q1, are not ours."""
    others = {path.parent.name for path in instrument_files(library_folder())} - {code}
    return [name for name in reader.table.header if name.partition(".")[0] in others]
