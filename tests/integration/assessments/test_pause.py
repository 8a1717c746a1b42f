"""New classes wait while more students are unseen than the responders on duty can look at."""

import pytest

from app.access.permissions import Role
from app.campaigns.models import Campaign
from app.cases.models import QueueEntry
from app.people.models import DutyShift
from app.platform import clock, events
from app.platform.db import begin_write, db
from tests.factories import assessments as sittings
from tests.factories import campaigns, people, results

#: One responder on duty: ten may be unseen.
LIMIT = 10


@pytest.fixture
def world(app, fixed_clock):
    """A class that has not begun, one that has, and somebody to raise flags."""
    with app.app_context():
        begin_write()
        site = people.site()
        fresh, begun, other = (people.cohort(site, grade=10) for _ in range(3))
        first, classmate, new = (
            people.student(cohort, birth_date=sittings.BIRTHDAY) for cohort in (begun, begun, fresh)
        )
        campaign = campaigns.running(fresh, begun, battery=campaigns.battery("phq9"))
        db.session.delete(db.session.query(DutyShift).filter_by(rank=2).one())
        campaigns.invitation(campaign, first).started_at = clock.now()
        tokens = {
            "new": campaigns.invitation(campaign, new).token,
            "classmate": campaigns.invitation(campaign, classmate).token,
            "link": sittings.link_of(campaigns.invitation(campaign, new)).token,
            "campaign": campaign.public_id,
        }
        db.session.commit()
        for row in (site, other):
            db.session.refresh(row)
    return tokens, site, other


def flag(app, cohort, count):
    with app.app_context():
        begin_write()
        campaign = db.session.query(Campaign).one()
        for _ in range(count):
            sitting = results.sitting(campaign, people.student(cohort))
            events.publish(results.stored(sitting, results.answers(sitting, "phq9", {"q9": 1})))
        db.session.commit()


def look_at_one(app):
    with app.app_context():
        begin_write()
        db.session.query(QueueEntry).first().seen_at = clock.now()
        db.session.commit()


def begins(app, token):
    client = app.test_client()
    client.get(f"/i/{token}")
    client.post("/i/check", data={"said": "20100520"})
    return client.post("/i/start", data={"where": "school"}).status_code == 303


def test_class_begins_at_the_limit_and_waits_beyond_it(app, world):
    tokens, _, other = world
    flag(app, other, LIMIT + 1)

    beyond = begins(app, tokens["new"])
    look_at_one(app)
    at_limit = begins(app, tokens["new"])

    assert (beyond, at_limit) == (False, True)


def test_second_responder_on_duty_doubles_what_may_wait(app, world):
    tokens, site, other = world
    flag(app, other, LIMIT + 1)
    with app.app_context():
        begin_write()
        people.on_duty(site, people.user(Role.CRISIS_LEAD, site.id))
        db.session.commit()

    assert begins(app, tokens["new"]) is True


def test_class_under_way_and_open_link_are_never_held_back(app, world):
    tokens, _, other = world
    flag(app, other, LIMIT + 1)

    classmate = begins(app, tokens["classmate"])
    visitor = app.test_client().get(f"/o/{tokens['link']}")

    assert (classmate, visitor.status_code) == (True, 200)
    assert "phq9.q1" in visitor.text


def test_student_reads_a_calm_page_and_begins_with_the_same_slip_later(app, world):
    tokens, _, other = world
    flag(app, other, LIMIT + 1)
    client = app.test_client()
    client.get(f"/i/{tokens['new']}")
    client.post("/i/check", data={"said": "20100520"})

    page = client.post("/i/start", data={"where": "alone"})
    look_at_one(app)
    again = client.post("/i/start", data={"where": "alone"})

    assert (page.status_code, 'value="alone"' in page.text) == (200, True)
    assert again.location == "/s"


@pytest.mark.parametrize(
    ("role", "sees_queue"),
    [(Role.PROCTOR, False), (Role.ADMINISTRATOR, False), (Role.COUNSELLOR, True)],
)
def test_campaign_page_says_that_classes_wait_and_why_only_to_who_may_know(
    app, world, as_, role, sees_queue
):
    tokens, site, other = world
    flag(app, other, LIMIT + 1)
    client = as_(role, site=site)

    page = client.get(f"/campaigns/{tokens['campaign']}?lang=en").text.split("<main")[1]

    assert "New classes wait for a moment" in page
    assert ('href="/queue"' in page) is sees_queue
    assert ("unseen" in page) is sees_queue
