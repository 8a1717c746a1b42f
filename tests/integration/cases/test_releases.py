"""A counsellor releases summaries: whose, for whom, so often, so long; outsiders find nothing."""

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.access.permissions import Role
from app.cases.models import SummaryRelease
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.factories import people
from tests.integration.cases import profile_world


@pytest.fixture
def world(app, fixed_clock):
    return profile_world.build(app)


@pytest.fixture
def counsellor(world, as_):
    return as_(Role.COUNSELLOR, user=world.counsellor)


@pytest.fixture
def staff(world, as_):
    return as_(Role.SITE_STAFF, user=world.staff)


@pytest.fixture
def release(world, counsellor):
    """`release(rendering)`: alice's summary, one copy for three days; the page that answers."""

    def send(rendering: str, **chosen):
        form = {
            "campaign": world.campaign.public_id,
            "cohort": world.cohort.public_id,
            "students": [world.alice.public_id],
            "rendering": rendering,
            "has_names": "yes",
            "copies": 1,
            "days": 3,
        }
        return counsellor.post("/releases?lang=en", data=form | chosen)

    return send


@pytest.fixture
def stored(app):
    """`stored()`: the release as it stands, with its password read."""

    def read() -> SimpleNamespace:
        with app.app_context():
            row = db.session.scalars(select(SummaryRelease)).one()
            return SimpleNamespace(
                public_id=row.public_id,
                site_id=row.site_id,
                password=row.password,
                copies_left=row.copies_left,
            )

    return read


def test_the_browser_does_not_ask_for_every_box_to_be_ticked(world, counsellor):
    asked = {"campaign": world.campaign.public_id, "cohort": world.cohort.public_id}

    page = counsellor.get("/releases/new", query_string=asked).text

    assert world.alice.public_id in page
    assert 'action="/releases" novalidate' in page


def test_page_offers_the_students_with_results(world, counsellor):
    page = counsellor.get(
        f"/releases/new?campaign={world.campaign.public_id}&student={world.alice.public_id}"
    ).text

    assert "龘犇翀" in page
    assert "李明" in page
    assert page.count(" checked") == 3  # alice, the rendering, names


def test_list_of_who_was_screened_leaves_a_trace(world, counsellor, app):
    counsellor.get(
        f"/releases/new?campaign={world.campaign.public_id}&cohort={world.cohort.public_id}"
    )

    with app.app_context():
        row = db.session.query(AuditEvent).filter_by(action="see_who_was_screened").one()
        assert (row.object_ref, row.detail) == (world.cohort.public_id, '{"shown": 2}')


def test_counsellor_rendering_shows_its_password_once(release, counsellor, stored):
    page = release("counsellor").text

    password = stored().password
    assert password in page
    assert password not in counsellor.get("/releases/new").text


def test_guardian_letters_need_no_password(release, stored):
    release("guardian")

    assert stored().password is None


def test_outsiders_find_nothing(release, as_, stored, app):
    release("guardian")
    with app.app_context():
        begin_write()
        elsewhere = people.site()
        db.session.commit()
        staff = as_(Role.SITE_STAFF, site=elsewhere)
    with app.app_context():
        counsellor = as_(Role.COUNSELLOR, site=db.session.merge(elsewhere))
    address = f"/releases/{stored().public_id}"

    assert staff.post(f"{address}/print").status_code == 404
    assert counsellor.post(f"{address}/withdraw").status_code == 404
    assert counsellor.post("/releases").status_code == 404


def test_staff_cannot_release_and_counsellors_do_not_print(release, counsellor, staff, stored):
    release("guardian")

    assert staff.get("/releases/new").status_code == 404
    assert counsellor.post(f"/releases/{stored().public_id}/print").status_code == 404


def test_each_print_button_says_what_it_prints(release, staff, world):
    release("guardian")
    release("student")

    page = staff.get("/releases?lang=en").text

    names = re.findall(r"<button[^>]*>(Print<.*?)</button>", page)
    told = [re.sub(r"<[^>]+>", "", name) for name in names]
    assert len(set(told)) == 2
    assert all(world.cohort.name in name for name in told)


def test_student_of_another_class_cannot_be_slipped_in(world, release, app):
    with app.app_context():
        begin_write()
        other = people.student(people.cohort(world.site)).public_id
        db.session.commit()

    assert release("guardian", students=[other]).status_code == 422
