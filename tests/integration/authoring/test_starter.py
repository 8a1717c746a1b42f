"""New questionnaires without YAML: the form, the file, and the words of a licensed shell."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.permissions import Role
from app.authoring.checking import check_files
from app.authoring.domain import DraftOrigin, Files
from app.authoring.models import InstrumentDraft
from app.platform.db import begin_write, db
from tests.factories import authoring
from tests.unit.authoring.paste.shapes import SHAPES, as_docx, as_xlsx
from tests.unit.authoring.starter.test_fields import FILLED

FORM, PASTE, WORDS = (f"/instruments/drafts/{name}" for name in ("form", "paste", "words"))
PROOF = {
    "granted_by": "某出版社版权部",
    "granted_on": "2026-02-01",
    "reference": "合同 2026-17",
    "file_name": "授权书.pdf",
}


@pytest.fixture
def author(as_: Callable[..., FlaskClient]) -> FlaskClient:
    return as_(Role.AUTHOR)


@dataclass(frozen=True)
class Kept:
    """What a draft holds, outside the application."""

    title: str
    code: str
    origin: DraftOrigin
    proof: str
    files: Files
    public_id: str
    base_version_id: int | None


def drafts(app: Flask) -> list[Kept]:
    with app.app_context():
        return [
            Kept(
                draft.title,
                draft.code,
                draft.origin,
                draft.licence_proof,
                draft.files,
                draft.public_id,
                draft.base_version_id,
            )
            for draft in db.session.scalars(select(InstrumentDraft))
        ]


def fields_in(page: str) -> dict[str, str]:
    """The fields of a page as a browser would send them back."""
    found = {
        name: html.unescape(text).removeprefix("\r\n").removeprefix("\n")
        for name, text in re.findall(
            r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', page, re.S
        )
    }
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        is_off = 'type="checkbox"' in tag and " checked" not in tag
        if name and not is_off and name[1] not in ("csrf_token", "look"):
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        chosen = chosen or re.search(r'<option value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_a_filled_form_becomes_a_draft_that_passes_its_check(
    app: Flask, author: FlaskClient
) -> None:
    answer = author.post(FORM, data=FILLED)

    (draft,) = drafts(app)
    assert answer.status_code == 303
    assert answer.location.endswith(draft.public_id)
    assert draft.origin is DraftOrigin.STARTER
    assert (draft.title, draft.code) == ("睡眠小问卷", "my_sleep")
    assert draft.proof == "某某教授\n2026-03-01\n邮件，编号 12"
    assert check_files(draft.files).problems == []


@pytest.mark.parametrize("lang", ["en", "zh_Hans"])
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, author: FlaskClient, lang: str
) -> None:
    typed = FILLED | {"reverse": "1、9", "bands": "0-3 较低\n4-9 较高"}

    answer = author.post(f"{FORM}?lang={lang}", data=typed)

    sent_back = fields_in(answer.text)
    assert answer.status_code == 422
    assert drafts(app) == []
    assert {name: sent_back[name] for name in typed if typed[name]} == {
        name: value for name, value in typed.items() if value
    }
    said = {"en": "There is no question 9; the last one is 4.", "zh_Hans": "没有第 9 题"}[lang]
    assert re.search(rf'id="reverse-error">{said}', answer.text)


def test_looking_it_over_begins_no_draft(app: Flask, author: FlaskClient) -> None:
    page = author.post(f"{FORM}?lang=en", data=FILLED | {"look": "y"})

    assert page.status_code == 200
    assert "4 questions, each counted 0 to 2" in page.text
    assert "“Total” counts 4 questions" in page.text
    assert drafts(app) == []


@pytest.mark.parametrize("form", [as_xlsx, as_docx])
def test_a_file_is_shown_as_understood_and_becomes_a_draft(
    app: Flask, author: FlaskClient, form: Callable[..., bytes]
) -> None:
    upload = (BytesIO(form(SHAPES["sas"]())), "量表.xlsx")
    page = author.post(f"{PASTE}?lang=en", data={"file": upload, "instrument": ""})

    assert page.status_code == 200
    assert "20 questions" in page.text
    assert "reversed: 5, 9, 13, 17, 19" in page.text
    filled = fields_in(page.text) | {
        name: FILLED[name]
        for name in ("student_title_zh", "code", "age_from", "terms", "missing", "citation")
    }
    answer = author.post(FORM, data=filled | PROOF)

    (draft,) = drafts(app)
    assert answer.status_code == 303
    assert draft.origin is DraftOrigin.PASTE
    assert draft.proof.splitlines() == list(PROOF.values())
    checked = check_files(draft.files)
    assert checked.problems == []
    assert checked.instrument is not None
    assert len(checked.instrument.scale("total").reverse) == 5


def test_what_was_not_understood_is_named_with_its_place(author: FlaskClient) -> None:
    text = "1. 甲乙\n2. 丙丁\n联系人请见附页的说明文字"

    page = author.post(f"{PASTE}?lang=en", data={"text": text, "instrument": ""}).text

    assert re.search(r"Not understood.*Line 3: .*联系人请见附页的说明文字", page, re.S)


def test_what_was_not_read_at_all_is_told(author: FlaskClient) -> None:
    wide = "\t".join(["甲乙", *["一"] * 60, "我不想活了"])
    text = f"说明\n{wide}\n" + "1. 丙丁\n" * 2_000

    page = author.post(f"{PASTE}?lang=en", data={"text": text, "instrument": ""}).text

    assert "its last rows are missing" in page
    assert re.search(r"these rows was not read.*Line 2: 甲乙", re.sub(r"<[^>]*>", "", page), re.S)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"file": (BytesIO(b"no file"), "x.xlsx")}, "no readable Excel or Word file"),
        ({"text": "一段没有题目的文字"}, "No questions were found"),
        ({}, "Choose a file, or paste"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    app: Flask, author: FlaskClient, sent: dict[str, object], said: str
) -> None:
    page = author.post(f"{PASTE}?lang=en", data=sent | {"instrument": ""})

    assert page.status_code == 422
    assert said in html.unescape(page.text)
    assert sent.get("text", "") in page.text
    assert drafts(app) == []


def test_the_words_of_a_licensed_copy_fill_the_shell(app: Flask, author: FlaskClient) -> None:
    with app.app_context():
        begin_write()
        (version,) = authoring.published("isi")
        base_id = version.id
        db.session.commit()
    upload = (BytesIO(as_docx(SHAPES["isi"]())), "isi.docx")

    page = author.post(PASTE, data={"file": upload, "instrument": "isi"})
    refused = author.post(WORDS, data=fields_in(page.text))
    answer = author.post(WORDS, data=fields_in(refused.text) | PROOF)

    (draft,) = drafts(app)
    assert (page.status_code, refused.status_code, answer.status_code) == (200, 422, 303)
    assert draft.base_version_id == base_id
    assert draft.proof.splitlines() == list(PROOF.values())
    checked = check_files(draft.files)
    assert checked.problems == []
    assert checked.instrument is not None
    assert checked.instrument.has_item_texts


def test_a_file_that_reverses_other_questions_is_told_so(app: Flask, author: FlaskClient) -> None:
    with app.app_context():
        begin_write()
        authoring.published("brs")
        db.session.commit()
    text = (
        "\n".join(f"{n}. 占位句子{'甲乙丙丁戊己'[n - 1]}" for n in range(1, 7))
        + "\n反向计分题：2、5"
    )

    page = author.post(f"{PASTE}?lang=en", data={"text": text, "instrument": "brs"}).text

    assert "Your file reverses 2, 5; the questionnaire reverses 2, 4, 6." in page


def test_only_a_shell_can_be_filled(app: Flask, author: FlaskClient) -> None:
    with app.app_context():
        begin_write()
        authoring.published("phq9")
        db.session.commit()

    for code in ("phq9", "nothing", ""):
        assert author.post(WORDS, data={"instrument": code}).status_code == 404
