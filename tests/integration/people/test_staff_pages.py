"""Accounts of staff: opened with a one-time password, closed with every session."""

import re

import pytest
from sqlalchemy import select

from app.access.permissions import Role
from app.people.models import User
from app.people.service import logins
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.factories import people

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
def admin(as_):
    return as_(Role.ADMINISTRATOR)


def _open(admin, **chosen):
    form = {"name": "林知夏", "login": "lin", "role": "counsellor", "place": "site:S1"}
    return admin.post("/staff", data=form | chosen)


def _password(answer):
    return re.search(r'class="secret">([^<]+)<', answer.text)[1]


def _user(app, login):
    with app.app_context():
        return db.session.scalar(select(User).where(User.login == login))


def test_new_account_shows_its_password_once_and_keeps_only_a_hash(app, admin, site):
    answer = _open(admin)
    password = _password(answer)

    assert (answer.status_code, len(password)) == (200, 14)
    assert password not in admin.get("/staff").text
    assert password not in _user(app, "lin").password_hash


def test_one_time_password_leads_to_choosing_an_own_one(app, admin, site):
    password = _password(_open(admin))
    browser = app.test_client()
    browser.post("/login", data={"login": "lin", "password": password})
    sent_to = [browser.get(at).location for at in ("/queue", "/duty")]

    browser.post(
        "/password",
        data={"old": password, "new": "four words I know", "again": "four words I know"},
    )

    assert sent_to == ["/password", "/password"]
    assert browser.get("/duty").status_code == 200
    with app.app_context():
        begin_write()
        again = {"address": "", "on_loopback": True, "login": "lin"}
        assert logins.log_in(password="four words I know", **again).user.login == "lin"
        with pytest.raises(logins.LoginRefusedError):
            logins.log_in(password=password, **again)
        db.session.rollback()


def test_wrong_old_password_changes_nothing(app, admin, site):
    password = _password(_open(admin))
    browser = app.test_client()
    browser.post("/login", data={"login": "lin", "password": password})

    answer = browser.post(
        "/password",
        data={"old": "guess", "new": "four words I know", "again": "four words I know"},
    )

    assert (answer.status_code, browser.get("/duty").location) == (422, "/password")


def test_closed_account_is_out_at_once(app, as_, admin, site):
    _open(admin)
    lin = _user(app, "lin")
    browser = as_(Role.COUNSELLOR, user=lin)
    browser.get("/password")

    admin.post(f"/staff/{lin.public_id}/close")

    assert browser.get("/password").location.startswith("/login")
    assert not _user(app, "lin").active


def test_own_account_cannot_be_closed(app, as_):
    with app.app_context():
        begin_write()
        root = people.user(Role.ADMINISTRATOR, login="root")
        db.session.commit()
        db.session.refresh(root)

    as_(Role.ADMINISTRATOR, user=root).post(f"/staff/{root.public_id}/close")

    assert _user(app, "root").active


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("class_teacher", "site:S1"),
        ("class_teacher", ""),
        ("counsellor", ""),
        ("auditor", "site:S1"),
    ],
)
def test_role_needs_the_place_that_goes_with_it(app, admin, site, role, place):
    answer = _open(admin, role=role, place=place)

    assert (answer.status_code, _user(app, "lin")) == (422, None)


def test_login_names_are_given_once(admin, site):
    answers = [_open(admin).status_code for _ in range(2)]

    assert answers == [200, 422]


def test_administrator_of_one_school_keeps_no_accounts(as_, site):
    assert as_(Role.ADMINISTRATOR, site=site).get("/staff").status_code == 404


def test_deeds_on_accounts_are_kept(app, admin, site):
    _open(admin)
    lin = _user(app, "lin")
    admin.post(f"/staff/{lin.public_id}/password")
    admin.post(f"/staff/{lin.public_id}/close")

    with app.app_context():
        query = select(AuditEvent.action).where(AuditEvent.object_ref == lin.public_id)
        assert db.session.scalars(query).all() == [
            "open_account",
            "renew_password",
            "close_account",
        ]
