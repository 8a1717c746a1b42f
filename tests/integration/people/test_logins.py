"""Log-in, roles and sessions, as a browser meets them."""

from dataclasses import replace

from sqlalchemy.orm.exc import StaleDataError

from app import create_app
from app.access.permissions import Role
from app.people.models import LoginSession
from app.people.service import logins
from app.platform.db import begin_write, db
from tests.factories import people

#: Not this machine; what is not encrypted is refused there.
FROM_OUTSIDE = {"base_url": "https://localhost", "environ_base": {"REMOTE_ADDR": "192.0.2.7"}}


def _account(app, **chosen):
    with app.app_context():
        begin_write()
        site = people.site()
        people.user(
            Role.COUNSELLOR,
            site.id,
            login="alice",
            password_hash=logins.hash_password("a long enough word"),
            **chosen,
        )
        db.session.commit()


def test_log_in_opens_the_first_page_of_the_role(app, client):
    _account(app)

    response = client.post("/login", data={"login": "alice", "password": "a long enough word"})

    assert response.location == "/"
    assert client.get("/").location == "/queue"


def test_log_in_with_a_wrong_password_says_so_without_saying_which(app, client):
    _account(app)

    wrong_password = client.post("/login", data={"login": "alice", "password": "guess"})
    wrong_login = client.post("/login", data={"login": "nobody", "password": "guess"})

    assert (wrong_password.status_code, wrong_login.status_code) == (422, 422)
    assert (
        wrong_password.text.count("notice--error") == wrong_login.text.count("notice--error") == 1
    )


def test_log_in_waits_after_five_misses(app, client):
    _account(app)
    for _ in range(5):
        client.post("/login", data={"login": "alice", "password": "guess"})

    right_but_late = client.post(
        "/login", data={"login": "alice", "password": "a long enough word"}
    )

    assert right_but_late.status_code == 429


def test_demo_account_opens_only_on_the_machine_itself(app, client):
    _account(app, is_demo=True)
    word = {"login": "alice", "password": "a long enough word"}

    from_outside = client.post("/login", data=word, **FROM_OUTSIDE)
    from_here = client.post("/login", data=word)

    assert (from_outside.status_code, from_here.status_code) == (422, 302)


def test_demo_account_stays_closed_where_the_world_comes_in_by_a_proxy(settings):
    app = create_app(
        replace(settings, base_url="https://xinqiao.example"), TESTING=True, WTF_CSRF_ENABLED=False
    )
    _account(app, is_demo=True)

    response = app.test_client().post(
        "/login", data={"login": "alice", "password": "a long enough word"}
    )

    assert response.status_code == 422


def test_log_out_ends_the_session_on_the_server_too(app, client):
    _account(app)
    client.post("/login", data={"login": "alice", "password": "a long enough word"})
    with client.session_transaction() as session:
        stolen = dict(session)

    client.post("/logout")
    with client.session_transaction() as session:
        session.update(stolen)

    assert client.get("/").location.startswith("/login")


def test_log_out_that_is_heard_twice_ends_the_session_on_the_server_too(app, client, monkeypatch):
    """Whoever is overtaken by another writer is heard once more, with the session as it came."""
    _account(app)
    client.post("/login", data={"login": "alice", "password": "a long enough word"})
    log_out, tries = logins.log_out, []

    def overtaken(**said):
        tries.append(said)
        log_out(**said)
        if len(tries) == 1:
            raise StaleDataError

    monkeypatch.setattr(logins, "log_out", overtaken)

    client.post("/logout")

    assert tries[0]["token"] == tries[1]["token"] != ""
    with app.app_context():
        assert db.session.query(LoginSession).one().ended_at is not None
