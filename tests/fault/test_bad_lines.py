"""Journeys over a line that cuts, delays and loses replies, and beside hundreds of others (P48)."""

import contextlib
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from app import create_app
from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment, Response
from app.platform.db import db
from tests.factories.devices import answer, deed
from tests.fault.lines import bad_line, free_port, post
from tests.fault.servers import Server, begin_on

JOURNEYS, MOST_TRIES, IDLE = 12, 10, 500


@pytest.fixture
def server(settings):
    started = Server(settings, free_port())
    while post(f"{started.address}/s/sealed", {"sealed": []})[0] != 200:
        time.sleep(0.1)
    yield started
    started.stop()


def _journey(device, address):
    """Every tap is sent with all that has no receipt yet; how many tries the longest needed."""
    taps = [answer(f"phq9.q{n}", value=1) for n in range(1, 10)]
    taps += [answer("closing.talk", value=0), answer("closing.company", value=0), deed("finish")]
    waiting, tries = {}, Counter()
    for said in taps:
        waiting[said["id"]] = device.seal(said)
        while said is taps[-1] or not tries[said["id"]]:
            tries.update(waiting.keys())
            _, receipt = post(f"{address}/s/sealed", {"sealed": list(waiting.values())})
            for done in receipt["stored"] if receipt else ():
                waiting.pop(done, None)
            if not waiting:
                break
    return max(tries.values())


def test_every_journey_over_a_bad_line_ends_with_one_row_each(settings, server):
    devices = begin_on(JOURNEYS, settings)
    port = int(server.address.rpartition(":")[2])

    with bad_line(port, seed=1) as (end, line), ThreadPoolExecutor(4) as phones:
        tries = list(phones.map(partial(_journey, address=f"http://127.0.0.1:{end}"), devices))

    with create_app(settings).app_context():
        rows = Counter((row.assessment_id, row.item_code) for row in db.session.query(Response))
        states = [sitting.state for sitting in db.session.query(Assessment)]
        db.session.remove()
        db.engine.dispose()
    assert set(line.did) == {"passes", "cut before", "cut within", "reply lost", "slow"}
    assert set(rows.values()) == {1}
    assert len(rows) == JOURNEYS * 11
    assert states == [AssessmentState.SUBMITTED] * JOURNEYS
    assert max(tries) <= MOST_TRIES


def test_hundreds_of_silent_connections_hold_nobody_up(settings, server):
    [device] = begin_on(1, settings)
    port = int(server.address.rpartition(":")[2])

    with contextlib.ExitStack() as silent:
        for _ in range(IDLE):
            silent.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        begun = time.monotonic()
        status, _ = post(
            f"{server.address}/s/sealed", {"sealed": [device.seal(answer("phq9.q1", value=1))]}
        )
        took = time.monotonic() - begun

    assert status == 200
    assert took < 3
