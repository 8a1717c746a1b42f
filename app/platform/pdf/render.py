"""From documents to one PDF: printed in chunks, page counts checked, bound, named, locked."""

import io
import math
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import accumulate, count

import pikepdf
from flask import render_template
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from app.platform.pdf.cage import PdfFailed
from app.platform.pdf.engine import Engine, engine_of_this_machine
from app.platform.pdf.glyphs import MISSING_TYPE, printable
from app.platform.pdf.tags import BoundTags
from app.platform.pdf.text import mend_text

CHUNK = 25  # starting the engine costs ten documents' time, a chunk of 25 some 90 MB
PARALLEL = 2

#: Where `macros/print.html` leaves room; no text of a person can forge it, for theirs is escaped.
SHEET_MARK = re.compile("<!--sheet-->")


@dataclass(frozen=True, slots=True)
class Imprint:
    """The words around every page: whose paper it is, who printed it and when."""

    site: str
    heading: str
    date: str
    printed_by: str
    printed_at: str
    notice: str | LazyString = field(
        # Translators: foot of every printed page that holds results
        default=lazy_gettext("For screening reference only, not a diagnosis")
    )
    #: Set across the page, pale; empty for none.
    watermark: str = ""


@dataclass(frozen=True, slots=True)
class PrintDocument:
    """One person's pages: frames of `macros/print.html`, and how many they are."""

    title: str
    body: Markup = field(repr=False)
    pages: int
    #: Under what its bookmark stands, a class for instance; empty for the first level.
    section: str = ""


@dataclass(frozen=True, slots=True)
class PrintPart:
    """Documents that came out of the engine together."""

    documents: Sequence[PrintDocument]
    content: bytes = field(repr=False)


def render_pdf(
    documents: Sequence[PrintDocument],
    *,
    title: str,
    language: str,
    layout: str = "layouts/print.html",
    password: str | None = None,
    engine: Engine | None = None,
) -> bytes:
    """Print documents in order as one PDF with a bookmark each, on sheets of `layout`.

    A page that did not hold its content is an error: clinical text is never clipped silently.
    With a password the file is encrypted (AES-256); an empty password is refused.
    """
    if not documents:
        raise PdfFailed(gettext("There is nothing to print yet."))
    numbered = number_sheets(documents)
    parts = print_parts(numbered, title=title, language=language, layout=layout, engine=engine)
    return bind_parts(
        [(part, range(len(part.documents))) for part in parts],
        title=title,
        language=language,
        password=password,
    )


def number_sheets(
    documents: Sequence[PrintDocument], *, before: int = 0, total: int | None = None
) -> list[PrintDocument]:
    """Say on every page the how-manieth of the whole file it is; a single document says it already.

    `before` pages and, up to `total`, those behind belong to the same file.
    """
    whole = total or before + sum(document.pages for document in documents)
    if total is None and len(documents) == 1:
        return list(documents)
    number = count(before + 1)

    def sheet(_mark: re.Match[str]) -> str:
        text = gettext("Sheet %(number)s of %(total)s", number=next(number), total=whole)
        return f"<br>{escape(text)}"

    return [
        replace(document, body=Markup(SHEET_MARK.sub(sheet, document.body)))  # noqa: S704 -- our own words, escaped
        for document in documents
    ]


def print_parts(
    documents: Sequence[PrintDocument],
    *,
    title: str,
    language: str,
    layout: str = "layouts/print.html",
    engine: Engine | None = None,
) -> list[PrintPart]:
    """Let the engine print the documents, so many at a time and two of them beside each other."""
    engine = engine or engine_of_this_machine()
    words = {"title": title, "language": language.replace("_", "-")}
    # Equal chunks: the last one would leave the other engine idle.
    size = math.ceil(len(documents) / math.ceil(len(documents) / CHUNK))
    chunks = [documents[start : start + size] for start in range(0, len(documents), size)]
    sheets = [
        render_template(layout, documents=[mark_missing(one) for one in chunk], **words)
        for chunk in chunks
    ]
    with ThreadPoolExecutor(PARALLEL) as pool:
        printed = list(pool.map(engine, sheets))
    return [PrintPart(chunk, content) for chunk, content in zip(chunks, printed, strict=True)]


def mark_missing(document: PrintDocument) -> PrintDocument:
    """The document with marks for what no font draws, and with a note of it on each page."""
    found = printable(str(document.body))
    if not found.codes:
        return document
    note = gettext(
        "%(mark)s stands for a character that this computer cannot print: %(codes)s",
        mark=MISSING_TYPE,
        codes=", ".join(found.codes),
    )
    body = found.text.replace("<!--missing-->", f"<br>{escape(note)}")
    return replace(document, body=Markup(body))  # noqa: S704 -- as it came, and our own words


def bind_parts(
    order: Iterable[tuple[PrintPart, Iterable[int]]],
    *,
    title: str,
    language: str,
    password: str | None = None,
) -> bytes:
    """One file of these documents of these parts, in this order."""
    if password is not None and not password:
        raise ValueError("an empty password protects nothing")
    runs = [(part, list(chosen)) for part, chosen in order]
    with ExitStack() as open_files:
        opened = {
            id(part): open_files.enter_context(_open_part(part))
            for part in {id(part): part for part, _chosen in runs}.values()
        }
        bound = open_files.enter_context(pikepdf.new())
        bookmarks = []
        for part, chosen in runs:
            starts = [0, *accumulate(document.pages for document in part.documents)]
            for number in chosen:
                bookmarks.append((part.documents[number], len(bound.pages)))
                bound.pages.extend(opened[id(part)].pages[starts[number] : starts[number + 1]])
        tags = BoundTags(bound)
        for source in opened.values():
            tags.take(source)
        tags.hang()
        _add_bookmarks(bound, bookmarks)
        _describe(bound, title=title, language=language.replace("_", "-"))
        return _save(bound, password)


def _open_part(part: PrintPart) -> pikepdf.Pdf:
    opened = pikepdf.open(io.BytesIO(part.content))
    _check_page_count(part.documents, len(opened.pages))
    mend_text(opened)
    return opened


def _check_page_count(chunk: Sequence[PrintDocument], came_out: int) -> None:
    planned = sum(document.pages for document in chunk)
    if came_out != planned:
        raise PdfFailed(
            gettext(
                "%(planned)s pages were planned and %(came_out)s came out: a text is longer than "
                "its page. Nothing was printed; please report this.",
                planned=planned,
                came_out=came_out,
            )
        )


def _add_bookmarks(bound: pikepdf.Pdf, bookmarks: Sequence[tuple[PrintDocument, int]]) -> None:
    with bound.open_outline() as outline:
        for document, page in bookmarks:
            item = pikepdf.OutlineItem(document.title, page)
            if not document.section:
                outline.root.append(item)
                continue
            if not outline.root or outline.root[-1].title != document.section:
                outline.root.append(pikepdf.OutlineItem(document.section, page))
            outline.root[-1].children.append(item)


def _describe(bound: pikepdf.Pdf, *, title: str, language: str) -> None:
    bound.Root.Lang = pikepdf.String(language)
    bound.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    with bound.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = {language}


def _save(bound: pikepdf.Pdf, password: str | None) -> bytes:
    lock = pikepdf.Encryption(owner=password, user=password, R=6) if password else False
    target = io.BytesIO()
    bound.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, encryption=lock)
    return target.getvalue()
