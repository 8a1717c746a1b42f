"""Files for the browser: joined, packed, kept for a year under an address of their content."""

import gzip
import re

import brotli
import pytest

from app.access.permissions import Role
from app.config import ROOT
from app.platform import statics


@pytest.fixture
def script(app):
    """The address of the students' module."""
    with app.test_request_context():
        return statics.static_url("js/student.js")


@pytest.mark.parametrize(
    ("accepts", "encoding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("", None, bytes),
    ],
)
def test_browser_gets_the_shortest_form_that_it_reads(client, script, accepts, encoding, unpack):
    answer = client.get(script, headers={"Accept-Encoding": accepts})

    assert answer.content_encoding == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert b"function createSaver(" in unpack(answer.data)


def test_comments_and_indents_stay_behind(client, script):
    text = client.get(script).text

    # A comment that stayed would swallow what was joined to its line.
    assert "//" not in text
    assert not re.search(r"^\s", text, re.MULTILINE)
    assert "createReader" in text


def test_no_text_of_a_script_runs_over_lines_that_lose_their_indents():
    for part in {part for parts in statics.JOINED.values() for part in parts}:
        lines = (ROOT / "app" / "static" / "js" / part).read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if line.count("`") % 2], part


def test_address_of_the_content_is_kept_for_a_year_and_others_are_asked_again(client, script):
    current = client.get(script).headers["Cache-Control"]
    old = client.get("/static/js/student.js?v=0123456789").headers.get("Cache-Control", "")

    assert current == "public, max-age=31536000, immutable"
    assert "immutable" not in old


def test_joined_module_holds_every_part_and_no_import(client, script):
    text = client.get(script).text

    assert all(name in text for name in ("createSaver", "createSealer", "createCarrier"))
    assert "\nimport " not in text
    assert "\nexport " not in text


@pytest.mark.parametrize("name", ["../config.py", "%2e%2e/config.py", "js/none.js", "js"])
def test_nothing_outside_the_folder_is_served(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_pages_of_students_travel_packed_and_those_of_staff_do_not(client, as_):
    packed = {"Accept-Encoding": "br"}
    students = client.get("/i", headers=packed)
    staff = as_(Role.ADMINISTRATOR).get("/campaigns", headers=packed, follow_redirects=True)

    assert students.content_encoding == "br"
    assert staff.status_code == 200
    assert staff.content_encoding is None
