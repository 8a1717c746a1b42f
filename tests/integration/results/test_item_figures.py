"""How the items of an instrument did: what authors see of closed campaigns, and what not."""

from dataclasses import dataclass

import numpy as np
import pytest

from app.access.permissions import Role
from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment
from app.campaigns.domain import CampaignKind, CampaignState
from app.campaigns.models import Campaign
from app.people.models import Student
from app.platform.db import begin_write, db
from app.psychometrics.reliability import reliability
from app.results import item_figures
from tests.factories import people, results

NAME = "金丝雀"
PAGE = "/instruments/phq9/item-figures?lang=en"


@dataclass
class World:
    """Forty students of two schools; the ninth item is answered otherwise by four alone."""

    campaign_id: int
    title: str
    school: str
    answers: np.ndarray


@pytest.fixture
def world(app, fixed_clock) -> World:
    rng = np.random.default_rng(8)
    mood = rng.normal(size=(40, 1))
    answers = np.clip(np.round(mood + rng.normal(size=(40, 9)) + 1), 0, 3)
    answers[:, 8] = np.where(np.arange(40) < 4, 1, 0)
    with app.app_context():
        begin_write()
        sites = people.site(), people.site()
        cohorts = [people.cohort(site) for site in sites]
        (version,) = results.library("phq9")
        campaign = results.campaign_of(version)
        for n, row in enumerate(answers.tolist()):
            student = people.student(cohorts[n % 2], name=NAME)
            sitting = results.sitting(campaign, student, state=AssessmentState.SUBMITTED)
            results.answers(sitting, "phq9", results.values(row))
            results.scored(sitting, version)
        campaign.state = CampaignState.CLOSED
        made = World(campaign.id, campaign.title, sites[0].name, answers)
        db.session.commit()
    return made


def _page(as_, role: Role = Role.AUTHOR) -> str:
    return as_(role).get(PAGE).text.partition("</h1>")[2]


def _change(app, world: World, **values: object) -> None:
    with app.app_context():
        begin_write()
        campaign = db.session.get_one(Campaign, world.campaign_id)
        for name, value in values.items():
            setattr(campaign, name, value)
        db.session.commit()


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER])
def test_figures_are_those_of_all_schools_together(world, as_, role):
    page = _page(as_, role)

    found = reliability(world.answers)
    assert "40 students answered everything." in page
    assert f"{found.alpha.value:.2f} ({found.alpha.low:.2f} to {found.alpha.high:.2f})" in page
    first = found.items[0]
    for figure in (first.mean, first.sd, first.item_rest_r, first.alpha_if_dropped):
        assert f'<td class="number">{figure:.2f}</td>' in page


def test_no_school_no_campaign_and_no_student_is_named(world, as_):
    page = _page(as_)

    assert world.school not in page
    assert world.title not in page
    assert NAME not in page


def test_an_item_that_few_answered_otherwise_shows_nothing_of_them(world, as_):
    """The mean of an item that four of forty ticked is 0.10: that says four."""
    page = _page(as_)

    (row,) = [row for row in page.split("<tr>") if row.startswith('<th scope="row">q9')]
    assert "not shown: fewer than 10 students answered it otherwise" in row
    assert "0.10" not in row


def test_no_figure_before_the_end_and_none_of_a_follow_up(app, world, as_):
    for change in ({"state": CampaignState.OPEN}, {"kind": CampaignKind.FOLLOW_UP}):
        _change(app, world, state=CampaignState.CLOSED, kind=CampaignKind.SCREENING)
        assert "40 students" in _page(as_)
        _change(app, world, **change)

        assert "No closed campaign has enough answers" in _page(as_)


def test_a_campaign_of_fewer_than_thirty_is_not_there(app, world, as_):
    with app.app_context():
        begin_write()
        db.session.execute(db.text("DELETE FROM administrations WHERE assessment_id % 3 = 0"))
        db.session.commit()

    assert "No closed campaign has enough answers" in _page(as_)


def test_invented_students_do_not_fill_a_campaign_up(app, world, as_):
    """The count in the database knows sittings; who counts is known once they are read."""
    with app.app_context():
        begin_write()
        for student in db.session.scalars(db.select(Student).limit(11)):
            student.is_synthetic = True
        db.session.commit()

    assert "No closed campaign has enough answers" in _page(as_)


def test_of_many_students_the_same_few_are_drawn_each_time(app, world, as_, monkeypatch):
    monkeypatch.setattr(item_figures, "MOST_STUDENTS", 32)

    page = _page(as_)

    assert "32 students answered everything." in page
    with app.app_context():
        drawn = db.session.scalars(
            db.select(Assessment.id).order_by(Assessment.public_id).limit(32)
        ).all()
        places = np.array(drawn) - db.session.scalar(db.select(db.func.min(Assessment.id)))
    assert f"{reliability(world.answers[places]).alpha.value:.2f} (" in page
    assert _page(as_) == page


def test_nobody_else_finds_it_and_an_unknown_instrument_is_not_there(world, as_):
    assert as_(Role.COUNSELLOR).get(PAGE).status_code == 404
    assert as_(Role.AUTHOR).get("/instruments/no-such/item-figures").status_code == 404


def test_the_instrument_and_its_versions_lead_to_it(world, as_):
    for address in ("/instruments/phq9", "/instruments/phq9/versions"):
        assert "/instruments/phq9/item-figures" in as_(Role.AUTHOR).get(address).text
        assert "/instruments/phq9/item-figures" not in as_(Role.COUNSELLOR).get(address).text
