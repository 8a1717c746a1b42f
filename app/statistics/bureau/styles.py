"""How the cells of a workbook show their numbers."""

import re

from lxml import etree

from app.statistics.bureau.trees import every

#: Of the formats every workbook has: percentages, and days with and without a time.
_PERCENT, _DAYS = {9, 10}, {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
_GENERAL, _TEXT = 0, 49
#: What stands in a format as it is, and its conditions and colours.
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class Styles:
    """The number formats that styles of cells refer to."""

    def __init__(self, tree: etree._Element | None) -> None:
        formats = [] if tree is None else every(tree, "cellXfs", "xf")
        codes = [] if tree is None else every(tree, "numFmts", "numFmt")
        self._ids = [int(one.get("numFmtId", _GENERAL)) for one in formats]
        self._codes = {int(one.get("numFmtId", -1)): one.get("formatCode", "") for one in codes}

    def is_percent(self, style: int) -> bool:
        """Whether 0.5 is shown as 50 %."""
        return self._id(style) in _PERCENT or "%" in self._code(style)

    def is_day(self, style: int) -> bool:
        """Whether a number is shown as a date."""
        return self._id(style) in _DAYS or bool(re.search("[ymdYMD]", self._code(style)))

    def is_number(self, style: int) -> bool:
        """Whether a format for numbers was chosen."""
        return self._id(style) != _GENERAL and not self.is_text(style)

    def is_text(self, style: int) -> bool:
        """Whether whatever is typed stays text."""
        return self._id(style) == _TEXT or self._code(style) == "@"

    def _id(self, style: int) -> int:
        return self._ids[style] if style < len(self._ids) else _GENERAL

    def _code(self, style: int) -> str:
        return _QUOTED.sub("", self._codes.get(self._id(style), ""))
