"""The computer room: machines take seats, student follows student, and nothing stays behind."""

from collections import defaultdict
from datetime import timedelta

import pytest

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.assessments.domain import Mode
from app.assessments.models import Assessment, Response, Seat
from app.assessments.service import doors
from app.campaigns.models import ComputerRoom, Invitation
from app.campaigns.service import close_computer_room
from app.people.models import Site
from app.platform.audit import AuditEvent
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import assessments as sittings
from tests.factories import campaigns, people
from tests.factories.devices import Device, answer, deed


@pytest.fixture
def lesson(app):
    """A room of 45 seats, slips of two classmates and of a guest from another class."""
    with app.app_context():
        begin_write()
        first = sittings.invited("phq9", name="爱丽丝", position=1)
        second = sittings.classmate_of(first)
        guest = people.student(people.cohort(first.site, grade=11), birth_date=sittings.BIRTHDAY)
        other = campaigns.running(guest.cohort, battery=first.campaign.battery)
        found = {
            "room": sittings.computer_room(first).token,
            "first": first.token,
            "code": first.code,
            "second": second.token,
            "guest": campaigns.invitation(other, guest).token,
            "at": f"/campaigns/{first.campaign.public_id}/classes/{first.cohort.public_id}",
        }
        db.session.commit()
    return found


@pytest.fixture
def machine(app, lesson):
    """A machine that has taken its seat: `machine(12)`."""

    def sit(number):
        client = app.test_client()
        assert sittings.sit_down(client, lesson["room"], number).location == "/room"
        return client

    return sit


def _begun(app):
    with app.app_context():
        rows = db.session.query(Assessment).order_by(Assessment.id)
        return [(row.mode, row.seat) for row in rows]


def _cookies(client):
    names = ("slip", "sitting", "attended", "over", "lang", "seat")
    return {name for name in names if client.get_cookie(name)}


def test_machine_keeps_its_seat_from_student_to_student(app, lesson, machine):
    client = machine(12)
    for slip in ("first", "second"):
        entry = client.get("/room", follow_redirects=True).text
        sittings.walk_in(client, lesson[slip])
        client.post("/s", data={"do": "decline"})
        assert "12 号机位" in entry

    assert _begun(app) == [(Mode.COMPUTER_ROOM, 12)] * 2
    assert _cookies(client) == {"seat"}


def test_address_may_be_typed_in_small_letters(client, lesson):
    assert client.get(f"/room/{lesson['room'].lower()}").status_code == 200


@pytest.mark.parametrize("number", ["0", "46", "", "zwölf"])
def test_seat_that_the_room_does_not_have_is_asked_for_again(app, client, lesson, number):
    page = client.post(f"/room/{lesson['room']}", data={"number": number})

    assert (page.status_code, "请输入 1 到 45 之间的编号" in page.text) == (422, True)
    with app.app_context():
        assert db.session.query(Seat).count() == 0


def test_second_machine_at_a_seat_is_told_and_may_stand_in_for_the_first(app, lesson, machine):
    first, second = machine(12), app.test_client()

    told = sittings.sit_down(second, lesson["room"], 12)
    before = _cookies(second)
    taken_over = sittings.sit_down(second, lesson["room"], 12, do="replace")

    assert (told.status_code, before) == (409, set())
    assert "12 号机位已经有电脑在用了" in told.text
    assert taken_over.location == "/room"
    assert "12 号机位" in second.get("/i").text
    assert "机位" not in first.get("/i").text
    with app.app_context():
        assert [seat.number for seat in db.session.query(Seat)] == [12]


def test_same_machine_may_say_its_number_again_or_move(app, lesson, machine):
    client = machine(12)

    again = sittings.sit_down(client, lesson["room"], 12)
    moved = sittings.sit_down(client, lesson["room"], 13)

    assert (again.location, moved.location) == ("/room", "/room")
    with app.app_context():
        assert [seat.number for seat in db.session.query(Seat)] == [13]
        assert db.session.query(AuditEvent).filter_by(action="take_seat").count() == 3


def test_guest_of_another_class_begins_at_a_machine_without_a_seat(app, lesson, machine):
    client = machine(12)
    sittings.walk_in(client, lesson["guest"])

    assert _begun(app) == [(Mode.COMPUTER_ROOM, None)]


def _closes(lesson):
    begin_write()
    room = db.session.query(ComputerRoom).filter_by(token=lesson["room"]).one()
    close_computer_room(actor=OPERATOR, room=room)
    db.session.commit()


def test_closed_room_is_left_behind_and_who_answers_goes_on(app, lesson, machine):
    answering, next_one = machine(12), machine(13)
    sittings.walk_in(answering, lesson["first"])
    page = sittings.agree(answering)
    with app.app_context():
        _closes(lesson)

    assert answering.post(page, data=sittings.phq9()).location == "/s/2"
    sittings.walk_in(next_one, lesson["second"])
    assert _begun(app) == [(Mode.COMPUTER_ROOM, 12), (Mode.PHONE, None)]
    assert app.test_client().get(f"/room/{lesson['room']}").status_code == 404


def test_room_is_over_at_midnight_on_the_wall_of_the_school(app, lesson, fixed_clock):
    for hours, status in ((13.9, 200), (14.1, 404)):
        with fixed_clock(NOW + timedelta(hours=hours)):
            assert app.test_client().get(f"/room/{lesson['room']}").status_code == status


def test_resuming_moves_the_seat_and_at_home_there_is_none(app, lesson, machine):
    sittings.walk_in(machine(12), lesson["first"])
    sittings.walk_in(machine(30), lesson["first"])
    assert _begun(app) == [(Mode.COMPUTER_ROOM, 30)]

    sittings.walk_in(app.test_client(), lesson["first"])
    assert _begun(app) == [(Mode.COMPUTER_ROOM, None)]


def test_next_student_opens_nothing_of_who_walked_off_and_answers_still_arrive(
    app, lesson, machine
):
    """The first stands up midway, without pressing anything."""
    client = machine(12)
    sittings.walk_in(client, lesson["first"])
    device = Device.with_page(client.get(sittings.agree(client)).text)
    client.get("/i?lang=en")

    client.get("/room")
    opened = [client.get(path).location for path in ("/s", "/s/1", "/s/not-mine", "/pin", "/i/me")]
    late = client.post("/s/responses", json={"answers": [answer("phq9.q1", value=2)]})
    sealed = client.post("/s/sealed", json={"sealed": [device.seal(answer("phq9.q2", value=1))]})

    assert opened == ["/i", "/s", "/i", "/i", "/i"]
    assert (late.status_code, sealed.status_code) == (200, 200)
    assert "lang" not in _cookies(client)
    with app.app_context():
        assert db.session.query(Response).count() == 2


def test_page_left_open_by_one_student_never_answers_for_the_next(app, lesson, machine):
    """Two tabs: the first student's page tries again when the second one's cookie is there."""
    client = machine(12)
    sittings.walk_in(client, lesson["first"])
    held = Device.with_page(client.get(sittings.agree(client)).text)
    client.get("/room")
    sittings.walk_in(client, lesson["second"])
    own = Device.with_page(client.get(sittings.agree(client)).text)

    said = {"answers": [answer("phq9.q9", value=3)]}
    late = client.post("/s/responses", json=said | {"ticket": held.ticket})
    said = {"answers": [answer("phq9.q9", value=0)]}
    rightly = client.post("/s/responses", json=said | {"ticket": own.ticket})

    assert (late.status_code, rightly.status_code) == (200, 200)
    assert _said_by_each(app) == {1: [("q9", 3)], 2: [("q9", 0)]}


def test_form_left_open_by_one_student_never_answers_for_the_next(app, lesson, machine):
    """The same without script, and with it on the way back from the first question."""
    client = machine(12)
    sittings.walk_in(client, lesson["first"])
    held = sittings.hidden(client.get(sittings.agree(client)).text, "ticket")
    client.get("/room")
    sittings.walk_in(client, lesson["second"])
    own = sittings.hidden(client.get(sittings.agree(client)).text, "ticket")

    said = sittings.phq9(q9=3)
    strange = [
        client.post("/s/1", data={**said, "ticket": held, "do": do}).location
        for do in ("", "back", "leave")
    ]
    before = _said_by_each(app)
    rightly = client.post("/s/1", data={**said, "ticket": own, "next": "1"}).location

    assert strange == ["/s"] * 3
    assert before == {1: [(f"q{n}", int(said[f"phq9.q{n}"])) for n in range(1, 10)]}
    assert (sorted(_said_by_each(app)), rightly) == ([1, 2], "/s/2")


def _said_by_each(app):
    """The answers by number of the sitting."""
    said = defaultdict(list)
    with app.app_context():
        for row in db.session.query(Response).order_by(Response.id):
            said[row.assessment_id].append((row.item_code, row.value))
    return said


def test_guesser_shuts_out_no_machine_but_the_own(client, machine, lesson, monkeypatch):
    """All behind one address: a phone that guesses, and a machine at which somebody does."""
    monkeypatch.setattr(doors, "MAX_MISSES", 3)
    guessing, typing = machine(12), machine(13)

    def type_in(visitor, code):
        return visitor.post("/i", data={"code": code}).status_code

    by_phone = [type_in(client, "22222222") for _ in range(4)]
    by_machine = [type_in(guessing, "22222222") for _ in range(4)]

    assert (by_phone, by_machine) == ([422, 422, 422, 429], [422, 422, 422, 429])
    assert type_in(typing, lesson["code"]) == 303


def test_guesser_who_goes_from_seat_to_seat_comes_back_to_the_own_misses(
    machine, lesson, monkeypatch
):
    monkeypatch.setattr(doors, "MAX_MISSES", 3)
    guessing, tries = machine(12), []

    for seat in (12, 13, 12, 13):
        sittings.sit_down(guessing, lesson["room"], seat)
        tries += [guessing.post("/i", data={"code": "22222222"}).status_code for _ in range(4)]

    assert tries == [422, 422, 422, 429] * 2 + [429] * 8


def test_next_seat_shows_its_own_number_and_a_phone_shows_none(machine, client):
    seen = [machine(number).get("/i").text for number in (12, 13)]

    assert ["12 号机位" in seen[0], "13 号机位" in seen[1]] == [True, True]
    assert "号机位" not in client.get("/i").text


def test_what_the_first_could_not_send_arrives_under_the_second(app, lesson, machine):
    """The outbox outlives the wipe; each envelope holds its own ticket."""
    client = machine(12)
    sittings.walk_in(client, lesson["first"])
    held = Device.with_page(client.get(sittings.agree(client)).text)
    client.get("/room")
    sittings.walk_in(client, lesson["second"])
    sittings.agree(client)

    left = [held.seal(answer(f"phq9.q{n}", value=0)) for n in range(1, 10)]
    left.append(held.seal(deed("finish")))
    receipts = [client.post("/s/sealed", json={"sealed": left}) for _ in range(2)]

    assert [receipt.status_code for receipt in receipts] == [200, 200]
    with app.app_context():
        states = [row.state.value for row in db.session.query(Assessment).order_by(Assessment.id)]
        assert (states, db.session.query(Response).count()) == (["submitted", "started"], 9)


@pytest.mark.parametrize("path", ["/pause", "/i/later"])
def test_who_leaves_finds_the_way_for_the_next_student(client, lesson, machine, path):
    assert "下一位同学" in machine(12).get(path).text
    assert "下一位同学" not in client.get(path).text


def test_last_page_hands_the_machine_over_and_elsewhere_says_nothing_of_it(app, lesson, machine):
    with app.app_context():
        thanks = f"/thanks/{db.session.query(Site).first().public_id}"

    assert 'href="/room"' in machine(12).get(thanks).text
    assert "下一位同学" not in app.test_client().get(thanks).text


def test_board_shows_the_seat_to_who_holds_the_lesson_only(app, lesson, machine, as_):
    with app.app_context():
        site, slip = db.session.query(Site).first(), db.session.query(Invitation).first()
        cohort = slip.cohort
        proctor = as_(Role.PROCTOR, site=site)
        teacher = as_(Role.CLASS_TEACHER, cohort=cohort)
    places = f"{lesson['at']}/board/places"
    tag = proctor.get(places).headers["ETag"]
    client = machine(12)
    sittings.walk_in(client, lesson["first"])
    begun = proctor.get(places)
    sittings.walk_in(machine(30), lesson["first"])
    moved = proctor.get(places, headers={"If-None-Match": begun.headers["ETag"]})
    client.post("/s", data={"do": "decline"})

    assert begun.headers["ETag"] != tag
    assert "12 号机位" in begun.text
    assert (moved.status_code, "30 号机位" in moved.text) == (200, True)
    assert "30 号机位" in proctor.get(places).text
    assert "机位" not in teacher.get(places).text
