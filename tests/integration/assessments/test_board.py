"""The class board: live, for a whole class, and blind to what is answered or wished."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.models import Assessment
from app.campaigns.models import Campaign, Invitation
from app.campaigns.service import invite_new_students
from app.people.models import Cohort, Site
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import assessments as sittings
from tests.factories import campaigns, people


@pytest.fixture
def school(app, as_):
    """A class of four with slips for PHQ-9, a proctor and a class teacher."""
    with app.app_context():
        begin_write()
        first = sittings.invited("phq9", name="爱丽丝", position=1)
        slips = [first, *(sittings.classmate_of(first) for _ in range(3))]
        tokens = [slip.token for slip in slips]
        ids = first.site_id, first.cohort_id
        at = f"/campaigns/{first.campaign.public_id}/classes/{first.cohort.public_id}"
        db.session.commit()
        site, cohort = db.session.get(Site, ids[0]), db.session.get(Cohort, ids[1])
        proctor = as_(Role.PROCTOR, site=site)
        teacher = as_(Role.CLASS_TEACHER, cohort=db.session.get(Cohort, cohort.id))
    return at, tokens, proctor, teacher


def minutes(number):
    return NOW + timedelta(minutes=number)


def on_board(client, at):
    """What stands under each name, in the order of the class."""
    page = client.get(f"{at}/board/places").text
    everybody = page[page.index("board-places") :]
    return [part.split("<")[0] for part in everybody.split('"stands stands--')[1:]], page


def states(client, at):
    return [part.split('"')[0] for part in on_board(client, at)[0]]


def test_board_follows_a_class_through_the_lesson(app, school, fixed_clock):
    at, tokens, proctor, _ = school
    quick, slow, lost = (app.test_client() for _ in range(3))
    for client, token in zip((quick, slow, lost), tokens, strict=False):
        sittings.walk_in(client, token)
        page = sittings.agree(client)

    assert states(proctor, at) == ["under_way"] * 3 + ["not_begun"]

    lost.post("/s/beat", json={"waiting": False})
    with fixed_clock(minutes(2)):
        quick.post(page, data=sittings.phq9())
        assert states(proctor, at) == ["under_way", "under_way", "silent", "not_begun"]
    with fixed_clock(minutes(4)):
        quick.post("/s/2", data=sittings.closing())
        assert states(proctor, at) == ["finished", "stuck", "silent", "not_begun"]
        lost.post("/s/beat", json={"waiting": True})
        assert states(proctor, at)[2] == "silent"
        lost.post("/s/beat", json={"waiting": False})
        lost.post("/s/responses", json={"answers": [tapped(name="phq9.q1", value=0)]})
        assert states(proctor, at)[2] == "under_way"
    with fixed_clock(minutes(25)):
        assert states(proctor, at) == ["finished", "stuck", "silent", "not_begun"]
    with fixed_clock(minutes(40)):
        assert states(proctor, at) == ["finished", "left", "left", "not_begun"]


def tapped(**said):
    """What a device sends of one tap."""
    return {"id": str(uuid.uuid4()), "at": 0, **said}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([{"name": "phq9.q1", "value": 0}], "under_way"),
        ([{"name": "phq9.q1", "refused": True}], "under_way"),
        ([{"name": "phq9.q1", "value": 0}, {"do": "talk"}], "under_way"),
        ([{"do": "talk"}], "stuck"),
        ([{"name": "closing.message", "text": "我不想活了"}], "stuck"),
    ],
)
def test_wish_to_talk_and_free_words_are_no_move(app, school, fixed_clock, said, expected):
    """Everybody makes a choice; a wish or a word has no counterpart in whoever has none."""
    at, tokens, proctor, _ = school
    alice = app.test_client()
    sittings.walk_in(alice, tokens[0])
    sittings.agree(alice)
    with fixed_clock(minutes(3.2)):
        taps = [tapped(**one) for one in said]
        assert alice.post("/s/responses", json={"answers": taps}).status_code == 200
        assert states(proctor, at)[0] == expected


def test_who_needs_a_hand_stays_on_top_until_helped(app, school):
    at, tokens, proctor, _ = school
    alice, ben = app.test_client(), app.test_client()
    sittings.walk_in(alice, tokens[0])
    alice.post("/help", data={"do": "help"})
    ben.get(f"/i/{tokens[1]}")
    ben.post("/i/not-mine")

    assert states(proctor, at) == ["help", "slip", "not_begun", "not_begun"]

    page = proctor.get(f"{at}/board").text
    buttons = [part.split('"')[0] for part in page.split('action="') if "/board/slips/" in part]
    assert [button.rpartition("/")[2] for button in buttons] == ["helped", "free"]
    assert [proctor.post(button).location for button in buttons] == [f"{at}/board"] * 2
    assert states(proctor, at) == ["under_way", "not_begun", "not_begun", "not_begun"]


def test_nothing_new_costs_no_page(school, app):
    at, tokens, proctor, _ = school
    first = proctor.get(f"{at}/board/places")
    again = proctor.get(f"{at}/board/places", headers={"If-None-Match": first.headers["ETag"]})
    sittings.walk_in(app.test_client(), tokens[0])
    changed = proctor.get(f"{at}/board/places", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)


def test_opening_the_board_is_on_record_and_asking_again_is_not(school, app):
    at, _, proctor, _ = school
    proctor.get(f"{at}/board")
    for _ in range(3):
        proctor.get(f"{at}/board/places")

    with app.app_context():
        seen = db.session.query(AuditEvent).filter_by(action="see_board").count()
    assert seen == 1


def test_class_teacher_learns_who_has_finished_and_nothing_else(app, school, fixed_clock):
    at, tokens, _, teacher = school
    alice, ben = app.test_client(), app.test_client()
    sittings.walk_in(alice, tokens[0])
    alice.post("/s", data={"do": "decline"})
    sittings.walk_in(ben, tokens[1])
    ben.post("/help", data={"do": "help"})

    assert states(teacher, at) == ["not_yet"] * 4
    with fixed_clock(minutes(5)):
        assert states(teacher, at) == ["finished", "not_yet", "not_yet", "not_yet"]
        page = teacher.get(f"{at}/board").text
    assert "需要操作帮助" not in page
    assert teacher.post(f"{at}/board/slips/x/helped").status_code == 404


@pytest.mark.parametrize("role", [Role.SCHOOL_HEAD, Role.ADMINISTRATOR, Role.STUDENT_OBSERVER])
def test_who_does_not_hold_the_lesson_sees_no_live_board(app, school, as_, role):
    at, *_ = school
    with app.app_context():
        site = db.session.query(Site).one()
    page = as_(role, site=site).get(f"{at}/board")

    assert page.status_code == 404 or "还没开始" not in page.text


def test_class_that_does_not_take_part_has_no_board(app, school):
    at, _, proctor, _ = school
    with app.app_context():
        begin_write()
        other = people.cohort(db.session.query(Site).one()).public_id
        db.session.commit()

    assert proctor.get(f"{at.rpartition('/')[0]}/{other}/board").status_code == 404


def test_empty_class_has_a_board_that_says_so(app, as_):
    with app.app_context():
        begin_write()
        cohort = people.cohort(people.site())
        campaign = campaigns.running(cohort)
        at = f"/campaigns/{campaign.public_id}/classes/{cohort.public_id}"
        site_id = cohort.site_id
        db.session.commit()
        proctor = as_(Role.PROCTOR, site=db.session.get(Site, site_id))

    assert "这个班还没有发出测评邀请" in proctor.get(f"{at}/board").text


def test_class_of_sixty_costs_as_many_statements_as_one_of_four(app, school):
    at, _, proctor, teacher = school

    def cost(client):
        sent = []

        def note(*args):
            sent.append(args[2])

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        client.get(f"{at}/board/places")
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    cost(proctor)  # the pages of a battery are read once and then known
    few = cost(proctor), cost(teacher)
    with app.app_context():
        begin_write()
        slip = db.session.query(Invitation).first()
        for _ in range(56):
            people.student(slip.cohort, birth_date=sittings.BIRTHDAY)
        campaign = db.session.query(Campaign).one()
        invite_new_students(actor=OPERATOR, campaign=campaign)
        for other in db.session.query(Invitation).filter(Invitation.id != slip.id).limit(40):
            other.started_at = NOW
            db.session.add(
                Assessment(
                    campaign_id=campaign.id,
                    site_id=other.site_id,
                    cohort_id=other.cohort_id,
                    student_id=other.student_id,
                    invitation_id=other.id,
                    mode="phone",
                    locale="en",
                    started_at=NOW,
                )
            )
        db.session.commit()

    assert len(states(proctor, at)) == 60
    assert (cost(proctor), cost(teacher)) == few
    assert max(few) <= 12


def test_who_has_left_the_school_is_not_on_the_board(app, school):
    at, _, proctor, _ = school
    with app.app_context():
        begin_write()
        db.session.query(Invitation).first().student.left_at = NOW
        db.session.commit()

    assert len(states(proctor, at)) == 3


def test_beat_without_a_sitting_is_refused(client):
    assert client.post("/s/beat", json={"waiting": True}).status_code == 401
