"""The library's pages: open to clinical roles and planners, in both languages."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from app.access.permissions import Role
from app.authoring import queries
from app.config import ROOT
from app.platform.db import begin_write, db
from tests.factories import authoring, people

As = Callable[..., FlaskClient]


@pytest.fixture
def _library(app: Flask) -> None:
    with app.app_context():
        begin_write()
        authoring.published("phq9", "who5", "mht")
        db.session.commit()


@pytest.mark.usefixtures("_library")
def test_the_list_says_how_far_the_chinese_wording_is_trusted(as_: As) -> None:
    page = as_(Role.COUNSELLOR).get("/instruments?lang=en").text

    assert "Patient Health Questionnaire" in page
    assert "established translation" in page
    assert "to be supplied by the site" in page


@pytest.mark.usefixtures("_library")
@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["Several days", "moderately severe", "Pediatrics 126:1117-1123", "≥ 11"]),
        ("zh_Hans", ["好几天", "最近两周的感受", "Pediatrics 126:1117-1123", "≥ 11"]),
    ],
)
def test_an_instrument_shows_what_it_asks_and_on_whose_word(
    as_: As, lang: str, words: list[str]
) -> None:
    page = as_(Role.ADMINISTRATOR).get(f"/instruments/phq9?lang={lang}").text

    assert [word for word in words if word not in page] == []


@pytest.mark.usefixtures("_library")
@pytest.mark.parametrize("path", ["/instruments", "/instruments/phq9"])
def test_class_teachers_do_not_read_cut_offs(app: Flask, as_: As, path: str) -> None:
    with app.app_context():
        begin_write()
        cohort = people.cohort(people.site())
        db.session.commit()
        teacher = as_(Role.CLASS_TEACHER, cohort=cohort)

    assert teacher.get(path).status_code == 404


@pytest.mark.usefixtures("_library")
def test_an_unknown_instrument_is_not_found(as_: As) -> None:
    assert as_(Role.COUNSELLOR).get("/instruments/phq99").status_code == 404


LANGS = ("en", "zh_Hans")
SHIPPED = sorted(path.parent.name for path in (ROOT / "instruments").glob("*/instrument.yaml"))


@pytest.mark.parametrize("code", SHIPPED)
def test_every_shipped_instrument_can_be_read(app: Flask, as_: As, code: str) -> None:
    with app.app_context():
        begin_write()
        [version] = authoring.published(code)
        title = queries.instrument_of(version).title
        db.session.commit()
    reader = as_(Role.REVIEWER)

    pages = [reader.get(f"/instruments/{code}?lang={lang}") for lang in LANGS]

    titles = [str(escape(title.get(lang))) for lang in LANGS]
    assert [t in page.text for t, page in zip(titles, pages, strict=True)] == [True, True]
