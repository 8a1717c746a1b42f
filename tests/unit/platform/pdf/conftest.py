"""What the print tests share: an app that knows the templates, a paper engine, a document."""

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pikepdf
import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from markupsafe import Markup

from app.config import Settings
from app.platform.pdf import Column, Imprint, PrintDocument, available, split_table

APP = Path(__file__).resolve().parents[4] / "app"
COLUMNS = (Column("题目", 120), Column("回答", 58))
DOCUMENT = """
{%- import "macros/print.html" as print with context -%}
{%- for part in parts -%}
{%- call print.page(imprint, loop.index, parts|length) -%}
{{ print.facts(facts) }}{{ print.table_part(part, columns, "作答记录") }}
{%- endcall -%}
{%- endfor -%}
"""


@pytest.fixture(autouse=True)
def print_app() -> Iterator[Flask]:
    app = Flask("app", root_path=str(APP))
    app.config["SETTINGS"] = Settings()
    Babel(app, default_locale="en", default_translation_directories="../translations")
    with app.test_request_context():
        yield app


@pytest.fixture
def make_document() -> Callable[..., PrintDocument]:
    def make(
        title: str = "甲",
        facts: Sequence[tuple[str, str]] = (("姓名", "甲"),),
        rows: Sequence[Sequence[str]] = (("第一题", "从不"),),
    ) -> PrintDocument:
        parts = split_table(rows, columns=COLUMNS, first=200, following=200)
        imprint = Imprint(
            site="心桥实验中学",
            heading="个人测评档案",
            date="2026年11月22日",
            printed_by="王老师",
            printed_at="20:31",
        )
        body = render_template_string(
            DOCUMENT, imprint=imprint, facts=facts, parts=parts, columns=COLUMNS
        )
        return PrintDocument(title=title, body=Markup(body), pages=len(parts))

    return make


@pytest.fixture
def paper() -> Callable[[str], bytes]:
    """An engine without a browser: one blank sheet for every page frame."""

    def engine(html: str) -> bytes:
        target = io.BytesIO()
        with pikepdf.new() as pdf:
            for _ in range(html.count('<div class="page">')):
                pdf.add_blank_page()
            pdf.save(target)
        return target.getvalue()

    return engine


@pytest.fixture
def printer() -> None:
    """Skip, saying why, where this machine cannot print."""
    if not (state := available()):
        pytest.skip(state.reason)
