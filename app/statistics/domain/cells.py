"""Text in the cells of spreadsheets."""

#: What a spreadsheet would take for a formula when the file is saved as text.
FORMULA_SIGNS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def plain(text: str) -> str:
    """Text that stays text when the workbook is saved as CSV and opened again."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
