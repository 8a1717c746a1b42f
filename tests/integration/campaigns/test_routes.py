"""Campaign pages: who may see and do what, and what the pages never tell."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.campaigns import service
from app.campaigns.domain import CampaignState
from app.campaigns.models import Battery, Campaign, Invitation, OpenLink
from app.people.models import Cohort, Site
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.factories import alarms, authoring, campaigns, people

pytestmark = pytest.mark.usefixtures("fixed_clock")

As = Callable[..., FlaskClient]


@dataclass(frozen=True)
class Ref:
    """A row as pages and URLs know it."""

    id: int
    public_id: str


@dataclass(frozen=True)
class World:
    """A school with a running and a planned campaign, and another school that takes no part."""

    site: Ref
    elsewhere: Ref
    cohort: Ref
    running: Ref
    draft: Ref
    slip: Ref
    link: Ref
    battery: Ref
    code: str


@contextmanager
def changing(app: Flask) -> Iterator[None]:
    with app.app_context():
        begin_write()
        yield
        db.session.commit()


@pytest.fixture
def world(app: Flask) -> World:
    with changing(app):
        site, elsewhere = people.site(name="第一中学"), people.site(name="外校")
        cohort = people.cohort(site, name="初二（1）班")
        student = people.student(cohort, name="欧阳娜娜", student_no="20260417")
        running = campaigns.running(cohort, code="autumn", title="秋季筛查")
        draft = campaigns.draft(cohort, code="spring", battery=running.battery)
        slip = campaigns.invitation(running, student)
        link = service.create_open_link(actor=OPERATOR, campaign=running, site=site)
        db.session.flush()
        rows = (site, elsewhere, cohort, running, draft, slip, link, running.battery)
        return World(*(Ref(row.id, row.public_id) for row in rows), code=slip.code)


def lock(slip: Invitation) -> None:
    for _ in range(3):
        service.note_check_missed(slip)


def queries_of(app: Flask, client: FlaskClient, path: str) -> int:
    statements: list[str] = []

    def remember(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", remember)
    answer = client.get(path)
    event.remove(engine, "before_cursor_execute", remember)
    assert answer.status_code == 200
    return len(statements)


def last_audit(app: Flask) -> tuple[str, str]:
    query = select(AuditEvent.action, AuditEvent.detail).order_by(AuditEvent.seq.desc())
    with app.app_context():
        return tuple(db.session.execute(query).first())


OUTSIDE = [
    ("get", "/campaigns/{running}"),
    ("get", "/campaigns/{draft}/edit"),
    ("post", "/campaigns/{draft}"),
    ("get", "/campaigns/{draft}/open"),
    ("post", "/campaigns/{draft}/open"),
    ("get", "/campaigns/{running}/close"),
    ("post", "/campaigns/{running}/close"),
    ("post", "/campaigns/{running}/invite"),
    ("get", "/campaigns/{running}/slips.pdf"),
    ("post", "/campaigns/{running}/slips/{slip}/free"),
    ("post", "/campaigns/{running}/slips/{slip}/helped"),
    ("post", "/campaigns/{running}/links"),
    ("get", "/campaigns/{running}/links/{link}"),
    ("post", "/campaigns/{running}/links/{link}/close"),
]


@pytest.mark.parametrize(("method", "path"), OUTSIDE)
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SITE_STAFF])
def test_another_school_finds_nothing(
    app: Flask, world: World, as_: As, role: Role, method: str, path: str
) -> None:
    charlie = as_(role, site=world.elsewhere)
    address = path.format(
        running=world.running.public_id,
        draft=world.draft.public_id,
        slip=world.slip.public_id,
        link=world.link.public_id,
    )

    answer = getattr(charlie, method)(address, data={"site": world.site.public_id})

    with app.app_context():
        assert answer.status_code == 404
        assert db.session.get(Campaign, world.running.id).state is CampaignState.OPEN
        assert db.session.get(Campaign, world.draft.id).state is CampaignState.DRAFT


def test_another_school_sees_an_empty_list(app: Flask, world: World, as_: As) -> None:
    page = as_(Role.SITE_STAFF, site=world.elsewhere).get("/campaigns").text

    assert "秋季筛查" not in page


@pytest.mark.parametrize("path", ["/campaigns/new", "/batteries/new"])
def test_planning_is_for_administrators(app: Flask, world: World, as_: As, path: str) -> None:
    answer = as_(Role.COUNSELLOR, site=world.site).get(path)

    assert answer.status_code == 404


def test_the_list_asks_as_many_questions_for_three_campaigns_as_for_one(
    app: Flask, world: World, as_: As
) -> None:
    client = as_(Role.SITE_STAFF, site=world.site)
    few = queries_of(app, client, "/campaigns")
    with changing(app):
        cohort = db.session.get(Cohort, world.cohort.id)
        for _ in range(2):
            campaigns.running(cohort, battery=db.session.get(Battery, world.battery.id))

    assert queries_of(app, client, "/campaigns") == few


def test_the_campaign_page_asks_as_many_questions_for_three_classes_as_for_one(
    app: Flask, world: World, as_: As
) -> None:
    client = as_(Role.PROCTOR, site=world.site)
    with changing(app):
        site = db.session.get(Site, world.site.id)
        more = [people.cohort(site) for _ in range(3)]
        for cohort in more:
            people.student(cohort)
        battery = db.session.get(Battery, world.battery.id)
        wide = campaigns.running(*more, battery=battery).public_id
        for invitation in db.session.scalars(select(Invitation)):
            lock(invitation)

    few = queries_of(app, client, f"/campaigns/{world.running.public_id}")
    many = queries_of(app, client, f"/campaigns/{wide}")

    assert many == few


def test_an_administrator_plans_opens_and_closes_a_campaign(
    app: Flask, world: World, as_: As
) -> None:
    with changing(app):
        responder, second = (people.user(Role.COUNSELLOR, world.site.id) for _ in range(2))
        alarms.ready(world.site, responder, second)
        chosen = Ref(responder.id, responder.public_id)
        second_id = second.public_id
        part = f"site_{world.site.public_id}"
    client = as_(Role.ADMINISTRATOR)

    planned = client.post(
        "/campaigns",
        data={
            "code": "winter",
            "title": "冬季筛查",
            "battery": world.battery.public_id,
            "opens_on": "2026-12-01",
            "closes_on": "2026-12-11",
            "notice_zh": "告知",
            "notice_en": "notice",
            "assent_zh": "同意",
            "assent_en": "assent",
            f"{part}-whole": "y",
            f"{part}-first": chosen.public_id,
            f"{part}-second": second_id,
        },
    )
    opened = client.post(f"{planned.location}/open")
    closed = client.post(f"{planned.location}/close")

    with app.app_context():
        campaign = db.session.scalar(select(Campaign).where(Campaign.code == "winter"))
        assert [planned.status_code, opened.status_code, closed.status_code] == [302, 302, 302]
        assert (campaign.opens_on, campaign.closes_on) == (date(2026, 12, 1), date(2026, 12, 11))
        assert [part.cohort_id for part in campaign.cohorts] == [world.cohort.id]
        assert [part.first_responder_id for part in campaign.sites] == [chosen.id]
        assert campaign.state is CampaignState.CLOSED


def test_a_plan_without_classes_says_what_to_mend(app: Flask, world: World, as_: As) -> None:
    client = as_(Role.ADMINISTRATOR)
    texts = dict.fromkeys(("notice_zh", "notice_en", "assent_zh", "assent_en"), "x")

    answer = client.post(
        "/campaigns?lang=en",
        data={
            "code": "winter",
            "title": "冬季筛查",
            "battery": world.battery.public_id,
            "opens_on": "2026-12-01",
            "closes_on": "2026-12-11",
            **texts,
        },
    )

    assert answer.status_code == 422
    assert "Please choose at least one class." in answer.text


def test_a_draft_is_changed_on_its_page(app: Flask, world: World, as_: As) -> None:
    client = as_(Role.ADMINISTRATOR)
    form = client.get(f"/campaigns/{world.draft.public_id}/edit").text
    part = f"site_{world.site.public_id}"

    client.post(
        f"/campaigns/{world.draft.public_id}",
        data={
            "code": "spring",
            "title": "春季复查",
            "battery": world.battery.public_id,
            "opens_on": "2027-03-01",
            "closes_on": "2027-03-12",
            "notice_zh": "新的告知",
            "notice_en": "notice",
            "assent_zh": "同意",
            "assent_en": "assent",
            f"{part}-cohorts": world.cohort.public_id,
        },
    )

    with app.app_context():
        draft = db.session.get(Campaign, world.draft.id)
        assert f'value="{world.cohort.public_id}"' in form
        assert (draft.title, draft.notice_zh) == ("春季复查", "新的告知")


def test_opening_without_a_responder_leads_to_what_is_missing(
    app: Flask, world: World, as_: As
) -> None:
    with changing(app):
        draft = campaigns.draft(
            db.session.get(Cohort, world.cohort.id),
            responders={},
            battery=db.session.get(Battery, world.battery.id),
        )
        bare = Ref(draft.id, draft.public_id)
    client = as_(Role.ADMINISTRATOR)

    answer = client.post(f"/campaigns/{bare.public_id}/open?lang=en", follow_redirects=True)

    with app.app_context():
        assert "第一中学: nobody is named who answers" in answer.text
        assert db.session.get(Campaign, bare.id).state is CampaignState.DRAFT


def test_opening_twice_shows_how_things_stand(app: Flask, world: World, as_: As) -> None:
    client = as_(Role.ADMINISTRATOR)

    answer = client.post(f"/campaigns/{world.running.public_id}/open", follow_redirects=True)

    assert answer.status_code == 200
    assert "秋季筛查" in answer.text


@pytest.mark.parametrize(("page", "which"), [("open", "running"), ("close", "draft")])
def test_page_that_asks_before_a_step_is_there_only_while_the_step_is(
    world: World, as_: As, page: str, which: str
) -> None:
    campaign = getattr(world, which)

    answer = as_(Role.ADMINISTRATOR).get(f"/campaigns/{campaign.public_id}/{page}")

    assert answer.location == f"/campaigns/{campaign.public_id}"


def test_slips_are_printed_class_by_class_and_the_print_is_on_record(
    app: Flask, world: World, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[Any] = []

    def print_nothing(documents: list[Any], **_options: Any) -> bytes:
        printed.extend(documents)
        return b"%PDF-1.7"

    monkeypatch.setattr("app.campaigns.slips.render_pdf", print_nothing)
    proctor = as_(Role.PROCTOR, site=world.site)

    answer = proctor.get(
        f"/campaigns/{world.running.public_id}/slips.pdf?cohort={world.cohort.public_id}"
    )

    [document] = printed
    assert answer.mimetype == "application/pdf"
    assert last_audit(app) == ("print_slips", '{"slips": 1}')
    assert "欧阳娜娜" in document.body
    assert f"{world.code[:4]}-{world.code[4:]}" in document.body
    assert "20260417" not in document.body


def test_slips_of_a_class_elsewhere_are_not_printed(app: Flask, world: World, as_: As) -> None:
    with changing(app):
        other = people.cohort(db.session.get(Site, world.elsewhere.id)).public_id
    proctor = as_(Role.PROCTOR, site=world.site)

    answer = proctor.get(f"/campaigns/{world.running.public_id}/slips.pdf?cohort={other}")

    assert answer.status_code == 404


def test_class_teachers_print_no_slips(app: Flask, world: World, as_: As) -> None:
    teacher = as_(Role.CLASS_TEACHER, cohort=world.cohort)

    page = teacher.get(f"/campaigns/{world.running.public_id}")
    slips = teacher.get(f"/campaigns/{world.running.public_id}/slips.pdf")

    assert "初二（1）班" in page.text
    assert "slips.pdf" not in page.text
    assert slips.status_code == 404


def test_a_proctor_frees_a_locked_slip(app: Flask, world: World, as_: As) -> None:
    with changing(app):
        lock(db.session.get(Invitation, world.slip.id))
    proctor = as_(Role.PROCTOR, site=world.site)
    page = proctor.get(f"/campaigns/{world.running.public_id}").text

    proctor.post(f"/campaigns/{world.running.public_id}/slips/{world.slip.public_id}/free")

    assert "欧阳娜娜" in page
    assert last_audit(app) == ("free_slip", '{"misses": 3}')


def test_a_proctor_notes_that_help_was_given(app: Flask, world: World, as_: As) -> None:
    with changing(app):
        service.want_help(db.session.get(Invitation, world.slip.id))
    proctor = as_(Role.PROCTOR, site=world.site)

    proctor.post(f"/campaigns/{world.running.public_id}/slips/{world.slip.public_id}/helped")

    with app.app_context():
        assert db.session.get(Invitation, world.slip.id).help_wanted_at is None


def test_new_students_are_invited_by_a_button(app: Flask, world: World, as_: As) -> None:
    with changing(app):
        people.student(db.session.get(Cohort, world.cohort.id))
    client = as_(Role.ADMINISTRATOR)

    client.post(f"/campaigns/{world.running.public_id}/invite")

    with app.app_context():
        invited = db.session.scalars(
            select(Invitation).where(Invitation.campaign_id == world.running.id)
        ).all()
        assert len(invited) == 2


def test_an_open_link_is_made_shown_and_closed(app: Flask, world: World, as_: As) -> None:
    client = as_(Role.ADMINISTRATOR)

    made = client.post(
        f"/campaigns/{world.running.public_id}/links", data={"site": world.site.public_id}
    )
    shown = client.get(made.location).text
    client.post(f"{made.location}/close")

    with app.app_context():
        link = db.session.scalars(select(OpenLink).order_by(OpenLink.id.desc())).first()
        assert f"/o/{link.token}" in shown
        assert "<svg" in shown
        assert link.closed_at is not None


def test_a_battery_is_put_together_in_order(app: Flask, world: World, as_: As) -> None:
    client = as_(Role.ADMINISTRATOR)

    client.post(
        "/batteries",
        data={
            "code": "short",
            "title_zh": "简版",
            "title_en": "Short",
            "instruments-0": "gad7",
            "instruments-1": "",
            "instruments-2": "who5",
        },
    )

    with app.app_context():
        battery = db.session.scalar(select(Battery).where(Battery.code == "short"))
        assert [part.instrument_version.code for part in battery.parts] == ["gad7", "who5"]


def test_a_battery_asks_nothing_twice(app: Flask, world: World, as_: As) -> None:
    client = as_(Role.ADMINISTRATOR)

    answer = client.post(
        "/batteries?lang=en",
        data={
            "code": "twice",
            "title_zh": "重复",
            "title_en": "Twice",
            "instruments-0": "gad7",
            "instruments-1": "gad7",
        },
    )

    assert answer.status_code == 422
    assert "An instrument stands here twice." in answer.text


def test_a_starter_fills_the_form_and_names_what_it_leaves_out(
    app: Flask, world: World, as_: As
) -> None:
    with changing(app):
        authoring.published("phq9", "gad7", "mspss", "cries8")

    plan = as_(Role.ADMINISTRATOR).get("/campaigns/new?lang=en").text
    page = as_(Role.ADMINISTRATOR).get("/batteries/new?starter=secondary_incident&lang=en").text

    assert "/batteries/new?starter=secondary_incident" in plan
    assert "about 10 minutes" in plan
    assert 'value="Secondary school, after an incident"' in page
    assert re.findall(r'<option selected value="(\w+)"', page) == ["phq9", "gad7", "mspss"]
    assert "cannot be shown here yet: Children&#39;s Revised Impact of Event Scale" in page


def test_a_starter_can_be_saved_as_it_stands(app: Flask, world: World, as_: As) -> None:
    with changing(app):
        authoring.published("phq9", "gad7", "westside", "gses")
    client = as_(Role.ADMINISTRATOR)
    page = client.get("/batteries/new?starter=secondary_exams").text
    fields = re.findall(r'<input[^>]*name="(code|title_zh|title_en)"[^>]*value="([^"]*)"', page)
    chosen = enumerate(re.findall(r'<option selected value="(\w+)"', page))

    answer = client.post(
        "/batteries", data=dict(fields) | {f"instruments-{n}": c for n, c in chosen}
    )

    with app.app_context():
        battery = db.session.scalar(select(Battery).where(Battery.code == "secondary-exams"))
        codes = [part.instrument_version.code for part in battery.parts]
        assert codes == ["phq9", "gad7", "westside", "gses"]
    assert answer.status_code == 302
