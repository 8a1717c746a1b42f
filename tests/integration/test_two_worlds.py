"""Two worlds that differ in one answer or one wish: whoever may not know sees no difference.

A school is built once and its database copied. In each copy the same student walks from the code of
the slip to the last page; the answers differ in one thing only. Then every page that students,
teachers, proctors and all other roles without the queue can open is fetched from the map of
addresses, so that pages of later rooms are walked too, and compared byte by byte.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from itertools import product
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import create_app
from app.access.actor import OPERATOR
from app.access.permissions import Permission, Role
from app.access.policy import POLICY
from app.campaigns import service as campaigns
from app.config import Settings
from app.platform import clock
from app.platform.db import Base, begin_write, db
from app.results.models import Flag
from tests.conftest import NOW
from tests.databases import SqliteFiles
from tests.factories import assessments as sittings
from tests.factories import people

#: They may know: who works with the queue, and who reads the log of everything that was done.
MAY_KNOW = (Permission.SEE_QUEUE, Permission.SEE_AUDIT)

#: Their ids stand in no address of these roles, or are many.
NOT_IN_ADDRESSES = ("users", "instrument_versions", "access_grants", "consents", "guardians")

#: Only what is drawn anew for every page.
RANDOM = (
    re.compile(rb'(?<=name="csrf_token" value=")[^"]*'),
    re.compile(rb'(?<=name="visit" value=")[^"]*'),
    re.compile(rb'(?<=name="ticket" value=")[^"]*'),
    re.compile(rb'(?<=name="token" type="hidden" value=")[^"]*'),
    re.compile(rb'(?<=data-csrf=")[^"]*'),
    re.compile(rb'(?<=data-ticket=")[^"]*'),
)

#: The worlds: what the last page says, and what item 9 says.
CALM = {"q9": 0, "talk": 0, "company": 0}
WORLDS = {
    "item 9 at “more than half the days”": {"q9": 2},
    "a wish to talk today": {"talk": 3},
    "somebody is wanted now": {"company": 2},
}


@dataclass
class School:
    """What stands in the copied database."""

    token: str
    code: str
    classmate: str
    link: str
    site: str
    tickets: dict[Role, str]
    #: Every public id that exists before anybody answers.
    ids: list[str] = field(default_factory=list)


@dataclass
class World:
    """One copy, with the pages that were seen in it."""

    app: Flask
    school: School
    #: The calm world: what is not there for anybody is asked for in it alone.
    known: "World | None" = None
    flags: int = 0
    pages: dict[str, tuple[int, bytes, tuple[str, ...]]] = field(default_factory=dict)

    def is_worth_asking(self, name: str) -> bool:
        """Whether the page was there in the calm world, or this is the calm world."""
        return self.known is None or self.known.pages[name][0] != NOT_THERE

    def see(self, name: str, answer: TestResponse) -> TestResponse:
        """Keep a page without what is random in it."""
        body = answer.data
        if answer.mimetype == "application/pdf":
            body = _printed(body)
        for token in RANDOM:
            body = token.sub(b"", body)
        headers = [f"{key}: {value}" for key, value in answer.headers if key not in VARYING]
        self.pages[name] = answer.status_code, body, tuple(sorted(headers))
        return answer


NOT_THERE = 404

#: A length follows from the body; a cookie holds a ticket, an ETag its hash.
VARYING = ("Content-Length", "Set-Cookie", "Date", "ETag")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, keyring_file: Path) -> dict[str, World]:
    """The calm world, and each of the others."""
    with clock.frozen(NOW):
        folder = tmp_path_factory.mktemp("school")
        SqliteFiles(folder, keyring_file)
        school = _build(_open(folder, keyring_file))
        found = {}
        for name, differing in {"calm": {}, **WORLDS}.items():
            copy = tmp_path_factory.mktemp("world")
            shutil.copy(folder / "xinqiao.db", copy / "xinqiao.db")
            world = World(_open(copy, keyring_file), school, known=found.get("calm"))
            found[name] = _live(world, CALM | differing)
    return found


def _open(folder: Path, keyring_file: Path) -> Flask:
    settings = Settings(data_dir=folder, keyring_file=keyring_file)
    return create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)


def _build(app: Flask) -> School:
    """A class of three with a running campaign, and somebody in every role."""
    with app.app_context():
        begin_write()
        alice = sittings.invited("phq9", name="爱丽丝")
        ben = sittings.classmate_of(alice)
        sittings.classmate_of(alice)
        link = campaigns.create_open_link(actor=OPERATOR, campaign=alice.campaign, site=alice.site)
        tickets = {
            role: people.logged_in(
                role=role,
                site_id=None if role is Role.CLASS_TEACHER else alice.site_id,
                cohort_id=alice.cohort_id if role is Role.CLASS_TEACHER else None,
            )
            for role in Role
        }
        site = alice.site.public_id
        school = School(alice.token, alice.code, ben.token, link.token, site, tickets, _ids())
        db.session.commit()
        db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    return school


def _ids() -> list[str]:
    """The public ids of everything."""
    kinds = [table for table in Base.metadata.sorted_tables if "public_id" in table.c]
    tables = [table for table in kinds if table.name not in NOT_IN_ADDRESSES]
    return [name for table in tables for name in db.session.scalars(select(table.c.public_id))]


def _live(world: World, said: dict[str, int]) -> World:
    """Alice answers as told, a classmate is calm, and everybody looks at what they may."""
    alice = world.app.test_client()
    _journey(world, alice, "alice", said)
    _walk_students_pages(world, alice, "alice afterwards")
    _journey(world, world.app.test_client(), "classmate", CALM, token=world.school.classmate)
    _walk_students_pages(world, world.app.test_client(), "visitor")
    for role in _who_may_not_know():
        _walk_desk(world, role)
    with world.app.app_context():
        world.flags = db.session.query(Flag).count()
        db.session.remove()
        db.engine.dispose()
    return world


def _journey(
    world: World, client: FlaskClient, who: str, said: dict[str, int], token: str = ""
) -> None:
    """From the code (or the QR) to the last page, every page kept."""
    steps = 0

    def see(answer: TestResponse) -> TestResponse:
        nonlocal steps
        steps += 1
        return world.see(f"{who} {steps}", answer)

    if token:
        see(client.get(f"/i/{token}", follow_redirects=True))
    else:
        see(client.get("/i"))
        see(client.post("/i", data={"code": world.school.code}, follow_redirects=True))
    see(client.post("/i/check", data={"said": "20100520"}, follow_redirects=True))
    see(client.post("/i/start", data={"where": "room"}, follow_redirects=True))
    see(client.post("/s", data={"next": "yes"}, follow_redirects=True))
    first = client.get("/s").location
    with clock.frozen(NOW + timedelta(minutes=2)):
        see(client.post(first, data=sittings.phq9(q9=said["q9"]), follow_redirects=True))
        last = sittings.closing(talk=said["talk"], company=said["company"])
        see(client.post("/s/2", data=last, follow_redirects=True))
        see(client.get("/s", follow_redirects=True))
        see(client.get("/help"))


def _printed(body: bytes) -> bytes:
    """What stands on every page of a print, without the hour and the numbers of the printer."""
    with pikepdf.open(BytesIO(body)) as pdf:
        drawn = [b"".join(_streams(page.obj.Contents)) for page in pdf.pages]
    return b"\f".join(drawn)


def _streams(contents: pikepdf.Object) -> Iterator[bytes]:
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    yield from (part.read_bytes() for part in parts)


def _walk_students_pages(world: World, client: FlaskClient, who: str) -> None:
    """Every page without a log-in; a token is one that was handed out."""
    handed_out = [world.school.token, world.school.link, world.school.site]
    for rule, permission in _pages(world.app):
        if permission is None:
            for path in _addresses(rule, handed_out):
                world.see(f"{who} {path}", client.get(path))


def _walk_desk(world: World, role: Role) -> None:
    """Every page that the role may open, with every object that there is."""
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["ticket"] = world.school.tickets[role]
    for rule, permission in _pages(world.app):
        is_printed_elsewhere = rule.rule.endswith(".pdf") and role is not Role.PROCTOR
        if permission is None or role not in _roles(permission) or is_printed_elsewhere:
            continue
        for path in _addresses(rule, world.school.ids, _open_parents(world, role, rule)):
            if world.is_worth_asking(f"{role} {path}"):
                world.see(f"{role} {path}", client.get(path))


def _open_parents(world: World, role: Role, rule: Rule) -> list[str]:
    """What stands before the last id of an address, where it is a page itself: those that open."""
    parent = rule.rule.rpartition("<")[0]
    parent = parent[: parent.rfind(">") + 1]
    shape = re.compile(rf"{role} {re.sub('<[^>]*>', '([^/]+)', parent)}")
    return [
        match[1]
        for name, (status, _, _) in world.pages.items()
        if status == 200 and "<" in parent and (match := shape.fullmatch(name))
    ]


def _pages(app: Flask) -> Iterator[tuple[Rule, Permission | None]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        view = app.view_functions[rule.endpoint]
        if "GET" in (rule.methods or ()) and hasattr(view, "required"):
            yield rule, view.required


def _addresses(rule: Rule, ids: list[str], first: list[str] | None = None) -> Iterator[str]:
    """The rule with every id in its places (the first of two from `first`).

    Numbers are pages, and where the rule names words it gets those.
    """
    names = re.findall(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>", rule.rule)
    known = {"int": ["1", "2"]}
    places = [words.split(", ") if words else known.get(kind, ids) for kind, words, _ in names]
    if len(places) > 1 and first:
        places[0] = first
    for chosen in product(*places):
        path = rule.rule
        for value in chosen:
            path = re.sub(r"<[^>]*>", value, path, count=1)
        yield path


def _roles(permission: Permission) -> set[Role]:
    return {Role(rule[0].__name__) for rule in POLICY[permission]}


def _who_may_not_know() -> list[Role]:
    knowing = {role for permission in MAY_KNOW for role in _roles(permission)}
    return [role for role in Role if role not in knowing]


def test_worlds_differ_in_their_flags(worlds: dict[str, World]) -> None:
    assert worlds["calm"].flags == 0
    assert all(worlds[name].flags > 0 for name in WORLDS)


def test_walk_reaches_the_pages_that_matter(worlds: dict[str, World]) -> None:
    """A page that nobody can open proves nothing."""
    opened = {name for name, (status, _, _) in worlds["calm"].pages.items() if status == 200}

    assert {"alice 1", "alice 6", "alice 8", "classmate 6"} <= opened
    patterns = (
        *(rf"{role} /" for role in _who_may_not_know()),
        r"class_teacher /campaigns/.",
        r"class_teacher /roster/students/.",
        r"proctor /campaigns/.+",
        r"proctor /campaigns/.+/slips\.pdf",
        r"proctor /campaigns/.+/script\.pdf",
        r"proctor /campaigns/.+/missing\.pdf",
        r"proctor /campaigns/.+/board",
        r"proctor /campaigns/.+/board/places",
        r"class_teacher /campaigns/.+/board",
        r"class_teacher /campaigns/.+/missing",
        r"site_staff /roster/classes/.+",
        r"school_head /campaigns/.+",
        r"alice afterwards /thanks/.+",
        r"visitor /o/.+",
    )
    unseen = [each for each in patterns if not any(re.match(each, name) for name in opened)]
    assert unseen == []


@pytest.mark.parametrize("name", WORLDS)
def test_who_may_not_know_sees_no_difference(worlds: dict[str, World], name: str) -> None:
    calm, other = worlds["calm"].pages, worlds[name].pages

    assert other.keys() >= {page for page, (status, _, _) in calm.items() if status != NOT_THERE}
    assert [page for page in other if other[page] != calm[page]] == []
