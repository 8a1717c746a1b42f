"""An export as files: CSV and SPSS in an archive with their codebook, or one workbook.

Rows come one batch after the other and are written as they come; only SPSS needs the numbers of a
campaign together, eight bytes each.
"""

import csv
import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from app.platform.i18n import LOCALES
from app.statistics.codebook import Label, Variable
from app.statistics.domain.cells import plain, row_height
from app.statistics.domain.exports import MISSING, REFUSED, FileForm

Row = Mapping[str, Any]

#: SPSS takes so many bytes of a name, of labels, and of a line of notes.
SAV_NAME, SAV_LABEL, SAV_VALUE_LABEL, SAV_LINE = 64, 255, 119, 80
#: In letters: file, variable, two labels, two lists of values, note, then what was counted.
CODEBOOK_WIDTHS = (18, 24, 40, 40, 40, 40, 40, *[11] * 5)
ABOUT_WIDTHS = (24, 110)
A4 = 9


@dataclass
class Table:
    """One campaign: its columns, its rows as they come, and what was counted of them."""

    name: str
    variables: Sequence[Variable]
    rows: Iterator[Row]
    #: How many rows will come.
    size: int
    counts: dict[str, Counter[float | None]] = field(default_factory=dict)

    def counted(self) -> Iterator[list[Any]]:
        """The rows as cells; what is missing of each variable is counted on the way."""
        self.counts = {one.name: Counter() for one in self.variables}
        for row in self.rows:
            cells = []
            for one in self.variables:
                value = row.get(one.name)
                key = value if value is None or (one.has_codes and value in MISSING) else 0
                self.counts[one.name][key if key is None else float(key)] += 1
                cells.append(value)
            yield cells


@dataclass(frozen=True)
class Codebook:
    """Its words: the head of each column, the codes, and what is said of the whole."""

    head: Sequence[str]
    missing: Mapping[float, Label]
    about: Sequence[tuple[str, str]]
    locale: str


def pack(folder: Path, target: Path) -> None:
    """Make one file of what lies in the folder; under its own name only when it is whole."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    whole = target.with_name(f"{target.name}.part")
    if target.suffix == ".xlsx":
        shutil.copyfile(files[0], whole)
    else:
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                archive.write(path, path.name)
    whole.chmod(0o600)
    whole.replace(target)


def write_csv(folder: Path, tables: Sequence[Table], book: Codebook) -> None:
    """A text file a campaign, a column map that reads them again, the codebook, a page about it."""
    for table in tables:
        with _csv_file(folder / f"{table.name}.csv") as out:
            out.writerow([one.name for one in table.variables])
            out.writerows(map(_texts, table.counted()))
    _write_papers(folder, tables, book)
    missing = [code for code in MISSING if code != REFUSED]
    column_map = {"missing": missing, "refused": [REFUSED], "ignore_other_columns": True}
    # JSON is YAML.
    (folder / "map.yaml").write_text(json.dumps(column_map, indent=2) + "\n", encoding="utf-8")


def write_sav(folder: Path, tables: Sequence[Table], book: Codebook) -> None:
    """An SPSS file a campaign with labels and missing values, the codebook, a page about it."""
    for table in tables:
        _write_sav(folder / f"{table.name}.sav", table, book)
    _write_papers(folder, tables, book)


def write_xlsx(folder: Path, tables: Sequence[Table], book: Codebook) -> None:
    """A sheet a campaign, the codebook, a page about it; text is never a formula."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        # Beside the file, so that what a killed writer leaves goes with the folder.
        "tmpdir": str(folder),
    }
    with xlsxwriter.Workbook(str(folder / "export.xlsx"), options) as made:
        bold = made.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for table in tables:
            head = [one.name for one in table.variables]
            _fill(made.add_worksheet(_sheet_name(table.name)), bold, head, table.counted())
        sheet = made.add_worksheet("codebook")
        _lay_out(made, sheet, CODEBOOK_WIDTHS)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        _fill(sheet, bold, book.head, _codebook_rows(tables, book), CODEBOOK_WIDTHS)
        sheet = made.add_worksheet("about")
        _lay_out(made, sheet, ABOUT_WIDTHS)
        _fill(sheet, bold, ["", ""], book.about, ABOUT_WIDTHS)


WRITERS: Mapping[FileForm, Callable[[Path, Sequence[Table], Codebook], None]] = {
    FileForm.CSV: write_csv,
    FileForm.XLSX: write_xlsx,
    FileForm.SAV: write_sav,
}


def _write_papers(folder: Path, tables: Sequence[Table], book: Codebook) -> None:
    with _csv_file(folder / "codebook.csv") as out:
        out.writerow(book.head)
        out.writerows(map(_texts, _codebook_rows(tables, book)))
    with _csv_file(folder / "about.csv") as out:
        out.writerows(map(_texts, book.about))


def _codebook_rows(tables: Sequence[Table], book: Codebook) -> Iterator[list[Any]]:
    """A line a variable and campaign: name, labels, values, note, and how many of each kind."""
    for table in tables:
        for one in table.variables:
            counts = table.counts[one.name]
            values = {**one.values, **(book.missing if one.has_codes else {})}
            yield [
                table.name,
                one.name,
                *(one.label[locale] for locale in LOCALES),
                *(_values_text(values, locale) for locale in LOCALES),
                one.note,
                counts[0.0],
                *(counts[float(code)] for code in MISSING),
                counts[None],
            ]


def _values_text(values: Mapping[float, Label], locale: str) -> str:
    return "; ".join(f"{value:g} = {label[locale]}" for value, label in values.items())


@contextmanager
def _csv_file(path: Path) -> Iterator[Any]:
    # The mark at its beginning lets Excel read it as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield csv.writer(file)


def _texts(cells: Iterable[Any]) -> list[str]:
    return [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return plain(cell) if isinstance(cell, str) else f"{cell:.15g}"


def _fill(
    sheet: Any,
    bold: Any,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Sequence[int] = (),
) -> None:
    """Where the columns have `widths`, rows are as high as their texts need."""
    for line, cells in enumerate(chain([head], rows)):
        if widths:
            texts = zip(map(str, cells), widths, strict=False)
            sheet.set_row(line, max(row_height(text, width) for text, width in texts))
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(line, column, plain(cell), None if line else bold)
            elif cell is not None:
                sheet.write_number(line, column, cell)


def _lay_out(made: Any, sheet: Any, widths: Sequence[int]) -> None:
    """Columns that show their whole text, on the screen and on pages across."""
    wrapped = made.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, wrapped)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _sheet_name(name: str) -> str:
    """Without the signs that a workbook refuses, and of at most 31 characters."""
    return "".join(sign for sign in name if sign not in "[]:*?/\\'")[:31]


def _write_sav(path: Path, table: Table, book: Codebook) -> None:
    import numpy as np
    import pandas as pd
    import pyreadstat

    texts = [n for n, one in enumerate(table.variables) if one.is_text]
    numbers = np.full((table.size, len(table.variables)), np.nan)
    words: dict[int, list[str]] = {n: [] for n in texts}
    filled = 0
    for filled, cells in enumerate(table.counted(), 1):
        for n in texts:
            words[n].append(cells[n] or "")
            cells[n] = None
        numbers[filled - 1] = [np.nan if cell is None else cell for cell in cells]
    names = _sav_names(table.variables)
    frame = pd.DataFrame(numbers[:filled], columns=names, copy=False)
    for n in texts:
        frame[names[n]] = words[n]
    coded = dict(zip(names, table.variables, strict=True))
    pyreadstat.write_sav(
        frame,
        str(path),
        file_label=_cut(table.name, SAV_VALUE_LABEL // 2),
        column_labels=[_cut(one.label[book.locale], SAV_LABEL) for one in table.variables],
        variable_value_labels={
            name: labels for name, one in coded.items() if (labels := _sav_values(one, book))
        },
        missing_ranges={name: list(MISSING) for name, one in coded.items() if one.has_codes},
        variable_measure={name: one.measure.value for name, one in coded.items()},
        note=[line for name, text in book.about for line in _lines(f"{name}: {text}")],
    )


def _sav_values(one: Variable, book: Codebook) -> dict[float, str]:
    values = {**one.values, **(book.missing if one.has_codes else {})}
    return {value: _cut(label[book.locale], SAV_VALUE_LABEL) for value, label in values.items()}


def _sav_names(variables: Sequence[Variable]) -> list[str]:
    """The same names, where SPSS takes them; the label says what a numbered one is."""
    return [
        one.name if len(one.name.encode()) <= SAV_NAME else f"v{number}"
        for number, one in enumerate(variables, 1)
    ]


def _lines(text: str) -> Iterator[str]:
    """The text in pieces that fit the lines of SPSS's own notes."""
    while text:
        line = _cut(text, SAV_LINE)
        yield line
        text = text[len(line) :]


def _cut(text: str, most: int) -> str:
    """At most so many bytes, and no half sign at the end."""
    return text.encode()[:most].decode(errors="ignore")
