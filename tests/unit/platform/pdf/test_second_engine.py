"""WeasyPrint prints the same sheets, and says of each piece what it is."""

import io
import re
import subprocess
from collections.abc import Callable

import pikepdf
import pytest
from flask import Flask

from app.config import Settings, SettingsError
from app.platform.pdf import PdfFailed, PdfUnavailable, PrintDocument, available, render_pdf
from app.platform.pdf.engine import engine_of_this_machine
from app.platform.pdf.weasyprint import Weasyprint
from app.platform.pdf.wkhtmltopdf import Wkhtmltopdf

MakeDocument = Callable[..., PrintDocument]
ROWS = [("我睡得安稳，醒来精神不错。" * (1 + number % 5), "几乎每天") for number in range(60)]


@pytest.fixture
def second_engine(print_app: Flask) -> None:
    """Choose it; skip, saying why, where this machine has it not."""
    print_app.config["SETTINGS"] = Settings(pdf_engine="weasyprint")
    if not (state := available()):
        pytest.skip(state.reason)


def words(content: bytes) -> str:
    text = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return "".join(sorted(re.sub(r"\s", "", text.stdout.decode())))


def elements(content: bytes) -> list[str]:
    """Kinds of the tagged pieces, in the order in which they are read aloud."""

    def walk(element: pikepdf.Object) -> list[str]:
        if not isinstance(element, pikepdf.Dictionary):
            return []
        inner = [kind for each in element.get("/K", []) for kind in walk(each)]
        return [str(element.S), *inner]

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [kind for each in pdf.Root.StructTreeRoot.K for kind in walk(each)]


@pytest.mark.usefixtures("second_engine")
def test_both_engines_print_the_same_words_on_as_many_pages(make_document: MakeDocument) -> None:
    documents = [make_document(rows=ROWS), make_document(title="乙", facts=[("姓名", "龘犇翀")])]

    first, second = (
        render_pdf(documents, title="档案", language="zh_Hans", engine=engine)
        for engine in (Wkhtmltopdf.caged(), engine_of_this_machine())
    )

    assert words(first) == words(second)


@pytest.mark.usefixtures("second_engine")
def test_second_engine_clips_nothing_silently(make_document: MakeDocument) -> None:
    overfull = make_document(facts=[("备注", "很长的一句话。" * 700)])

    with pytest.raises(PdfFailed, match="longer than its page"):
        render_pdf([overfull], title="x", language="zh_Hans")


@pytest.mark.usefixtures("second_engine")
def test_bound_file_is_tagged_in_the_order_of_its_pages(
    make_document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.platform.pdf.render.CHUNK", 2)
    documents = [make_document(title=name, facts=[("姓名", name)]) for name in "甲乙丙"]

    content = render_pdf(documents, title="档案", language="zh_Hans")

    kinds = elements(content)
    assert kinds[0] == "/Document"
    assert {"/Table", "/TH", "/TD", "/P"} <= set(kinds)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root, pages = pdf.Root.StructTreeRoot, [page.obj.objgen for page in pdf.pages]
        numbers = list(root.ParentTree.Nums)
        assert [frame.Pg.objgen for frame in root.K[0].K] == pages
        assert [int(page.StructParents) for page in pdf.pages] == numbers[::2] == [0, 1, 2]
        assert [owners[0].Pg.objgen for owners in numbers[1::2]] == pages
        tagged = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        names = [str(each.ID) for each in tagged if "/ID" in each]
        assert len(names) == len(set(names))
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("zh-Hans", True)


def test_missing_second_engine_is_named(print_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    print_app.config["SETTINGS"] = Settings(pdf_engine="weasyprint")
    monkeypatch.setattr(Weasyprint, "is_installed", staticmethod(lambda: False))

    with pytest.raises(PdfUnavailable, match=r"Printing needs weasyprint.*xinqiao\[weasyprint\]"):
        engine_of_this_machine()


def test_unknown_engine_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="XINQIAO_PDF_ENGINE='word'"):
        Settings.from_environ({"XINQIAO_PDF_ENGINE": "word"})
