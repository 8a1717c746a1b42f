"""Pages that are written once: who changes what they show, or reads them, finds their own."""

import gzip

import pytest
from flask import g, session
from jinja2 import DictLoader
from markupsafe import escape

from app.campaigns.models import Campaign, OpenLink
from app.people.models import Site
from app.platform import clock, stencils
from app.platform.db import begin_write, db
from tests.factories import assessments as sittings


@pytest.fixture
def address(client, made):
    """An open link whose first page somebody has seen already."""
    address = "/o/" + made(sittings.open_link, "token")
    client.get(address)
    return address


@pytest.fixture
def change(app):
    """Change the one row of a table, as the desk does."""

    def changing(table, **values):
        with app.app_context():
            begin_write()
            for name, value in values.items():
                setattr(db.session.query(table).one(), name, value)
            db.session.commit()

    return changing


def test_changed_notice_and_school_are_on_the_next_page(client, address, change):
    change(Campaign, notice_zh="新的说明", assent_zh="新的同意")
    change(Site, name="新的学校")

    page = client.get(address).text

    assert all(word in page for word in ("新的说明", "新的同意", "新的学校"))


def test_closed_link_is_gone_at_once(client, address, change):
    change(OpenLink, closed_at=clock.now())

    assert client.get(address).status_code == 404


def test_each_reader_has_their_language(app, address):
    english = app.test_client().get(f"{address}?lang=en").text
    chinese = app.test_client().get(f"{address}?lang=zh").text

    assert '<html lang="en">' in english
    assert "Leave quickly" in english
    assert '<html lang="zh-Hans">' in chinese
    assert "快速离开" in chinese


def test_changed_number_of_the_school_is_on_the_last_page(app, client, address, change):
    with app.app_context():
        over = f"/thanks/{db.session.query(Site).one().public_id}"
    client.get(over)

    change(Site, duty_phone="010-00001111")

    assert "010-00001111" in client.get(over).text


def test_two_visitors_share_no_ticket(app, address):
    first, second = (
        sittings.hidden(app.test_client().get(address).text, "visit") for _ in range(2)
    )

    assert first != second


@pytest.mark.parametrize("said", ["short", "a" * 22, "长" * 70])
def test_packed_page_says_what_the_unpacked_one_says(client, address, said):
    form = {"visit": said, "page": "1"}
    plain = client.post(address, data=form).data
    packed = client.post(address, data=form, headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain
    assert escape(said).encode() in packed.data, "it travels as it is"


def test_value_that_is_too_long_for_a_block_is_shown_all_the_same(client, address):
    form = {"visit": "a" * 70_000, "page": "1"}

    page = client.post(address, data=form, headers={"Accept-Encoding": "gzip"})

    assert b"a" * 70_000 in gzip.decompress(page.data)


def test_each_student_sees_their_own_digits(app, made):
    seen = []
    for number in ("20260041", "20260077"):
        client = app.test_client()
        client.get(f"/i/{made(sittings.invited, 'token', birth_date=None, student_no=number)}")
        client.post("/i/check", data={"said": number[-2:]})
        seen.append(client.get("/i/me").text)

    assert "学号末两位 41" in seen[0]
    assert "学号末两位 77" in seen[1]
    assert "学号末两位 41" not in seen[1]


def test_what_a_visitor_sends_comes_back_escaped(client, address):
    said = '"><script>alert(1)</script>'

    page = client.post(address, data={"visit": said, "page": "1"}).text

    assert "<script>alert" not in page
    assert "&#34;&gt;&lt;script&gt;" in page


def test_stencil_cannot_hold_what_belongs_to_one_visitor(app):
    personal = "[{{ session.x }}{{ g.x }}{{ request.path }}{{ current_user.name }}]"
    app.jinja_env.loader = DictLoader({"page.html": personal})

    with app.test_request_context("/somewhere"):
        session["x"] = g.x = "mine"

        assert stencils.render("page.html").data == b"[]"
