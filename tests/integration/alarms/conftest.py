"""Alice answers; bob and dora are on duty, lea leads, hana heads the school, dan the district."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.access.permissions import Role
from app.alarms.domain import ChannelKind
from app.alarms.models import ResponderChannel
from app.assessments.domain import ResponsesStored
from app.assessments.models import Assessment
from app.campaigns.models import Campaign, CampaignSite
from app.people.models import Cohort, DutyShift, Student, User
from app.platform import clock, events, jobs
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import people, results
from tests.factories.work import run_due

CANARY = "金丝雀"


@dataclass
class Staff:
    """Everybody who can be called."""

    bob: User
    dora: User
    lea: User
    hana: User
    dan: User

    def names(self, users: Any) -> list[str]:
        known = {getattr(self, name).id: name for name in self.__annotations__}
        return [known[getattr(user, "id", user)] for user in users]


class Outbox:
    """What would have left the house: who, when, over what; and what is to fail."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any, str]] = []
        self.fails: dict[str, Exception] = {}

    def send(self, address: str, text: str) -> None:
        if address in self.fails:
            raise self.fails[address]
        self.sent.append((address, clock.now(), text))

    def to(self, address: str) -> list[Any]:
        return [at for to, at, _text in self.sent if to == address]


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Outbox:
    """Every kind of channel leads here."""
    outbox = Outbox()
    every = dict.fromkeys(ChannelKind, outbox)
    monkeypatch.setattr("app.alarms.service.delivery.offered", lambda: every)
    return outbox


@pytest.fixture
def cohort(in_app: Flask, fixed_clock: object) -> Cohort:
    return people.cohort(people.site(name=f"{CANARY}中学"), name=f"{CANARY}班")


@pytest.fixture
def alice(cohort: Cohort) -> Student:
    return people.student(cohort, name=CANARY)


@pytest.fixture
def staff(cohort: Cohort) -> Staff:
    here = cohort.site_id
    staff = Staff(
        bob=people.user(Role.COUNSELLOR, here),
        dora=people.user(Role.COUNSELLOR, here),
        lea=people.user(Role.CRISIS_LEAD, here),
        hana=people.user(Role.SCHOOL_HEAD, here),
        dan=people.user(Role.CRISIS_LEAD),
    )
    for rank, user in ((1, staff.bob), (2, staff.dora)):
        on_duty(user, here, rank=rank)
    return staff


@pytest.fixture
def campaign(alice: Student) -> Campaign:
    return results.campaign("phq9")


@pytest.fixture
def named(campaign: Campaign, cohort: Cohort, staff: Staff) -> CampaignSite:
    """The campaign's own responders: bob, then lea."""
    site = CampaignSite(
        campaign_id=campaign.id,
        site_id=cohort.site_id,
        first_responder_id=staff.bob.id,
        second_responder_id=staff.lea.id,
    )
    db.session.add(site)
    return site


@pytest.fixture
def sitting(campaign: Campaign, alice: Student) -> Assessment:
    return results.sitting(campaign, alice)


@pytest.fixture
def answer() -> Callable[..., None]:
    """Store answers as the assessments room does, with its event."""

    def store(assessment: Assessment, instrument: str = "phq9", **given: Any) -> None:
        stored = results.answers(assessment, instrument, given)
        events.publish(ResponsesStored(assessment.id, tuple(stored)))

    return store


@pytest.fixture
def pass_time(fixed_clock: Callable[..., Any]) -> Callable[..., None]:
    """Commit, then let the worker run with the clock at every second that has a job, until then."""

    def run_until(until: timedelta) -> None:
        db.session.commit()
        end = NOW + until
        while (due := next_job(end)) is not None:
            with fixed_clock(max(due, clock.now())):
                run_due()
        begin_write()

    return run_until


def next_job(end: Any) -> Any:
    query = db.session.query(jobs.Job).filter(
        jobs.Job.done_at.is_(None), jobs.Job.run_at <= end, jobs.Job.kind.in_(list(jobs._handlers))
    )
    moments = [max(job.run_at, job.leased_until or job.run_at) for job in query]
    db.session.rollback()
    return min((moment for moment in moments if moment <= end), default=None)


def on_duty(user: User, site_id: int | None, *, rank: int = 1, since=None, until=None) -> None:
    shift = DutyShift(
        site_id=site_id,
        user_id=user.id,
        rank=rank,
        starts_at=since or NOW - timedelta(days=1),
        ends_at=until or NOW + timedelta(days=30),
    )
    db.session.add(shift)
    db.session.flush()


def channel(user: User, kind: ChannelKind = ChannelKind.WECOM, **chosen: Any) -> ResponderChannel:
    address = chosen.pop("address", f"key-{user.login}-{kind}")
    row = ResponderChannel(
        user_id=user.id, kind=kind, address=address, created_at=clock.now(), **chosen
    )
    db.session.add(row)
    db.session.flush()
    return row
