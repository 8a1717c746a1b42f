"""Sealed envelopes: what a device kept arrives once, in its own sitting, however late or often."""

import uuid
from datetime import timedelta

import pytest

from app.access.actor import OPERATOR
from app.alarms.timeline import LATE
from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment, Response
from app.assessments.queries import current_responses
from app.campaigns.models import Campaign
from app.campaigns.service import close_campaign
from app.cases.models import QueueEntry
from app.platform.db import begin_write, db
from app.platform.envelopes import public_key
from app.results.models import Administration, Flag
from tests.conftest import NOW
from tests.factories import assessments as sittings
from tests.factories.devices import Device, answer, deed


@pytest.fixture
def device(client, slip):
    """The phone on which the sitting was begun."""
    sittings.walk_in(client, slip)
    return Device.with_page(client.get(sittings.agree(client)).text)


@pytest.fixture
def deliver(app):
    """Bring envelopes without any cookie, as a worker or somebody else's page would."""

    def send(*envelopes, **more):
        return app.test_client().post("/s/sealed", json={"sealed": list(envelopes), **more})

    return send


def _rows(app):
    with app.app_context():
        return [(row.item_code, row.value) for row in db.session.query(Response)]


def _finished(device):
    """Everything from the first question to "finish", as it is kept when there is no line."""
    said = [answer(f"phq9.q{n}", value=1) for n in range(1, 10)]
    said += [answer("closing.talk", value=0), answer("closing.company", value=0)]
    return [device.seal(one) for one in (*said, deed("finish"))]


def test_envelope_is_stored_once_however_often_it_comes(app, device, deliver):
    said = answer("phq9.q1", value=2)

    receipts = [deliver(device.seal(said)) for _ in range(3)]

    assert [r.json for r in receipts] == [{"stored": [said["id"]], "conflicts": []}] * 3
    assert _rows(app) == [("q1", 2)]


def test_answer_at_the_tap_and_its_envelope_are_one_row(app, client, device, deliver):
    said = answer("phq9.q1", value=2)
    client.post("/s/responses", json={"answers": [said]})

    again = deliver(device.seal(said))

    assert again.json["stored"] == [said["id"]]
    assert _rows(app) == [("q1", 2)]


def test_same_id_with_another_content_is_a_conflict_and_both_are_kept(app, device, deliver):
    said = answer("phq9.q1", value=0)
    deliver(device.seal(said))

    clashes = [deliver(device.seal(said | {"value": 3})) for _ in range(2)]

    assert [clash.status_code for clash in clashes] == [409, 409]
    assert clashes[0].json == {"stored": [], "conflicts": [said["id"]]}
    assert _rows(app) == [("q1", 0), ("q1", 3)]


def test_a_whole_journey_without_a_line_arrives_finished(app, device, deliver):
    journey = _finished(device)

    for _ in range(3):
        deliver(*journey)

    with app.app_context():
        assert db.session.query(Response).count() == 11
        assert db.session.query(Assessment).one().state is AssessmentState.SUBMITTED
        assert db.session.query(Administration).count() == 1


def test_answers_after_a_closed_campaign_are_stored_alert_and_are_scored(
    app, device, deliver, fixed_clock
):
    deliver(device.seal(answer("phq9.q1", value=1)))
    with app.app_context():
        begin_write()
        close_campaign(actor=OPERATOR, campaign=db.session.query(Campaign).one())
        db.session.commit()

    with fixed_clock(NOW + timedelta(days=20)):
        deliver(device.seal(answer("phq9.q9", value=2, at=NOW.timestamp() * 1000)))

    with app.app_context():
        late = db.session.query(Response).filter_by(item_code="q9").one()
        assert late.received_at - late.answered_at == timedelta(days=20) > LATE
        assert db.session.query(Flag).filter_by(code="critical_q9").one().lane == "fast"
        assert db.session.query(QueueEntry).count() == 1
        assert db.session.query(Administration).count() == 2  # scored again, with the late answer


def test_what_was_handed_in_stands_and_a_late_answer_still_alerts(
    app, device, deliver, fixed_clock
):
    deliver(*_finished(device))

    with fixed_clock(NOW + timedelta(hours=1)):
        deliver(device.seal(answer("phq9.q9", value=3)))

    with app.app_context():
        sitting = db.session.query(Assessment).one()
        assert current_responses(sitting.id)["phq9"]["q9"].value == 1
        assert ("q9", 3) in [(r.item_code, r.value) for r in db.session.query(Response)]
        assert db.session.query(Flag).filter_by(code="critical_q9").one().lane == "fast"


@pytest.mark.parametrize("years", [-10, 10])
@pytest.mark.parametrize("says_now", [True, False])
def test_clock_ten_years_off_loses_and_hides_nothing(app, device, deliver, years, says_now):
    its_now = (NOW + timedelta(days=365 * years)).timestamp() * 1000
    hour = 3_600_000

    said = answer("phq9.q9", value=2, at=its_now - hour)
    receipt = deliver(device.seal(said), **({"sent": its_now} if says_now else {}))

    assert receipt.json["stored"] == [said["id"]]
    with app.app_context():
        row = db.session.query(Response).one()
        assert row.received_at == NOW
        if says_now:
            assert row.answered_at == NOW - timedelta(hours=1)
        assert db.session.query(Flag).one().lane == "fast"
        assert db.session.query(QueueEntry).one().raised_at == NOW


def test_envelope_from_a_shared_phone_goes_to_the_sitting_it_was_sealed_for(
    app, client, made, slip, device, deliver
):
    with app.app_context():
        begin_write()
        other = sittings.classmate_of(db.session.query(Assessment).one().invitation).token
        db.session.commit()
    sittings.walk_in(client, other)
    Device.with_page(client.get(sittings.agree(client)).text)

    client.post("/s/sealed", json={"sealed": [device.seal(answer("phq9.q1", value=3))]})

    with app.app_context():
        first, _ = db.session.query(Assessment).order_by(Assessment.id)
        assert [row.assessment_id for row in db.session.query(Response)] == [first.id]


def test_two_devices_with_one_slip_lose_nothing(app, slip, device, deliver):
    second = app.test_client()
    sittings.walk_in(second, slip)
    other = Device.with_page(second.get(second.get("/s").location).text)

    deliver(device.seal(answer("phq9.q1", value=1)))
    deliver(other.seal(answer("phq9.q1", value=2)))
    deliver(device.seal(answer("phq9.q2", value=3)))

    assert _rows(app) == [("q1", 1), ("q1", 2), ("q2", 3)]
    with app.app_context():
        assert db.session.query(Assessment).count() == 1


def _another_campaign(app, device):
    with app.app_context():
        begin_write()
        other = sittings.invited("gad7").campaign.public_id
        key = public_key(f"campaign:{other}")
        db.session.commit()
    return Device(other, key, device.ticket)


def test_ticket_of_another_campaign_brings_nothing_in(app, device, deliver):
    said = answer("phq9.q1", value=1)

    refused = deliver(_another_campaign(app, device).seal(said))

    assert refused.json == {"stored": [], "conflicts": [], "refused": [said["id"]]}
    assert _rows(app) == []


def test_forged_tickets_bring_nothing_in(app, device, deliver):
    kind, sitting, signature = device.ticket.split(".")
    other = "A" * len(sitting)
    forged = [
        f"{kind}.{other}.{signature}",
        f"{kind}.{sitting}.{signature[::-1]}",
        f"{kind}.{sitting}.",
        f"{kind}.{sitting}",
        f"o.{sitting}.{other}.{signature}",
        "",
    ]

    sent = [
        Device(device.to, device.key, ticket).seal(answer("phq9.q1", value=1)) for ticket in forged
    ]
    receipt = deliver(*sent)

    assert receipt.json["refused"] == [one["id"] for one in sent]
    assert _rows(app) == []


def test_somebody_elses_answer_id_is_a_conflict_and_tells_nothing(app, slip, device, deliver):
    said = answer("phq9.q1", value=3)
    deliver(device.seal(said))
    with app.app_context():
        begin_write()
        other = sittings.classmate_of(db.session.query(Assessment).one().invitation).token
        db.session.commit()
    stranger = app.test_client()
    sittings.walk_in(stranger, other)
    theirs = Device.with_page(stranger.get(sittings.agree(stranger)).text)

    receipt = deliver(theirs.seal(said))

    assert receipt.json == {"stored": [], "conflicts": [said["id"]]}
    with app.app_context():
        sitting = db.session.query(Assessment).order_by(Assessment.id).first()
        assert [r.value for r in current_responses(sitting.id)["phq9"].values()] == [3]


@pytest.mark.parametrize("part", ["id", "to", "data"])
def test_altered_envelope_does_not_open_and_stops_no_other(app, device, deliver, part):
    altered, intact = (device.seal(answer("phq9.q1", value=value)) for value in (1, 2))
    altered[part] = {"id": str(uuid.uuid4()), "to": "A" * 22}.get(
        part, altered[part][:-8] + "AAAAAAA="
    )

    receipt = deliver(altered, intact)

    assert receipt.json["stored"] == [intact["id"]]
    assert receipt.json["refused"] == [altered["id"]]
    assert _rows(app) == [("q1", 2)]


@pytest.mark.parametrize(
    "said",
    [
        {"value": 4},
        {"value": "1"},
        {"name": "gad7.q1", "value": 1},
        {"value": 1, "seq": 9},
        {"do": "open"},
    ],
)
def test_what_was_never_asked_is_refused_alone(app, device, deliver, said):
    odd, sound = answer("phq9.q1") | said, answer("phq9.q2", value=1)

    receipt = deliver(device.seal(odd), device.seal(sound))

    assert receipt.json == {"stored": [sound["id"]], "conflicts": [], "refused": [odd["id"]]}
    assert _rows(app) == [("q2", 1)]


@pytest.mark.parametrize("ticket", ["\ud800", 5, None, ["s"], {"s": 1}, "s." + "a" * 9_000])
def test_mad_ticket_is_refused_alone(app, device, deliver, ticket):
    odd, sound = answer("phq9.q1", value=1), answer("phq9.q2", value=1)

    receipt = deliver(device.seal(odd, ticket=ticket), device.seal(sound))

    assert receipt.json == {"stored": [sound["id"]], "conflicts": [], "refused": [odd["id"]]}
    assert _rows(app) == [("q2", 1)]


@pytest.mark.parametrize(
    "body", [None, [], {}, {"sealed": {}}, {"sealed": [1]}, {"sealed": [{}] * 501}]
)
def test_body_without_envelopes_is_refused(client, body):
    assert client.post("/s/sealed", json=body).status_code == 422


def test_wish_to_talk_without_a_line_reaches_the_queue_once(app, device, deliver):
    wish = device.seal(deed("talk"))

    for _ in range(3):
        deliver(wish)

    with app.app_context():
        assert db.session.query(QueueEntry).one().is_asked_for
        assert db.session.query(Flag).count() == 1


def test_visit_of_an_open_link_begins_with_its_late_answers_though_the_link_is_shut(
    app, client, made, deliver
):
    link = made(sittings.open_link, "token")
    device = Device.with_page(client.get(f"/o/{link}").text, assent="yes")
    with app.app_context():
        begin_write()
        close_campaign(actor=OPERATOR, campaign=db.session.query(Campaign).one())
        db.session.commit()

    journey = _finished(device)
    for _ in range(2):
        deliver(*journey)

    with app.app_context():
        assert db.session.query(Assessment).one().state is AssessmentState.SUBMITTED
        assert db.session.query(Response).count() == 11


def test_visitor_who_has_not_agreed_brings_nothing_in(app, client, made, deliver):
    device = Device.with_page(client.get(f"/o/{made(sittings.open_link, 'token')}").text)

    receipt = deliver(device.seal(answer("phq9.q1", value=1)))

    assert len(receipt.json["refused"]) == 1
    assert _rows(app) == []


def test_pressing_finish_without_a_line_hides_the_sitting_in_this_browser(client, device):
    before = client.get("/s").location
    client.set_cookie("over", "1")

    after = client.get("/s").location

    assert (before, after) == ("/s/1", "/i")
