"""A school's own norms: who may let them show, where they show, and what they never do."""

from dataclasses import dataclass

import numpy as np
import pytest
from flask_babel import force_locale

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.domain import AssessmentState
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign
from app.cases.queries.profiles import profiles_of
from app.people.domain import Sex
from app.people.models import Student, User
from app.people.words import grade_name
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from app.platform.i18n import LOCALES
from app.profiles import Profile
from app.profiles.phrases import say
from app.results.domain import FlagKind
from app.results.local_norms import figures_of, read_figures
from app.results.models import LocalNorm
from app.results.sampling import Sample, SamplePeople
from app.results.service.scores import score
from app.scoring import Person
from tests.factories import people, results
from tests.unit.profiles.conftest import compiled


@dataclass
class World:
    """Sixty girls of grade 8; the last one is at the cut-off, and fully scored."""

    campaign: Campaign
    lead: User
    other: User
    counsellor: User
    student_id: int


@pytest.fixture
def world(app, fixed_clock) -> World:
    rng = np.random.default_rng(4)
    with app.app_context():
        begin_write()
        site = people.site()
        cohort = people.cohort(site, grade=8)
        (version,) = results.library("phq9")
        campaign = results.campaign_of(version, code="autumn")
        lead, other, counsellor = (
            people.user(role, site.id)
            for role in (Role.CRISIS_LEAD, Role.CRISIS_LEAD, Role.COUNSELLOR)
        )
        results.takes_part(campaign, cohort, counsellor)
        for row in [*rng.integers(0, 3, (59, 9)).tolist(), [2] * 8 + [0]]:
            student = people.student(cohort, sex=Sex.FEMALE)
            sitting = results.sitting(campaign, student, state=AssessmentState.SUBMITTED)
            results.answers(sitting, "phq9", results.values(row))
            if row == [2] * 8 + [0]:
                score(assessment_id=sitting.id)
            else:
                results.scored(sitting, version)
        campaign.state = CampaignState.CLOSED
        db.session.commit()
        for one in (campaign, lead, other, counsellor):
            db.session.refresh(one)
            db.session.expunge(one)
        return World(campaign, lead, other, counsellor, student.id)


def _profile(app, world: World) -> Profile:
    with app.app_context():
        (found,) = profiles_of(
            OPERATOR, [db.session.get_one(Student, world.student_id)], locale="en"
        )
        return found.profile


def _norm(app) -> LocalNorm:
    with app.app_context():
        return db.session.scalars(db.select(LocalNorm)).one()


def _made(world: World, as_) -> None:
    as_(Role.COUNSELLOR, user=world.counsellor).post(
        f"/psychometrics/{world.campaign.public_id}/norms"
    )


def test_norms_show_nowhere_before_a_crisis_lead_approves_them(app, world, as_):
    before = _profile(app, world)
    _made(world, as_)
    assert _profile(app, world) == before

    counsellor = as_(Role.COUNSELLOR, user=world.counsellor)
    assert counsellor.post(f"/norms/{_norm(app).public_id}/approve").status_code in (403, 404)
    assert _profile(app, world) == before

    as_(Role.CRISIS_LEAD, user=world.lead).post(f"/norms/{_norm(app).public_id}/approve")
    (scale,) = _profile(app, world).scales
    assert [(line.is_local, line.size) for line in scale.norms] == [(True, 60)]
    assert "of 60 at this school, girls, junior secondary, 2nd year" in scale.norms[0].rank


def test_who_made_norms_does_not_approve_them_and_another_does(app, world, as_):
    before = _profile(app, world)
    lead, other = (as_(Role.CRISIS_LEAD, user=one) for one in (world.lead, world.other))
    lead.post(f"/psychometrics/{world.campaign.public_id}/norms")
    address, page = (
        f"/norms/{_norm(app).public_id}/approve",
        f"/psychometrics/{world.campaign.public_id}",
    )

    refused = lead.post(address, follow_redirects=True).text
    mine, after_own = lead.get(page).text, _profile(app, world)
    theirs = other.get(page).text
    other.post(address)

    assert "另一位" in refused
    assert (address in mine, address in theirs) == (False, True)
    assert after_own == before
    assert _profile(app, world) != before


@pytest.mark.parametrize("locale", LOCALES)
def test_profiles_call_a_grade_as_every_other_page_does(app, locale):
    with app.test_request_context(), force_locale(locale):
        for grade in range(1, 17):
            assert say(locale, f"grade_{grade}") == grade_name(grade).lower()


def test_norms_stand_beside_a_flag_and_change_nothing_of_it(app, world, as_):
    before = _profile(app, world)
    _made(world, as_)
    as_(Role.CRISIS_LEAD, user=world.lead).post(f"/norms/{_norm(app).public_id}/approve")
    after = _profile(app, world)

    (told,) = [flag for flag in after.flags if flag.kind == FlagKind.CUTOFF]
    (untold,) = [flag for flag in before.flags if flag.kind == FlagKind.CUTOFF]
    assert (told.title, told.why, told.lane) == (untold.title, untold.why, untold.lane)
    assert untold.beside == ()
    assert told.beside[0].startswith("Percentile ")
    assert after.steps == before.steps
    assert after.strengths == before.strengths
    assert after.scales[0].cutoff == before.scales[0].cutoff


def test_retired_norms_show_no_longer_and_the_log_knows_who(app, world, as_):
    before = _profile(app, world)
    _made(world, as_)
    lead = as_(Role.CRISIS_LEAD, user=world.lead)
    address = f"/norms/{_norm(app).public_id}"
    lead.post(f"{address}/approve")
    page = lead.get(f"/psychometrics/{world.campaign.public_id}?lang=en").text
    lead.post(f"{address}/retire")

    assert "Approved" in page
    assert _profile(app, world) == before
    with app.app_context():
        actions = db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert [one for one in actions if one.endswith("_norms")] == [
        "make_norms",
        "approve_norms",
        "retire_norms",
    ]


def test_what_is_approved_takes_the_place_of_what_was(app, world, as_):
    lead = as_(Role.CRISIS_LEAD, user=world.lead)
    for _ in range(2):
        _made(world, as_)
        with app.app_context():
            query = db.select(LocalNorm.public_id).where(LocalNorm.approved_at.is_(None))
            (waiting,) = db.session.scalars(query.where(LocalNorm.retired_at.is_(None)))
        lead.post(f"/norms/{waiting}/approve")

    with app.app_context():
        rows = db.session.scalars(db.select(LocalNorm).order_by(LocalNorm.id)).all()
        assert [row.stands for row in rows] == [False, True]


def test_an_open_campaign_makes_no_norms(app, world, as_):
    with app.app_context():
        begin_write()
        db.session.get_one(Campaign, world.campaign.id).state = CampaignState.OPEN
        db.session.commit()

    _made(world, as_)

    with app.app_context():
        assert db.session.scalars(db.select(LocalNorm)).all() == []


def _cells(girls: int, boys: int, others: int):
    """Groups of PHQ-9 from grade 8 with so many girls and boys, and `others` of grade 7."""
    rng = np.random.default_rng(1)
    size = girls + boys + others
    sex = np.array([2.0] * girls + [1.0] * (boys + others))
    grade = np.array([8.0] * (girls + boys) + [7.0] * others)
    given = rng.integers(0, 4, (size, 9)).astype(float)
    sample = Sample(SamplePeople(sex, grade, np.full(size, 14.0)), given)
    return read_figures(figures_of(compiled("phq9"), sample))


@pytest.mark.parametrize(
    ("people", "cells"),
    [
        ((60, 60, 60), {("female", 8): 60, ("male", 8): 60, ("male", 7): 60}),
        # Boys of grade 8 are too few: they are compared with their grade.
        ((60, 20, 60), {("female", 8): 60, ("male", 8): 80}),
        # With five boys left over, girls and the grade together would tell of those five.
        ((60, 5, 60), {("female", 8): 65, ("male", 8): 65}),
        # The whole grade is too few: everybody.
        ((20, 20, 60), {("female", 8): 100, ("male", 8): 100, ("male", 7): 60}),
    ],
)
def test_the_narrowest_cell_with_enough_people_counts(people, cells):
    groups = _cells(*people)["total"].groups

    for (sex, grade), size in cells.items():
        first = next(one for one in groups if one.includes(Person(sex=sex, grade=grade)))
        assert first.size == size


def test_unknown_sex_or_grade_is_compared_with_everybody_or_the_grade():
    groups = _cells(60, 60, 60)["total"].groups

    assert next(one for one in groups if one.includes(Person(grade=8))).size == 120
    assert next(one for one in groups if one.includes(Person(sex="male"))).size == 180


def test_too_few_have_no_norms():
    assert _cells(20, 20, 9) == {}
