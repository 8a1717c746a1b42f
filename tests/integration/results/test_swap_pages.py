"""Pages about wrong slips: who may report, who may decide, and that none shows a score."""

import json

import pytest
from click.testing import CliRunner

from app.access.permissions import Role
from app.assessments.models import Assessment, Attribution
from app.campaigns.models import Campaign
from app.campaigns.service.invitations import invite_one
from app.cli import main
from app.platform.db import begin_write, db
from app.results.models import MixUpReport
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


def test_command_says_that_it_cannot_tell(app, world, monkeypatch):
    monkeypatch.setattr("app.cli.door.create_app", lambda: app)

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
    assert _answers(client, app, world) == [404] * 6
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

    assert _answers(client, app, world) == [404] * 6
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
