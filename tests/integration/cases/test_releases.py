"""Site staff print what a counsellor released: so often, so long, and encrypted where it tells."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pikepdf
import pytest
from sqlalchemy import select

from app.access.permissions import Role
from app.cases.models import SummaryRelease
from app.cases.routes import releases as routes
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from app.platform.pdf import PdfFailed, available
from tests.conftest import NOW
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
            "copies": 1,
            "days": 3,
        }
        return counsellor.post("/releases?lang=en", data=form | chosen)

    return send


@pytest.fixture
def printed(monkeypatch):
    """What was sent to the engine instead of printing it."""
    sent: list[dict] = []

    def keep(documents, *, locale, password=None):
        sent.append({"documents": documents, "password": password})
        return b"%PDF"

    monkeypatch.setattr(routes, "print_documents", keep)
    return sent


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
    assert page.count(" checked") == 2


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


def test_staff_print_within_the_count(release, staff, printed, stored):
    release("guardian")
    address = f"/releases/{stored().public_id}/print"

    first, second = staff.post(address), staff.post(address)

    assert (first.status_code, first.mimetype) == (200, "application/pdf")
    assert first.headers["Content-Disposition"] == 'inline; filename="summary.pdf"'
    assert (second.status_code, len(printed), stored().copies_left) == (302, 1, 0)


def test_expired_release_prints_nothing(world, release, as_, printed, fixed_clock, stored):
    release("guardian")

    with fixed_clock(NOW + timedelta(days=3, minutes=1)):
        staff = as_(Role.SITE_STAFF, user=world.staff)
        staff.post(f"/releases/{stored().public_id}/print")

    assert printed == []


def test_withdrawn_release_prints_nothing(release, counsellor, staff, printed, stored):
    release("guardian")
    address = f"/releases/{stored().public_id}"

    counsellor.post(f"{address}/withdraw")
    staff.post(f"{address}/print")

    assert printed == []


def test_telling_renderings_leave_encrypted(release, staff, printed, stored):
    release("referral")

    staff.post(f"/releases/{stored().public_id}/print")

    assert printed[0]["password"] == stored().password


@pytest.mark.skipif(not available(), reason="wkhtmltopdf or its font is missing")
def test_encrypted_file_opens_with_the_counsellors_password_only(release, staff, stored):
    release("counsellor")

    answer = staff.post(f"/releases/{stored().public_id}/print")

    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(answer.data))
    assert len(pikepdf.open(io.BytesIO(answer.data), password=stored().password).pages) == 2


def test_copy_is_given_back_when_the_engine_fails(release, staff, monkeypatch, stored):
    release("guardian")

    def fail(*_args, **_chosen):
        raise PdfFailed("the engine failed")

    monkeypatch.setattr(routes, "print_documents", fail)

    staff.post(f"/releases/{stored().public_id}/print")

    assert stored().copies_left == 1


def test_every_step_is_recorded(release, staff, printed, stored, app):
    release("guardian")

    staff.post(f"/releases/{stored().public_id}/print")

    with app.app_context():
        said = list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))
    assert said[-2:] == ["release_summaries", "print_release"]


def test_outsiders_find_nothing(release, as_, printed, stored, app):
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
    assert printed == []


def test_staff_cannot_release_and_counsellors_do_not_print(release, counsellor, staff, stored):
    release("guardian")

    assert staff.get("/releases/new").status_code == 404
    assert counsellor.post(f"/releases/{stored().public_id}/print").status_code == 404


def test_student_of_another_class_cannot_be_slipped_in(world, release, app):
    with app.app_context():
        begin_write()
        other = people.student(people.cohort(world.site)).public_id
        db.session.commit()

    assert release("guardian", students=[other]).status_code == 422
