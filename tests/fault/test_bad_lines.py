"""Journeys over a line that cuts, delays and loses replies, and beside hundreds of others (P48)."""

import contextlib
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from app import create_app
from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment, Response
from app.platform.db import db
from tests.factories.devices import answer, deed
from tests.fault.lines import PATIENCE, bad_line, post
from tests.fault.servers import Server, begin_on, free_port

JOURNEYS, IDLE = 12, 500
#: Four of ten tries fail: so many in a row would be a line that carries nothing.
MOST_TRIES = 60


@pytest.fixture
def server(settings):
    started = Server(settings, free_port())
    try:
        started.wait_until_ready()
        yield started
    finally:
        started.stop()


def _journey(device, address):
    """Every tap is sent with all that has no receipt yet, the last until there is none."""
    taps = [answer(f"phq9.q{n}", value=1) for n in range(1, 10)]
    taps += [answer("closing.talk", value=0), answer("closing.company", value=0), deed("finish")]
    waiting = {}
    for said in taps:
        waiting[said["id"]] = device.seal(said)
        _send(waiting, address)
    for _ in range(MOST_TRIES):
        if not waiting:
            return True
        _send(waiting, address)
    return False


def _send(waiting, address):
    _, receipt = post(f"{address}/s/sealed", {"sealed": list(waiting.values())})
    for done in receipt["stored"] if receipt else ():
        waiting.pop(done, None)


def test_every_journey_over_a_bad_line_ends_with_one_row_each(settings, server):
    devices = begin_on(JOURNEYS, settings)
    port = int(server.address.rpartition(":")[2])

    with bad_line(port, seed=1) as (end, line), ThreadPoolExecutor(4) as phones:
        has_ended = list(phones.map(partial(_journey, address=f"http://127.0.0.1:{end}"), devices))

    with create_app(settings).app_context():
        rows = Counter((row.assessment_id, row.item_code) for row in db.session.query(Response))
        states = [sitting.state for sitting in db.session.query(Assessment)]
        db.session.remove()
        db.engine.dispose()
    assert set(line.did) == {"passes", "cut before", "cut within", "reply lost", "slow"}
    assert set(rows.values()) == {1}
    assert len(rows) == JOURNEYS * 11
    assert states == [AssessmentState.SUBMITTED] * JOURNEYS
    assert has_ended == [True] * JOURNEYS


def test_hundreds_of_silent_connections_hold_nobody_up(settings, server):
    [device] = begin_on(1, settings)
    port = int(server.address.rpartition(":")[2])

    # A thread that waits five seconds for each of them would come to this request after minutes.
    with contextlib.ExitStack() as silent:
        for _ in range(IDLE):
            silent.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
        status, _ = post(
            f"{server.address}/s/sealed", {"sealed": [device.seal(answer("phq9.q1", value=1))]}
        )

    assert status == 200
