"""A roster between upload and confirmation: its cells as mended so far, and what was decided."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from app.people.roster.columns import Column
from app.people.roster.reading import RawRow, RosterTable


@dataclass(frozen=True)
class Draft:
    """The table as it stands, lines expressly left out, classes that are none of those known."""

    table: RosterTable
    left_out: frozenset[int] = frozenset()
    apart: frozenset[str] = frozenset()

    def mended(
        self, cells: Mapping[int, Mapping[Column, str]], left_out: Collection[int]
    ) -> "Draft":
        """The draft with some cells corrected; `left_out` replaces the lines left out before."""
        rows = tuple(
            replace(row, cells={**row.cells, **cells[row.line]}) if row.line in cells else row
            for row in self.table.rows
        )
        return replace(self, table=replace(self.table, rows=rows), left_out=frozenset(left_out))

    def told(self, class_name: str, *, is_apart: bool) -> "Draft":
        """The draft with a class kept apart from the one that it looks like, or taken for it."""
        named = frozenset([class_name])
        return replace(self, apart=self.apart | named if is_apart else self.apart - named)

    def dump(self) -> str:
        """The draft as text, to be sealed."""
        return json.dumps(
            {
                "columns": self.table.columns,
                "not_read": self.table.not_read,
                "rows": [[row.line, row.cells] for row in self.table.rows],
                "left_out": sorted(self.left_out),
                "apart": sorted(self.apart),
            },
            ensure_ascii=False,
        )

    @classmethod
    def load(cls, text: str) -> "Draft":
        """The draft behind what `dump` wrote."""
        document = json.loads(text)
        return cls(
            RosterTable(
                columns=tuple(Column(name) for name in document["columns"]),
                not_read=tuple(document["not_read"]),
                rows=tuple(
                    RawRow(line, {Column(name): text for name, text in cells.items()})
                    for line, cells in document["rows"]
                ),
            ),
            frozenset(document["left_out"]),
            frozenset(document.get("apart", ())),  # not in drafts of older versions
        )
