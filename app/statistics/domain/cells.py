"""Text in the cells of spreadsheets."""

import math
from unicodedata import east_asian_width

#: Points of one line of text, and of the highest row that Excel knows.
LINE, HIGHEST = 15.0, 409.0

#: What a spreadsheet would take for a formula when the file is saved as text.
FORMULA_SIGNS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def plain(text: str) -> str:
    """Text that stays text when the workbook is saved as CSV and opened again."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def row_height(text: str, width: int) -> float:
    """Of a row with this text in a column so many letters wide; not every program finds it."""
    letters = sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in text)
    return min(LINE * max(math.ceil(letters / width), 1), HIGHEST)
