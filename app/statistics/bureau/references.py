"""Names of cells."""

import re

from app.statistics.bureau.problems import damaged

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def letters(column: int) -> str:
    """The name of a column: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def place_of(reference: str) -> tuple[int, int]:
    """Row and column of a reference like B7."""
    found = _REFERENCE.fullmatch(reference.replace("$", ""))
    if found is None:
        raise damaged()
    column = 0
    for sign in found[1]:
        column = 26 * column + ord(sign) - ord("A") + 1
    return int(found[2]), column
