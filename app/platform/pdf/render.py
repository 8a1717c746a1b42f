"""From documents to one PDF: printed in chunks, page counts checked, bound, named, locked."""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

import pikepdf
from flask import render_template
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from app.platform.pdf.engine import PdfFailed, Wkhtmltopdf
from app.platform.pdf.text import mend_text

CHUNK = 25  # starting the engine costs ten documents' time, a chunk of 25 some 90 MB
PARALLEL = 2

Engine = Callable[[str], bytes]


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


@dataclass(frozen=True, slots=True)
class PrintDocument:
    """One person's pages: frames of `macros/print.html`, and how many they are."""

    title: str
    body: Markup = field(repr=False)
    pages: int


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
    if password is not None and not password:
        raise ValueError("an empty password protects nothing")
    engine = engine or Wkhtmltopdf.found()
    language = language.replace("_", "-")
    chunks = [documents[start : start + CHUNK] for start in range(0, len(documents), CHUNK)]
    sheets = [
        render_template(layout, title=title, language=language, documents=chunk) for chunk in chunks
    ]
    with ThreadPoolExecutor(PARALLEL) as pool:
        printed = list(pool.map(engine, sheets))
    return _bind(chunks, printed, title=title, language=language, password=password)


def _bind(
    chunks: Sequence[Sequence[PrintDocument]],
    printed: Sequence[bytes],
    *,
    title: str,
    language: str,
    password: str | None,
) -> bytes:
    with ExitStack() as open_files:
        bound = open_files.enter_context(pikepdf.new())
        for chunk, content in zip(chunks, printed, strict=True):
            part = open_files.enter_context(pikepdf.open(io.BytesIO(content)))
            _check_page_count(chunk, len(part.pages))
            mend_text(part)
            bound.pages.extend(part.pages)
        _add_bookmarks(bound, [document for chunk in chunks for document in chunk])
        _describe(bound, title=title, language=language)
        return _save(bound, password)


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


def _add_bookmarks(bound: pikepdf.Pdf, documents: Sequence[PrintDocument]) -> None:
    page = 0
    with bound.open_outline() as outline:
        for document in documents:
            outline.root.append(pikepdf.OutlineItem(document.title, page))
            page += document.pages


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
