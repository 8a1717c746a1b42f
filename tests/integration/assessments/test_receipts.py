"""Answers saved at the tap: each stored once however often sent, none that was never asked."""

import json
import uuid

import pytest

from app.assessments.models import Response
from app.cases.models import QueueEntry
from app.platform.db import db
from app.results.models import Flag
from tests.factories import assessments as sittings

#: The first half of an emoji, as a script can say it in JSON.
HALF = "\ud83d"


@pytest.fixture
def tap(client, slip):
    """Send answers of a sitting that was begun and agreed to."""
    sittings.walk_in(client, slip)
    sittings.agree(client)

    def send(*answers):
        return client.post("/s/responses", json={"answers": list(answers)})

    return send


def _answer(item="q1", **said):
    return {"id": str(uuid.uuid4()), "name": f"phq9.{item}", **said}


def _rows(app):
    with app.app_context():
        return [(row.item_code, row.value, row.refused) for row in db.session.query(Response)]


def test_answer_sent_again_gets_the_same_receipt_and_one_row(app, tap):
    answer = _answer(value=2)

    receipts = [tap(answer).json for _ in range(3)]

    assert receipts == [{"stored": [answer["id"]], "conflicts": []}] * 3
    assert _rows(app) == [("q1", 2, False)]


def test_answer_sent_twice_in_one_request_is_one_row(app, tap):
    answer = _answer(value=2)

    tap(answer, answer)

    assert _rows(app) == [("q1", 2, False)]


def test_same_id_with_another_content_is_a_conflict_and_both_are_kept(app, tap):
    answer = _answer(value=0)
    tap(answer)

    clashes = [tap(answer | {"value": 3}) for _ in range(2)]

    assert [clash.status_code for clash in clashes] == [409, 409]
    assert clashes[0].json == {"stored": [], "conflicts": [answer["id"]]}
    assert _rows(app) == [("q1", 0, False), ("q1", 3, False)]


def test_changed_mind_is_a_new_row(app, tap):
    tap(_answer(value=3))
    tap(_answer(value=0))

    assert _rows(app) == [("q1", 3, False), ("q1", 0, False)]


def test_critical_answer_stands_in_the_queue_before_the_sitting_ends(app, tap):
    tap(_answer("q9", value=2))
    tap(_answer("q9", value=0))

    with app.app_context():
        flag = db.session.query(Flag).one()
        assert (flag.code, flag.lane) == ("critical_q9", "fast")
        assert flag.edited_at is not None
        assert db.session.query(QueueEntry).count() == 1


def test_refusal_is_stored_as_such(app, tap):
    tap(_answer("q9", refused=True))

    assert _rows(app) == [("q9", None, True)]


@pytest.mark.parametrize(
    "tampered",
    [
        {"value": 4},
        {"value": "1"},
        {"value": True},
        {"value": None},
        {"value": 1, "refused": True},
        {"value": 1, "seq": 9},
        {"name": "phq9.q10", "value": 1},
        {"name": "gad7.q1", "value": 1},
        {"name": "closing.message", "value": 1},
        {"name": "closing.company", "value": 3},
        {"name": "closing.message", "text": "x" * 4001},
        {"id": "1", "value": 1},
        {"id": None, "value": 1},
        {"value": 10**400},
        {"value": -(10**400)},
    ],
)
def test_what_was_never_asked_is_refused_with_everything_beside_it(app, tap, tampered):
    refused = tap(_answer("q2", value=1), _answer() | tampered)

    assert refused.status_code == 422
    assert _rows(app) == []


@pytest.mark.parametrize("body", [None, [], {}, {"answers": {}}, {"answers": [1]}])
def test_body_without_answers_is_refused(client, tap, body):
    assert client.post("/s/responses", json=body).status_code == 422


@pytest.mark.parametrize("where", ["/s/responses", "/s/beat", "/s/sealed", "/o/anything/responses"])
def test_body_nested_without_end_is_no_body(client, tap, where):
    refused = client.post(where, data="[" * 200_000, content_type="application/json")

    assert refused.status_code in {204, 401, 404, 422}


def test_half_an_emoji_holds_up_neither_its_words_nor_what_comes_with_them(app, tap):
    words = {"id": str(uuid.uuid4()), "name": "closing.message", "text": "好\ud83d\x00的"}

    receipts = [tap(_answer(value=1), words) for _ in range(2)]

    assert [receipt.status_code for receipt in receipts] == [200, 200]
    with app.app_context():
        texts = [row.text for row in db.session.query(Response) if row.text]
    assert texts == ["好\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}的"]


@pytest.mark.parametrize("at", [None, "now", 1e300, -1e300, True, {}, 1_760_000_000_000])
def test_clock_of_the_device_never_stops_an_answer(app, tap, at):
    saved = tap(_answer(value=1, at=at))

    assert saved.status_code == 200


@pytest.mark.parametrize("at", [0, 253_402_300_799_000, -62_135_596_800_000])
def test_moment_before_all_this_or_at_the_end_of_time_is_left_out(app, tap, at):
    """Staff read the moment by the clock of their wall, in which the year 10000 has begun."""
    tap(_answer(value=1, at=at))

    with app.app_context():
        assert db.session.query(Response).one().answered_at is None


@pytest.mark.parametrize(
    "half", [{"ticket": HALF}, {"answers": [_answer(value=1) | {"id": HALF}]}, {"sent": HALF}]
)
def test_half_a_character_is_no_failure_of_ours(app, client, tap, half):
    said = {"answers": [_answer("q2", value=1)]} | half
    link = f"/o/{'x' * 22}/responses"

    codes = [
        client.post(address, data=json.dumps(said), content_type="application/json").status_code
        for address in ("/s/responses", "/s/beat", link, "/s/sealed")
    ]

    assert {code // 100 for code in codes} <= {2, 4}


def test_message_with_half_a_character_is_kept(app, client, tap):
    """A field that counts in halves may cut a face in two: the words beside it still count."""
    words = {"id": str(uuid.uuid4()), "name": "closing.message", "text": f"我想说{HALF}"}

    tap(words)

    with app.app_context():
        assert db.session.query(Response).one().text == "我想说\N{REPLACEMENT CHARACTER}"


def test_without_a_sitting_nothing_is_taken(client):
    assert client.post("/s/responses", json={"answers": []}).status_code == 401


@pytest.mark.parametrize(
    ("said", "kept"),
    [(2400, 2400), (0, 0), (-1, None), (10**12, None), ("long", None), (True, None), (None, None)],
)
def test_time_on_the_screen_is_kept_and_a_mad_one_left_out(app, tap, said, kept):
    receipt = tap(_answer(value=2, ms=said))

    assert receipt.status_code == 200
    with app.app_context():
        assert [row.shown_ms for row in db.session.query(Response)] == [kept]


def test_half_a_picture_at_the_end_of_a_text_does_not_keep_it_out(app, tap):
    """A script that cuts a text in the middle of an emoji sends half of one, again and again."""
    said = {"id": str(uuid.uuid4()), "name": "closing.message", "text": "好累\ud83d"}

    assert [tap(said).json["stored"] for _ in range(2)] == [[said["id"]]] * 2
    with app.app_context():
        assert db.session.query(Response).one().text == "好累\ufffd"
