"""Norms of several finished campaigns: whom they count, which fit together, and what names them."""

import json
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.domain import AssessmentState
from app.authoring.models import InstrumentVersion
from app.authoring.service import publish_instruments
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign
from app.cases.queries.profiles import profiles_of
from app.instruments.loader import parse_instrument
from app.people.domain import Sex
from app.people.models import Cohort, Student, User
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from app.results.domain import FlagKind
from app.results.local_norms import read_figures
from app.results.models import LocalNorm
from app.results.service.scores import score
from tests.factories import authoring, people, results

ILL = [2] * 8 + [0]


@dataclass
class World:
    """Thirty girls a campaign: too few for norms, and ten of them took part in both."""

    autumn: Campaign
    spring: Campaign
    student: Student
    counsellor: User
    lead: User
    cohort: Cohort
    version: InstrumentVersion

    @property
    def page(self) -> str:
        return f"/psychometrics/{self.autumn.public_id}"


@pytest.fixture
def world(app, fixed_clock):
    with app.app_context():
        begin_write()
        cohort = people.cohort(people.site(), grade=8)
        (version,) = results.library("phq9")
        lead, counsellor = (
            people.user(role, cohort.site_id) for role in (Role.CRISIS_LEAD, Role.COUNSELLOR)
        )
        autumn, spring = (
            results.campaign_of(version, title=title, closes_on=closed, state=CampaignState.CLOSED)
            for title, closed in (("Autumn", date(2026, 10, 31)), ("Spring", date(2026, 4, 30)))
        )
        for campaign in (autumn, spring):
            results.takes_part(campaign, cohort, counsellor)
        girls = [people.student(cohort, sex=Sex.FEMALE) for _ in range(50)]
        rng = np.random.default_rng(4)
        for girl in girls[1:30]:
            _answered(autumn, girl, version, rng.integers(0, 2, 9).tolist())
        for girl in girls[20:]:  # who took part in both would stand out by these
            _answered(spring, girl, version, [3] * 9 if girl in girls[:30] else [1] * 9)
        _answered(autumn, girls[0], version, ILL, is_scored=True)
        made = World(autumn, spring, girls[0], counsellor, lead, cohort, version)
        db.session.commit()
        for one in vars(made).values():
            db.session.refresh(one)
            db.session.expunge(one)
        return made


def _answered(campaign, student, version, values, *, is_scored=False) -> None:
    sitting = results.sitting(campaign, student, state=AssessmentState.SUBMITTED)
    results.answers(sitting, version.code, results.values(values))
    if is_scored:
        score(assessment_id=sitting.id)
    else:
        results.scored(sitting, version)


def _make(world: World, as_, *further: Campaign):
    return as_(Role.COUNSELLOR, user=world.counsellor).post(
        f"{world.page}/norms", data={"further": [one.public_id for one in further]}
    )


def _norms(app) -> list[LocalNorm]:
    with app.app_context():
        return list(db.session.scalars(db.select(LocalNorm).order_by(LocalNorm.id)))


def test_together_they_are_enough_and_each_student_counts_once_from_the_newest(app, world, as_):
    _make(world, as_)
    alone = _norms(app)
    _make(world, as_, world.spring)

    (norm,) = _norms(app)
    everybody = read_figures(norm.figures)["total"].groups[-1]
    assert (alone, norm.people, everybody.size) == ([], 50, 50)
    assert 27.0 not in everybody.ranks


def test_the_newest_counts_from_whichever_page_they_are_made(app, world, as_):
    counsellor = as_(Role.COUNSELLOR, user=world.counsellor)
    counsellor.post(
        f"/psychometrics/{world.spring.public_id}/norms", data={"further": world.autumn.public_id}
    )

    (norm,) = _norms(app)
    assert 27.0 not in read_figures(norm.figures)["total"].groups[-1].ranks


def test_profile_flag_page_and_log_name_every_campaign(app, world, as_):
    _make(world, as_, world.spring)
    (norm,) = _norms(app)
    lead = as_(Role.CRISIS_LEAD, user=world.lead)
    lead.post(f"/norms/{norm.public_id}/approve")

    with app.app_context():
        student = db.session.get_one(Student, world.student.id)
        (found,) = profiles_of(OPERATOR, [student], locale="en")
        event = db.session.scalars(db.select(AuditEvent).filter_by(action="make_norms")).one()
    (line,) = found.profile.scales[0].norms
    (flag,) = [one for one in found.profile.flags if one.kind == FlagKind.CUTOFF]
    assert "own figures: Autumn; Spring, approved on" in line.source
    assert line.source in flag.beside[0]
    for campaign in (world.autumn, world.spring):
        page = lead.get(f"/psychometrics/{campaign.public_id}?lang=en").text
        assert "each student once with the newest: Autumn; Spring" in page
    assert json.loads(event.detail)["campaigns"] == [
        world.autumn.public_id,
        world.spring.public_id,
    ]


def test_a_campaign_that_gave_nobody_is_not_named(app, world, as_):
    with app.app_context():
        begin_write()
        empty = results.campaign_of(
            db.session.get_one(InstrumentVersion, world.version.id), state=CampaignState.CLOSED
        )
        results.takes_part(empty, world.cohort, world.counsellor)
        db.session.commit()
        db.session.refresh(empty)
        db.session.expunge(empty)
    _make(world, as_, world.spring, empty)

    with app.app_context():
        (norm,) = db.session.scalars(db.select(LocalNorm))
        assert [one.title for one in norm.campaigns] == ["Autumn", "Spring"]


@pytest.mark.parametrize("unfit", ["open", "elsewhere", "other version"])
def test_what_does_not_fit_is_neither_offered_nor_taken(app, world, as_, unfit):
    with app.app_context():
        begin_write()
        spring = db.session.get_one(Campaign, world.spring.id)
        if unfit == "open":
            spring.state = CampaignState.OPEN
        elif unfit == "elsewhere":
            spring.sites.clear()
            results.takes_part(spring, people.cohort(people.site()), world.counsellor)
        else:
            text = authoring.TWO_ITEMS.replace("CODE", "pulse")
            (pulse,) = publish_instruments(actor=OPERATOR, instruments=[parse_instrument(text)])
            spring.battery = results.campaign_of(pulse).battery
        db.session.commit()

    page = as_(Role.COUNSELLOR, user=world.counsellor).get(world.page).text
    _make(world, as_, world.spring)

    assert world.spring.public_id not in page
    assert _norms(app) == []


def test_what_fits_is_offered_and_not_ticked(world, as_):
    page = as_(Role.COUNSELLOR, user=world.counsellor).get(world.page).text

    assert f'value="{world.spring.public_id}"' in page
    assert "checked" not in page.split('id="norms"')[1]
