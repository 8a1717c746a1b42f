"""Printing: HTML pages of our own templates in, one PDF out, by an engine that reaches nothing."""

from app.platform.pdf.cage import PdfError, PdfFailed, PdfUnavailable
from app.platform.pdf.engine import available
from app.platform.pdf.pagination import Column, TablePart, split_table, text_height
from app.platform.pdf.render import (
    Imprint,
    PrintDocument,
    PrintPart,
    bind_parts,
    mark_missing,
    number_sheets,
    print_parts,
    render_pdf,
)

__all__ = [
    "Column",
    "Imprint",
    "PdfError",
    "PdfFailed",
    "PdfUnavailable",
    "PrintDocument",
    "PrintPart",
    "TablePart",
    "available",
    "bind_parts",
    "mark_missing",
    "number_sheets",
    "print_parts",
    "render_pdf",
    "split_table",
    "text_height",
]
