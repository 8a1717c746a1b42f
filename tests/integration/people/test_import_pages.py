"""A roster from upload to confirmation in the browser."""

import io
import re

import pytest
from sqlalchemy import select, update

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.people.models import Cohort, RosterDraft, Student
from app.people.service import drafts
from app.platform import clock
from app.platform.db import begin_write, db
from tests.factories import people

GOOD = "学号,姓名,班级,身份证号\n1,王芳,初二（3）班,410000\n2,李娜,初二（3）班,410001\n"
BAD = "学号,姓名,班级\n1,王芳,初二（3）班\n2,李?,初二（3）班\n3,孙伟,\n"

pytestmark = pytest.mark.usefixtures("fixed_clock")


@pytest.fixture
def site(app):
    with app.app_context():
        begin_write()
        site = people.site(code="S1")
        db.session.commit()
        db.session.refresh(site)
        db.session.expunge(site)
    return site


@pytest.fixture
def staff(as_, site):
    return as_(Role.SITE_STAFF, site=site)


def _upload(client, text, site="S1"):
    form = {"site": site, "file": (io.BytesIO(text.encode()), "名单.csv")}
    return client.post("/roster/imports", data=form, content_type="multipart/form-data")


def _names(app):
    with app.app_context():
        return [
            student.name for student in db.session.scalars(select(Student).order_by(Student.id))
        ]


def _seen(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def test_upload_writes_nothing_until_it_is_confirmed(app, staff):
    preview = _upload(staff, GOOD).location
    page = staff.get(preview).text
    before = _names(app)

    staff.post(f"{preview}/confirm", data={"seen": _seen(page)})

    assert (before, _names(app)) == ([], ["王芳", "李娜"])
    assert staff.get(preview).status_code == 404


def test_class_in_other_signs_is_named_in_the_preview_and_none_is_made(app, staff):
    first = _upload(staff, GOOD).location
    staff.post(f"{first}/confirm", data={"seen": _seen(staff.get(first).text)})

    preview = _upload(staff, "学号,姓名,班级\n3,孙伟,初二 3 班\n").location
    page = staff.get(preview).text
    staff.post(f"{preview}/confirm", data={"seen": _seen(page)})

    assert "文件里的“初二3班”按已有班级“初二（3）班”导入" in page
    with app.app_context():
        assert db.session.scalars(select(Cohort.name)).all() == ["初二（3）班"]
        assert db.session.scalars(select(Student.cohort_id).distinct()).all() == [1]


def test_class_that_only_looks_like_a_known_one_can_be_kept_apart(app, staff):
    first = _upload(staff, GOOD).location
    staff.post(f"{first}/confirm", data={"seen": _seen(staff.get(first).text)})
    preview = _upload(staff, "学号,姓名,班级\n3,孙伟,初二 3 班\n").location
    taken_for = _seen(staff.get(preview).text)

    staff.post(f"{preview}/classes", data={"class": "初二3班", "apart": "1"})
    page = staff.get(preview).text
    staff.post(f"{preview}/confirm", data={"seen": taken_for})  # of a page that says otherwise
    before = _names(app)
    staff.post(f"{preview}/confirm", data={"seen": _seen(page)})

    assert "文件里的“初二3班”按新班级导入" in page
    assert (before, _names(app)) == (["王芳", "李娜"], ["王芳", "李娜", "孙伟"])
    with app.app_context():
        assert db.session.scalars(select(Cohort.name).order_by(Cohort.id)).all() == [
            "初二（3）班",
            "初二3班",
        ]


def test_class_that_was_kept_apart_can_be_taken_for_the_known_one_again(app, staff):
    first = _upload(staff, GOOD).location
    staff.post(f"{first}/confirm", data={"seen": _seen(staff.get(first).text)})
    preview = _upload(staff, "学号,姓名,班级\n3,孙伟,初二 3 班\n").location

    before = _seen(staff.get(preview).text)
    staff.post(f"{preview}/classes", data={"class": "初二3班", "apart": "1"})
    staff.post(f"{preview}/classes", data={"class": "初二3班", "together": "1"})

    assert _seen(staff.get(preview).text) == before


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"cell-2-student_no": "7"}, ["王芳", "李娜", "孙伟", "周敏"]),
        ({"leave_out": ["2"]}, ["王芳", "李娜", "周敏"]),
        ({}, ["孙伟", "李娜", "周敏"]),
    ],
    ids=["number-corrected", "left-out", "married-name"],
)
def test_number_of_somebody_else_is_told_and_can_be_corrected_or_left_out(app, staff, said, names):
    first = _upload(staff, GOOD).location
    staff.post(f"{first}/confirm", data={"seen": _seen(staff.get(first).text)})
    rows = "学号,姓名,班级\n1,孙伟,初二（3）班\n9,周敏,初二（3）班\n"
    preview = _upload(staff, rows).location
    page = staff.get(preview).text

    staff.post(f"{preview}/rows", data={"shown": ["2"]} | said)
    staff.post(f"{preview}/confirm", data={"seen": _seen(staff.get(preview).text)})

    assert "系统里这个学号是王芳" in page
    assert sorted(_names(app)) == sorted(names)


def test_columns_that_are_not_needed_are_named_and_not_kept(app, staff):
    page = staff.get(_upload(staff, GOOD).location).text

    with app.app_context():
        kept = db.session.scalars(select(RosterDraft)).one()
        assert ("身份证号" in page, "410000" in kept.content) == (True, False)


def test_draft_rests_sealed_and_not_in_the_browser(app, staff):
    answer = _upload(staff, GOOD)

    with app.app_context():
        kept = db.session.scalars(select(RosterDraft)).one()
        assert ("王芳".encode() in kept.content_sealed, "王芳" in kept.content) == (False, True)
    assert not any("王芳" in value for _, value in answer.headers)


def test_rejected_rows_are_mended_in_place_or_left_out(app, staff):
    preview = _upload(staff, BAD).location
    offered = "notice--success" in staff.get(preview).text

    staff.post(
        f"{preview}/rows",
        data={"shown": ["3", "4"], "cell-3-name": "李娜", "leave_out": ["4"]},
    )
    staff.post(f"{preview}/confirm", data={"seen": _seen(staff.get(preview).text)})

    assert (offered, _names(app)) == (False, ["王芳", "李娜"])


def test_row_left_out_can_be_taken_back_in(app, staff):
    preview = _upload(staff, BAD).location
    staff.post(f"{preview}/rows", data={"leave_out_rejected": "1"})
    all_out = "notice--success" in staff.get(preview).text

    staff.post(f"{preview}/rows", data={"shown": ["3"]})

    assert (all_out, "notice--success" in staff.get(preview).text) == (True, False)


def test_rejected_rows_cannot_be_confirmed_by_hand(app, staff):
    preview = _upload(staff, BAD).location

    with app.app_context():
        begin_write()
        draft = db.session.scalars(select(RosterDraft)).one()
        seen = drafts.plan_draft(actor=OPERATOR, draft=draft).fingerprint
        db.session.rollback()
    staff.post(f"{preview}/confirm", data={"seen": seen})

    assert _names(app) == []


def test_confirming_what_has_changed_meanwhile_shows_it_again(app, staff):
    first = _upload(staff, GOOD).location
    second = _upload(staff, GOOD.replace("王芳", "王方")).location
    seen_first, seen_second = (_seen(staff.get(at).text) for at in (first, second))

    staff.post(f"{second}/confirm", data={"seen": seen_second})
    answer = staff.post(f"{first}/confirm", data={"seen": seen_first})

    assert (answer.location, _names(app)) == (first, ["王方", "李娜"])


def test_upload_is_forgotten_when_discarded_or_old(app, staff, fixed_clock):
    discarded, old = (_upload(staff, GOOD).location for _ in range(2))
    staff.post(f"{discarded}/discard")
    with app.app_context():
        begin_write()
        db.session.execute(update(RosterDraft).values(expires_at=clock.now()))
        db.session.commit()

    assert [staff.get(at).status_code for at in (discarded, old)] == [404, 404]


def test_upload_of_a_colleague_is_not_there(as_, site, staff):
    bob = as_(Role.SITE_STAFF, site=site)

    assert bob.get(_upload(staff, GOOD).location).status_code == 404


def test_file_that_is_no_roster_says_what_to_do(staff):
    answer = _upload(staff, "a,b\n1,2\n")

    assert (answer.status_code, "学号 (student_no)" in answer.text) == (422, True)


def test_preview_shows_rows_by_outcome_and_by_page(staff):
    rows = "".join(f"{n},学生{n},初二（3）班\n" for n in range(1, 251))
    preview = _upload(staff, "学号,姓名,班级\n" + rows).location

    pages = [staff.get(f"{preview}?show=new&page={n}").text for n in (1, 2, 3, 99)]

    assert [page.count('<th scope="row" class="number">') for page in pages] == [100, 100, 50, 0]


@pytest.mark.parametrize("typed", ["x", "-1", "99999999999999999999"])
def test_odd_page_numbers_do_no_harm(staff, typed):
    preview = _upload(staff, GOOD).location

    assert staff.get(f"{preview}?page={typed}&show={typed}").status_code == 200
