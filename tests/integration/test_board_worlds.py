"""The class board minute by minute in worlds that differ in what nobody may learn from it.

`test_two_worlds` compares pages once everybody has answered. A board lives while they answer, so
here the clock goes through a lesson: each world is a copy of one school, Alice does the same things
at the same minutes in all of them, and what differs is an answer, a word, a wish to talk, or what a
counsellor asks for afterwards.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.content import neutral
from app.assessments.models import Assessment, Response
from app.campaigns.models import Invitation
from app.campaigns.service import invite_again
from app.config import Settings
from app.platform import clock
from app.platform.db import begin_write, db
from app.results.models import Flag
from tests.conftest import NOW
from tests.databases import SqliteFiles
from tests.factories import assessments as sittings
from tests.factories import people

CSRF = re.compile(rb'(?:name="csrf_token" value=|data-csrf=)"[^"]*"')
#: Seconds of the lesson at which everybody looks, who may.
LOOKS = (30, 190, 215, 330, 520)
Deed = Callable[["World"], object]


@dataclass
class World:
    """One copy of the school, what happens in it, and what was seen."""

    app: Flask
    alice: FlaskClient
    ben: FlaskClient
    watchers: dict[str, FlaskClient]
    at: str
    said: dict[str, dict[str, str]]
    deeds: dict[int, Deed]
    course: dict[int, Deed]
    seen: dict[str, tuple[int, bytes, str | None]] = field(default_factory=dict)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self.app.app_context():
            begin_write()
            yield
            db.session.commit()

    def look(self, second: int) -> None:
        pages = ("/board", "/board/places", "/missing")
        for who, client in self.watchers.items():
            for path in (self.at.partition("/classes")[0], *(self.at + page for page in pages)):
                answer = client.get(path)
                body = CSRF.sub(b"", answer.data)
                self.seen[f"{second} {who} {path}"] = (
                    answer.status_code,
                    body,
                    answer.headers.get("ETag"),
                )


def presses_talk(world: World) -> None:
    """Without script: what is ticked so far is stored with the wish."""
    ticked = {f"phq9.q{n}": "1" for n in range(1, 6)}
    answer = world.alice.post("/s/1", data={**ticked, "do": "talk"})
    assert "心理老师会知道" in answer.text


def asked_for_again(world: World) -> None:
    """A counsellor lets the slip open a second sitting."""
    with world.writing():
        slip = db.session.query(Invitation).filter(Invitation.finished_at.is_not(None)).first()
        invite_again(actor=OPERATOR, invitation=slip)


def sits_again(world: World) -> None:
    with world.writing():
        token = db.session.query(Invitation).order_by(Invitation.id).first().token
    again = world.app.test_client()
    sittings.walk_in(again, token)
    sittings.agree(again)


def agrees(world: World) -> None:
    sittings.agree(world.alice)


def answers(world: World) -> None:
    world.alice.post("/s/1", data=sittings.phq9() | world.said["items"])


def ends(world: World) -> None:
    world.alice.post("/s/2", data=sittings.closing() | world.said["closing"])


def says_no(world: World) -> None:
    world.alice.post("/s", data={"do": "decline"})


def kept_out(world: World) -> None:
    """A guardian has said no before the lesson: from the notice on everything is neutral."""
    with world.writing():
        slip = db.session.query(Invitation).order_by(Invitation.id).first()
        db.session.query(Assessment).filter_by(invitation_id=slip.id).one().neutral = True


def answers_small_questions(world: World) -> None:
    """Two clicks are enough: a blank page is asked once more, then left out."""
    names = " ".join(f"neutral.{item.code}" for item in neutral().items)
    assert world.alice.post("/s/1", data={"asked": names}).location.endswith("/s/2")


#: What Alice does, by the second of the lesson.
THINKS_FOR_LONG: dict[int, Deed] = {1: agrees, 200: answers, 300: ends}
AT_ONCE: dict[int, Deed] = {1: agrees, 40: answers, 56: ends}
SAYS_NO: dict[int, Deed] = {1: says_no}
KEPT_OUT: dict[int, Deed] = {1: kept_out, 2: agrees, 10: answers_small_questions, 20: ends}

CALM: dict[str, dict[str, str]] = {"items": {}, "closing": {}}
WORLDS: dict[str, tuple[dict[str, dict[str, str]], dict[int, Deed]]] = {
    "a critical answer": ({"items": {"phq9.q9": "2"}}, {}),
    "somebody is wanted, in words too": (
        {"closing": {"closing.company": "2", "closing.message": "我不想活了"}},
        {},
    ),
    "a wish to talk, pressed twice in the lesson": ({}, {60: presses_talk, 160: presses_talk}),
    "a second sitting, asked for and begun": ({}, {400: asked_for_again, 410: sits_again}),
}


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, keyring_file: Path) -> Callable[..., World]:
    """Copies of one school: a class of two with slips for PHQ-9."""
    folder = tmp_path_factory.mktemp("lesson")
    with clock.frozen(NOW):
        SqliteFiles(folder, keyring_file)
        app = _open(folder, keyring_file)
        with app.app_context():
            begin_write()
            slip = sittings.invited("phq9", name="爱丽丝")
            tokens = slip.token, sittings.classmate_of(slip).token
            room = sittings.computer_room(slip).token
            at = f"/campaigns/{slip.campaign.public_id}/classes/{slip.cohort.public_id}"
            tickets = {
                "proctor": people.logged_in(
                    role=Role.PROCTOR, site_id=slip.site_id, cohort_id=None
                ),
                "class teacher": people.logged_in(
                    role=Role.CLASS_TEACHER, site_id=None, cohort_id=slip.cohort_id
                ),
            }
            db.session.commit()
            db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
            db.engine.dispose()

    def copy(
        said: dict[str, dict[str, str]],
        deeds: dict[int, Deed],
        course: dict[int, Deed] = THINKS_FOR_LONG,
    ) -> World:
        own = tmp_path_factory.mktemp("world")
        shutil.copy(folder / "xinqiao.db", own / "xinqiao.db")
        app = _open(own, keyring_file)
        watchers = {who: _logged_in(app, ticket) for who, ticket in tickets.items()}
        clients = app.test_client(), app.test_client()
        world = World(app, *clients, watchers, at, CALM | said, deeds, course)
        with clock.frozen(NOW):
            for seat, client in enumerate(clients, start=12):
                sittings.sit_down(client, room, seat)
        _lesson(world, tokens)
        return world

    return copy


@pytest.fixture(scope="module")
def calm(school: Callable[..., World]) -> World:
    return school({}, {})


@pytest.fixture(scope="module")
def honest(school: Callable[..., World]) -> World:
    """Alice answers as quickly as one honestly can."""
    return school({}, {}, AT_ONCE)


def _open(folder: Path, keyring_file: Path) -> Flask:
    settings = Settings(data_dir=folder, keyring_file=keyring_file)
    return create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)


def _logged_in(app: Flask, ticket: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["ticket"] = ticket
    return client


def _lesson(world: World, tokens: tuple[str, str]) -> None:
    """Alice follows her own course; Ben goes straight through."""
    alice, ben = world.alice, world.ben
    events: dict[int, list[Deed]] = {
        0: [lambda _w: [sittings.walk_in(alice, tokens[0]), _begin(ben, tokens[1])]],
        90: [lambda _w: ben.post("/s/1", data=sittings.phq9())],
        120: [lambda _w: ben.post("/s/2", data=sittings.closing())],
    }
    for second in range(3, 300, 30):
        events.setdefault(second, []).append(lambda _w: alice.post("/s/beat", json={}))
    for second, deed in (world.course | world.deeds).items():
        events.setdefault(second, []).append(deed)
    for second in sorted({*events, *LOOKS}):
        with clock.frozen(NOW + timedelta(seconds=second)):
            for deed in events.get(second, []):
                deed(world)
            if second in LOOKS:
                world.look(second)


def _begin(client: FlaskClient, token: str) -> None:
    sittings.walk_in(client, token)
    sittings.agree(client)


def _rows(world: World) -> tuple[int, int]:
    with world.app.app_context():
        return db.session.query(Flag).count(), db.session.query(Response).count()


def test_lesson_shows_on_the_board(calm: World) -> None:
    """A board on which nothing happens proves nothing."""
    found = {
        second: re.findall(
            r'"place place--(\w+)"', calm.seen[f"{second} proctor {calm.at}/board"][1].decode()
        )
        for second in LOOKS
    }

    assert found[30] == ["under_way", "under_way"]
    assert found[190] == ["stuck", "finished"]
    assert found[215] == ["under_way", "finished"]
    assert found[330] == ["finished", "finished"]
    assert "12 号机位" in calm.seen[f"330 proctor {calm.at}/board"][1].decode()
    assert all(status == 200 for status, _, _ in calm.seen.values())


@pytest.mark.parametrize("name", WORLDS)
def test_board_does_not_tell(school: Callable[..., World], calm: World, name: str) -> None:
    other = school(*WORLDS[name])

    assert _rows(other) != _rows(calm) or "asked for" in name
    assert [page for page in calm.seen if other.seen[page] != calm.seen[page]] == []


@pytest.mark.parametrize("course", [SAYS_NO, KEPT_OUT], ids=["says no", "guardian says no"])
def test_board_shows_a_refusal_as_the_quickest_honest_sitting(
    school: Callable[..., World], honest: World, course: dict[int, Deed]
) -> None:
    refusing = school({}, {}, course)
    boards = [name for name in honest.seen if "/board" in name]

    assert '"place place--finished"' in honest.seen[f"190 proctor {honest.at}/board"][1].decode()
    assert _rows(honest) != _rows(refusing)
    assert [name for name in boards if refusing.seen[name] != honest.seen[name]] == []
