"""Documents become one file: in order, with bookmarks, counted, named and locked."""

import io
from collections.abc import Callable

import pikepdf
import pytest

from app.platform.pdf import PdfFailed, PrintDocument, render_pdf

Engine = Callable[[str], bytes]
MakeDocument = Callable[..., PrintDocument]


def bookmarks(pdf: pikepdf.Pdf) -> list[tuple[str, int]]:
    with pdf.open_outline() as outline:
        return [(entry.title, pikepdf.Page(entry.destination[0]).index) for entry in outline.root]


def test_render_pdf_keeps_the_order_over_chunks(make_document: MakeDocument, paper: Engine) -> None:
    documents = [make_document(title=f"学生{number}") for number in range(60)]

    content = render_pdf(documents, title="一班", language="zh_Hans", engine=paper)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert bookmarks(pdf) == [(f"学生{number}", number) for number in range(60)]


def test_render_pdf_prints_at_most_25_documents_at_once(
    make_document: MakeDocument, paper: Engine
) -> None:
    printed = []

    def counting(html: str) -> bytes:
        printed.append(html.count('<div class="page">'))
        return paper(html)

    render_pdf([make_document()] * 60, title="一班", language="zh_Hans", engine=counting)

    assert printed == [20, 20, 20]


def test_render_pdf_bookmarks_where_a_document_begins(
    make_document: MakeDocument, paper: Engine
) -> None:
    long = make_document(title="甲", rows=[("题目", "回答")] * 60)

    content = render_pdf(
        [long, make_document(title="乙")], title="一班", language="zh_Hans", engine=paper
    )

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert bookmarks(pdf) == [("甲", 0), ("乙", long.pages)]


def test_render_pdf_says_title_and_language(make_document: MakeDocument, paper: Engine) -> None:
    content = render_pdf([make_document()], title="初二（3）班", language="zh_Hans", engine=paper)

    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as metadata:
        assert (str(pdf.Root.Lang), metadata["dc:title"]) == ("zh-Hans", "初二（3）班")


def test_render_pdf_refuses_a_wrong_page_count(make_document: MakeDocument, paper: Engine) -> None:
    def overflowing(html: str) -> bytes:
        return paper(html + '<div class="page">')

    with pytest.raises(PdfFailed, match="1 pages were planned and 2 came out"):
        render_pdf([make_document()], title="x", language="en", engine=overflowing)


def test_render_pdf_with_password_opens_with_it_only(
    make_document: MakeDocument, paper: Engine
) -> None:
    content = render_pdf(
        [make_document(title="绝密")], title="绝密", language="en", password="心桥-9", engine=paper
    )

    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(content))
    with pikepdf.open(io.BytesIO(content), password="心桥-9") as pdf:
        assert (pdf.encryption.R, pdf.encryption.bits) == (6, 256)
        assert bookmarks(pdf) == [("绝密", 0)]
    assert "绝密".encode() not in content
    assert "绝密".encode("utf-16-be") not in content


def test_render_pdf_refuses_an_empty_password(make_document: MakeDocument, paper: Engine) -> None:
    with pytest.raises(ValueError, match="empty password"):
        render_pdf([make_document()], title="x", language="en", password="", engine=paper)


def test_render_pdf_refuses_nothing(paper: Engine) -> None:
    with pytest.raises(PdfFailed, match="nothing to print"):
        render_pdf([], title="x", language="en", engine=paper)
