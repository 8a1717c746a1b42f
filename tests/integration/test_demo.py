"""`xinqiao demo`: everything a newcomer needs, once; afterwards it changes nothing."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.alarms.queries.drills import last_passed_at, running_drill
from app.assessments.models import Assessment, Response
from app.campaigns.domain import CampaignKind, CampaignState
from app.campaigns.models import Campaign
from app.cases.domain.cases import CaseState
from app.cases.domain.queue import EntryState
from app.cases.models import Case, Contact, QueueEntry, Referral, ReferralReply
from app.cases.queries.queue import flags_without_entry
from app.cases.queries.stale import stale_rows
from app.cli import main
from app.config import Settings
from app.people.domain import age_on
from app.people.duty import gaps
from app.people.models import Cohort, DutyShift, RoleAssignment, Site, Student, User
from app.people.service.logins import hash_password
from app.platform import audit, clock
from app.platform.db import begin_write, db

TODAY = "2026-11-20"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def run(folder: Path) -> Iterator[Run]:
    """The command on an installation of its own, where nothing stands yet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XINQIAO_DATA_DIR", str(folder / "data"))
        patch.setenv("XINQIAO_KEYRING_FILE", str(folder / "keys" / "keyring.json"))
        patch.delenv("XINQIAO_DATABASE_URL", raising=False)
        yield lambda *words: CliRunner().invoke(main, ["demo", *words])


@pytest.fixture(scope="module")
def first(run: Run) -> Result:
    return run("--today", TODAY)


@pytest.fixture(scope="module")
def demo(first: Result, folder: Path) -> Iterator[Flask]:
    assert first.exit_code == 0, first.output
    app = create_app(
        Settings(data_dir=folder / "data", keyring_file=folder / "keys" / "keyring.json")
    )
    with app.app_context():
        yield app
        db.session.rollback()


def count(table: type, *conditions: object) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


@pytest.mark.usefixtures("demo")
def test_the_district_has_the_promised_people() -> None:
    assert (count(Site), count(Cohort, ~Cohort.is_synthetic)) == (3, 30)
    assert 1_100 <= count(Student) <= 1_300
    roles = set(db.session.scalars(select(RoleAssignment.role)))
    assert roles == set(Role) - {Role.PROGRAMME_OFFICER}
    born = [
        student.birth_date
        for student in db.session.scalars(select(Student).where(~Student.is_synthetic))
    ]
    day = clock.today().replace(2026, 11, 20)
    ages = {age_on(date, day) for date in born if date}
    assert ages <= set(range(12, 20))


@pytest.mark.usefixtures("demo")
def test_rare_characters_and_long_names_are_among_the_students() -> None:
    real = ~Student.is_synthetic
    names = {student.name for student in db.session.scalars(select(Student).where(real))}

    assert len(names) == count(Student, real)
    assert any(set("龘犇翀颢玥䶮") & set(name) for name in names)
    assert any("·" in name for name in names)


@pytest.mark.usefixtures("demo")
def test_somebody_is_on_duty_day_and_night_while_campaigns_run() -> None:
    shifts = db.session.scalars(select(DutyShift).where(DutyShift.rank == 1)).all()
    for site, campaign in product(
        db.session.scalars(select(Site)).all(), db.session.scalars(select(Campaign)).all()
    ):
        own = [shift for shift in shifts if shift.site_id in (None, site.id)]
        first = datetime.combine(campaign.opens_on, time(), clock.zone())
        last = datetime.combine(campaign.closes_on + timedelta(days=1), time(), clock.zone())
        assert gaps(own, first, last) == []


@pytest.mark.usefixtures("demo")
def test_every_school_has_rehearsed_and_reaches_its_responders() -> None:
    for site in db.session.scalars(select(Site)).all():
        assert last_passed_at(site.id) is not None
        assert running_drill(site.id) is None
    assert {row.kind for row in stale_rows(OPERATOR, clock.now())}.isdisjoint({"drill_due"})


@pytest.mark.usefixtures("demo")
def test_one_campaign_is_finished_and_one_is_running() -> None:
    screenings = select(Campaign.code, Campaign.state).where(
        Campaign.kind == CampaignKind.SCREENING
    )
    states = db.session.execute(screenings).all()

    assert {tuple(row) for row in states} == {
        ("2026-spring", CampaignState.CLOSED),
        ("2026-autumn", CampaignState.OPEN),
    }


@pytest.mark.usefixtures("demo")
def test_item_9_is_positive_in_a_twentieth_and_in_one_class_as_in_the_source() -> None:
    query = (
        select(func.count(), func.count().filter(Response.value > 0))
        .select_from(Assessment)
        .join(Response, Response.assessment_id == Assessment.id)
        .join(Campaign, Campaign.id == Assessment.campaign_id)
        .where(Response.instrument_code == "phq9", Response.item_code == "q9")
        .where(Response.value.is_not(None), Campaign.state == CampaignState.OPEN)
        .group_by(Assessment.cohort_id)
    )
    shares = sorted((positive / asked, asked) for asked, positive in db.session.execute(query))
    (strained, _), others = shares[-1], shares[:-1]

    asked = sum(number for _, number in others)
    assert sum(share * number for share, number in others) / asked == pytest.approx(0.05, abs=0.02)
    assert strained == pytest.approx(0.29, abs=0.03)


@pytest.mark.usefixtures("demo")
def test_the_queue_is_partly_worked_and_nobody_falls_out_of_it() -> None:
    assert flags_without_entry() == []
    assert all(count(QueueEntry, QueueEntry.state == state) for state in EntryState)
    assert all(
        count(Case, Case.state == state) for state in (CaseState.MONITORING, CaseState.CLOSED)
    )
    assert count(Contact) > count(Case)
    assert count(Referral) == 4
    assert count(ReferralReply) == 1
    assert count(Case, Case.state != CaseState.CLOSED, Case.next_on.is_(None)) == 0


@pytest.mark.usefixtures("demo")
def test_the_audit_chain_holds() -> None:
    assert audit.verify() is None


def test_the_card_leads_in(first: Result, demo: Flask) -> None:
    client = demo.test_client()
    token = re.search(r"/i/([\w-]{22})", first.output)
    link = re.search(r"/o/([\w-]{22})", first.output)

    assert token
    assert link
    assert client.get(f"/i/{token[1]}", follow_redirects=True).status_code == 200
    assert client.get(f"/o/{link[1]}").status_code == 200
    assert "whoever loses it has lost the data" in first.output


def test_a_later_start_prints_the_same_card_and_changes_nothing(
    run: Run, first: Result, demo: Flask
) -> None:
    before = count(audit.AuditEvent)

    later = run()

    assert later.exit_code == 0
    assert first.output.endswith(later.output)
    assert count(audit.AuditEvent) == before


def test_reset_refuses_where_a_real_person_has_an_account(run: Run, demo: Flask) -> None:
    begin_write()
    db.session.add(
        User(login="real", name="真人", password_hash=hash_password("-"), created_at=clock.now())
    )
    db.session.commit()

    refused = run("--reset")

    assert refused.exit_code == 1
    assert "nothing is wiped" in refused.stderr
    assert count(Student) > 0
