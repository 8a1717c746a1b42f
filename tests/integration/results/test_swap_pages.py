"""Pages about wrong slips: who may report, who may decide, and that none shows a score."""

import json
import re
from datetime import timedelta

import numpy as np
import pytest
from click.testing import CliRunner

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.models import Assessment, Attribution, Response
from app.campaigns.models import Campaign
from app.campaigns.service.invitations import invite_one
from app.cli import main
from app.platform import clock
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from app.psychometrics.swaps import Evidence, Suspicion, SwapCheck
from app.results.evidence import Checked, check_campaign
from app.results.models import MixUpReport, SwapDismissal
from tests.factories import people
from tests.integration.cases import profile_world


@pytest.fixture
def world(app, fixed_clock):
    return profile_world.build(app)


def _sitting(app, student):
    with app.app_context():
        return db.session.query(Assessment).filter_by(student_id=student.id).one().public_id


def test_counsellor_gives_a_sitting_to_the_classmate_and_sees_no_score(app, world, as_):
    client, sitting = as_(Role.COUNSELLOR, user=world.counsellor), _sitting(app, world.alice)
    before = client.get(f"/sittings/of/{world.alice.public_id}").text

    client.post(
        f"/sittings/{sitting}/give", data={"student": world.bob.public_id, "reason": "两人确认"}
    )

    page = client.get(f"/sittings/of/{world.alice.public_id}").text
    with app.app_context():
        assert db.session.query(Attribution).one().student_id == world.bob.id
    assert "两人确认" in page
    assert "PHQ" not in before + page
    assert "PHQ-9" not in client.get(f"/profiles/{world.alice.public_id}").text


def test_a_reason_is_needed(app, world, as_):
    client, sitting = as_(Role.COUNSELLOR, user=world.counsellor), _sitting(app, world.alice)

    client.post(f"/sittings/{sitting}/detach", data={"reason": ""})

    with app.app_context():
        assert db.session.query(Attribution).count() == 0


def test_swap_page_of_one_campaign_says_that_it_cannot_tell(world, as_):
    client = as_(Role.COUNSELLOR, user=world.counsellor)

    page = client.get(f"/swaps/{world.campaign.public_id}?lang=en").text

    assert "Not enough to tell" in page


def test_check_looks_at_pace_and_seats_as_well(app, world, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "app.results.evidence.check_swaps", lambda rows: seen.append(rows) or SwapCheck()
    )
    with app.app_context():
        begin_write()
        sitting = db.session.query(Assessment).filter_by(student_id=world.alice.id).one()
        sitting.seat = 7
        given = db.session.query(Response).filter_by(assessment_id=sitting.id)
        for answer in given.filter_by(instrument_code="phq9"):
            answer.shown_ms = 1_700
        db.session.commit()
        check_campaign(OPERATOR, db.session.get(Campaign, world.campaign.id))

    [rows] = seen
    [place] = np.flatnonzero(rows.seat == 7)
    assert 1_700 in rows.shown_now[place]
    assert rows.before.shape[1:] == rows.shown_before.shape[1:] == rows.now.shape


def test_command_says_that_it_cannot_tell(world, command_line):
    told = CliRunner().invoke(main, ["swaps", "autumn", "--json"])

    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["can_tell"] is False


@pytest.mark.parametrize("role", [Role.CLASS_TEACHER, Role.PROCTOR])
def test_teacher_reports_a_mix_up_and_may_decide_nothing(app, world, as_, role):
    with app.app_context():
        begin_write()
        campaign = db.session.get_one(Campaign, world.campaign.id)
        slip = invite_one(campaign, db.session.merge(world.alice)).public_id
        place = (None, world.cohort.id) if role is Role.CLASS_TEACHER else (world.site.id,)
        user = people.user(role, *place)
        db.session.commit()
        db.session.refresh(user)
        db.session.expunge(user)
    client = as_(role, user=user)

    form = client.get(f"/swaps/{world.campaign.public_id}/report").text
    client.post(f"/swaps/{world.campaign.public_id}/report", data={"slip": slip, "other": ""})

    with app.app_context():
        assert db.session.query(MixUpReport).one().student_id == world.alice.id
        assert db.session.query(Attribution).count() == 0
    assert "龘犇翀" in form
    assert _answers(client, app, world) == [404] * 7
    with app.app_context():
        assert db.session.query(Attribution).count() == 0


def test_counsellor_of_another_school_finds_none_of_it(app, world, as_):
    with app.app_context():
        begin_write()
        elsewhere = people.site(code="elsewhere", name="别的学校")
        db.session.commit()
        db.session.refresh(elsewhere)
        db.session.expunge(elsewhere)
    client = as_(Role.COUNSELLOR, site=elsewhere)

    assert _answers(client, app, world) == [404] * 7
    assert client.get(f"/swaps/{world.campaign.public_id}/report").status_code == 404
    with app.app_context():
        assert db.session.query(Attribution).count() == 0


def _answers(client, app, world):
    """Every page about whose answers a sitting's are, asked for in the way that would change it."""
    one, other = (_sitting(app, student) for student in (world.alice, world.bob))
    swaps, said = f"/swaps/{world.campaign.public_id}", {"reason": "两人确认"}
    replies = [
        client.get(swaps),
        client.post(swaps, data=said | {"one": one, "other": other}),
        client.post(f"{swaps}/no-swap", data=said | {"one": one, "other": other}),
        client.get(f"/sittings/of/{world.alice.public_id}"),
        client.post(f"/sittings/{one}/give", data=said | {"student": world.bob.public_id}),
        client.post(f"/sittings/{one}/detach", data=said),
        client.post(f"/sittings/{one}/return", data=said),
    ]
    return [reply.status_code for reply in replies]


def test_head_who_sees_the_campaign_is_shown_no_names(world, as_):
    client = as_(Role.SCHOOL_HEAD, site=world.site)
    address = f"/swaps/{world.campaign.public_id}/report"

    assert client.get(address).status_code == 404
    assert client.post(address, data={"slip": "", "other": ""}).status_code == 404


@pytest.fixture
def suspected(app, world, monkeypatch):
    """The check suspects Alice and Bob, by the reasons in the list that comes back."""
    reasons = [Evidence.ANSWERS]

    def check(_actor, _campaign):
        both = [world.alice.id, world.bob.id]
        rows = [db.session.query(Assessment).filter_by(student_id=one).one() for one in both]
        pair = Suspicion(0, 1, 0.8, tuple(reasons))
        return Checked(rows, SwapCheck(pairs=(pair,), power=0.5, people=100))

    monkeypatch.setattr("app.results.routes.sittings.check_campaign", check)
    return reasons


def _dismiss(app, world, client, why="两人各用各的测评卡"):
    pair = {"one": _sitting(app, world.alice), "other": _sitting(app, world.bob)}
    address = f"/swaps/{world.campaign.public_id}"
    client.post(f"{address}/no-swap", data=pair | {"reason": why})
    return client.get(f"{address}?lang=en").text


def test_pair_that_was_looked_at_rests_with_who_said_so_and_why(app, world, as_, suspected):
    page = _dismiss(app, world, as_(Role.COUNSELLOR, user=world.counsellor))

    assert "Exchange the two sittings" not in page
    assert "Every pair that looked swapped has been looked at" in page
    assert "两人各用各的测评卡" in page
    with app.app_context():
        assert db.session.merge(world.counsellor).name in page
        event = db.session.query(AuditEvent).filter_by(action="dismiss_swap").one()
        assert "测评卡" not in str(json.loads(event.detail))
        assert "测评卡".encode() not in db.session.query(SwapDismissal).one().why_sealed


def test_pair_comes_back_when_something_new_speaks_for_it(app, world, as_, suspected):
    client = as_(Role.COUNSELLOR, user=world.counsellor)
    _dismiss(app, world, client)

    suspected.append(Evidence.IN_A_ROW)

    assert (
        "Exchange the two sittings" in client.get(f"/swaps/{world.campaign.public_id}?lang=en").text
    )


def test_pair_comes_back_when_a_colleague_reports_a_mix_up(app, world, as_, suspected, fixed_clock):
    client = as_(Role.COUNSELLOR, user=world.counsellor)
    _dismiss(app, world, client)
    with app.app_context(), fixed_clock(clock.now() + timedelta(minutes=1)):
        begin_write()
        report = MixUpReport(
            site_id=world.site.id,
            campaign_id=world.campaign.id,
            student_id=world.bob.id,
            at=clock.now(),
        )
        db.session.add(report)
        db.session.commit()

    assert (
        "Exchange the two sittings" in client.get(f"/swaps/{world.campaign.public_id}?lang=en").text
    )


def test_looking_needs_a_reason_and_a_pair_that_is_listed(app, world, as_, suspected, monkeypatch):
    client = as_(Role.COUNSELLOR, user=world.counsellor)

    unsaid = _dismiss(app, world, client, why="")
    monkeypatch.undo()
    _dismiss(app, world, client)

    assert "Exchange the two sittings" in unsaid
    with app.app_context():
        assert db.session.query(SwapDismissal).count() == 0


def test_swap_pages_belong_to_campaigns_in_the_rail(world, as_):
    client = as_(Role.COUNSELLOR, user=world.counsellor)

    for page in (f"/swaps/{world.campaign.public_id}", f"/sittings/of/{world.alice.public_id}"):
        assert re.findall(r'href="([^"]+)" aria-current="true"', client.get(page).text)[:1] == [
            "/campaigns"
        ]
