"""The psychometrics page of a closed campaign: whose students, from when, what stays hidden."""

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from app.access.actor import SYSTEM
from app.access.permissions import Role
from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign
from app.people.domain import Sex
from app.people.models import Site, User
from app.platform.db import begin_write, db
from app.psychometrics.reliability import reliability
from app.results import measurement
from app.results.domain import FEWEST_IN_GROUP, Difference, hidden_groups, shelves
from app.results.measurement import differences_by_sex, measured_in
from app.scoring.keyed import KeyedItems
from tests.factories import people, results

NUMBER = re.compile(r'<td class="number">([0-9]+)</td>')


@dataclass
class World:
    """Forty students of one school (six of them boys), five of another; answers as stored."""

    site: Site
    campaign: Campaign
    counsellor: User
    answers: np.ndarray


@pytest.fixture
def world(app, fixed_clock) -> World:
    rng = np.random.default_rng(8)
    mood = rng.normal(size=(45, 1))
    answers = np.clip(np.round(mood + rng.normal(size=(45, 9)) + 1), 0, 3)
    with app.app_context():
        begin_write()
        site, other = people.site(), people.site()
        cohort, away = people.cohort(site, grade=8), people.cohort(other, grade=8)
        (version,) = results.library("phq9")
        campaign = results.campaign_of(version, code="autumn")
        counsellor = people.user(Role.COUNSELLOR, site.id)
        for each in (cohort, away):
            results.takes_part(campaign, each, counsellor)
        for n, row in enumerate(answers.tolist()):
            sex = Sex.MALE if n < 6 else Sex.FEMALE
            student = people.student(cohort if n < 40 else away, sex=sex)
            sitting = results.sitting(campaign, student, state=AssessmentState.SUBMITTED)
            results.answers(sitting, "phq9", results.values(row))
            results.scored(sitting, version)
        campaign.state = CampaignState.CLOSED
        made = World(site, campaign, counsellor, answers[:40])
        db.session.commit()
        for one in (site, campaign, counsellor):
            db.session.refresh(one)
            db.session.expunge(one)
    return made


def _page(world: World, as_, role: Role = Role.COUNSELLOR) -> str:
    client = as_(role, user=world.counsellor)
    page = client.get(f"/psychometrics/{world.campaign.public_id}?lang=en").text
    return page.partition("</h1>")[2].partition('<section id="norms"')[0]


def test_figures_are_those_of_the_own_school(world, as_):
    page = _page(world, as_)

    found = reliability(world.answers)
    assert "40 of 40 students answered everything." in page
    assert f"{found.alpha.value:.2f} ({found.alpha.low:.2f} to {found.alpha.high:.2f})" in page
    assert f'<td class="number">{found.items[3].item_rest_r:.2f}</td>' in page
    assert "Where a score stands among these students" in page


def test_a_small_group_is_hidden_with_the_one_that_would_give_it_away(world, as_):
    page = _page(world, as_)

    by_sex = page[page.index("Scores by sex and grade") :]
    rows = [row for row in by_sex.split("<tr>") if "not shown" in row]
    assert [name for row in rows for name in ("female", "male") if f">{name}<" in row] == [
        "female",
        "male",
    ]
    assert "Junior secondary, 2nd year" in by_sex


def test_an_item_that_girls_and_boys_answer_differently_is_marked():
    """Three hundred of each; only the third item is easier to tick for girls."""
    rng = np.random.default_rng(3)
    sex = np.repeat([1.0, 2.0], 300)
    mood = rng.normal(size=(600, 1))
    latent = mood + rng.normal(size=(600, 6)) + 0.8
    latent[:, 2] += np.where(sex == 2, 1.2, 0.0)
    answers = np.clip(np.round(latent), 0, 3)
    codes = tuple(f"q{n}" for n in range(1, 7))
    items = KeyedItems(codes, (False,) * 6, answers, np.zeros(6), np.full(6, 3.0))

    found = differences_by_sex(items, sex)

    assert found[2] is Difference.LARGE
    assert Difference.LARGE not in (*found[:2], *found[3:])
    assert differences_by_sex(items, np.full(600, np.nan)) == ()


def test_other_cut_offs_are_counted_and_small_counts_hidden(world, as_):
    page = _page(world, as_)

    table = page[page.index("What another cut-off would have flagged") :]
    rows = {n: row for row in table.split("<tr>") for n in range(7, 14) if f"≥ {n}" in row}
    told = {n: int(found[1]) for n, row in rows.items() if (found := NUMBER.search(row))}
    totals = world.answers.sum(axis=1)
    assert told == {n: int((totals >= n).sum()) for n in told}
    assert "≥ 10 · published" in table
    assert all("not shown" in rows[n] for n in range(7, 14) if n not in told)


def test_no_two_figures_of_the_distribution_tell_fewer_than_ten_apart(app, world):
    """The rank of a score is a count of those below it: together with the cut-offs it told each."""
    with app.app_context():
        campaign = db.session.get_one(Campaign, world.campaign.id)
        ((scale,),) = [one.scales for one in measured_in(SYSTEM, campaign)]

    people = scale.found.people
    below, edges = 0.0, {0, people}
    for rank in scale.ranks:  # the rank is the middle of those who share it
        at = 2 * (rank.percentile.value / 100 * people - below)
        below += at
        edges.add(round(below))
    edges |= {people - row.people for row in scale.cutoffs if row.people is not None}

    assert len(edges) > 2
    ordered = sorted(edges)
    assert min(high - low for low, high in pairwise(ordered)) >= FEWEST_IN_GROUP


@given(st.lists(st.integers(1, 30), min_size=1, max_size=30), st.integers(0, 30))
def test_shelves_hold_everybody_in_order_and_never_few(counts, split):
    split = min(split, len(counts))

    found = shelves(counts, split=split)

    assert [place for shelf in found for place in shelf] == list(range(len(counts)))
    held = [sum(counts[place] for place in shelf) for shelf in found]
    assert len(held) == 1 or min(held) >= FEWEST_IN_GROUP
    if min(sum(counts[:split]), sum(counts[split:])) >= FEWEST_IN_GROUP:
        assert split in {shelf.start for shelf in found}


def test_a_second_sitting_of_a_student_changes_no_figure(app, world, as_):
    """The second comes after a talk about the first; group reports count the first as well."""
    before = _page(world, as_)
    with app.app_context():
        begin_write()
        campaign = db.session.get_one(Campaign, world.campaign.id)
        first = db.session.scalars(db.select(Assessment).order_by(Assessment.id)).first()
        again = results.sitting(campaign, first.student, state=AssessmentState.SUBMITTED)
        results.answers(again, "phq9", results.values([3.0] * 9))
        results.scored(again, campaign.battery.parts[0].instrument_version)
        db.session.commit()

    assert _page(world, as_) == before


def test_the_same_answers_are_judged_once_and_changed_ones_again(app, world, as_, monkeypatch):
    judged = []
    monkeypatch.setattr(
        measurement, "reliability", lambda *a, **k: judged.append(1) or reliability(*a, **k)
    )
    monkeypatch.setattr(measurement, "_kept", {})

    assert _page(world, as_) == _page(world, as_)
    assert len(judged) == 1

    with app.app_context():
        begin_write()
        db.session.execute(db.text("UPDATE responses SET value = 0 WHERE item_code = 'q1'"))
        db.session.commit()
    _page(world, as_)
    assert len(judged) == 2


def test_an_open_campaign_has_no_figures_yet(app, world, as_):
    with app.app_context():
        begin_write()
        db.session.get_one(Campaign, world.campaign.id).state = CampaignState.OPEN
        db.session.commit()

    page = _page(world, as_)

    assert "These figures are worked out when the campaign is closed." in page
    assert "alpha" not in page


def test_fewer_than_thirty_get_no_figure(app, world, as_):
    with app.app_context():
        begin_write()
        db.session.execute(db.text("DELETE FROM administrations WHERE assessment_id % 3 = 0"))
        db.session.commit()

    page = _page(world, as_)

    assert "No figures: 27 students" in page or "No figures: 26 students" in page
    assert "alpha" not in page


def test_the_closed_campaign_leads_to_the_page(world, as_):
    client = as_(Role.COUNSELLOR, user=world.counsellor)

    page = client.get(f"/campaigns/{world.campaign.public_id}").text

    assert f"/psychometrics/{world.campaign.public_id}" in page


def test_more_students_need_no_more_statements(app, world, as_):
    def statements() -> int:
        seen: list[str] = []

        def count(*row: object) -> None:
            seen.append(str(row[2]))

        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", count)
            try:
                _page(world, as_)
            finally:
                event.remove(db.engine, "before_cursor_execute", count)
        return len(seen)

    many = statements()
    with app.app_context():
        begin_write()
        db.session.execute(db.text("DELETE FROM administrations WHERE assessment_id > 3"))
        db.session.commit()

    assert statements() == many


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([20, 30], set()),
        ([4, 30], {0, 1}),
        ([4, 30, 12], {0, 2}),
        ([4, 5, 30], {0, 1, 2}),
        ([0, 30], {0, 1}),
        ([4], {0}),
    ],
)
def test_a_group_is_never_hidden_alone(counts, hidden):
    assert hidden_groups(counts) == hidden
