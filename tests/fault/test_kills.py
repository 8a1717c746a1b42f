"""A real server is killed again and again while answers come: receipts and rows agree (P1)."""

import random
import time

from app import create_app
from app.assessments.models import Response
from app.platform.db import db
from tests.factories.devices import answer
from tests.fault.lines import post
from tests.fault.receipts import assert_receipts_hold
from tests.fault.servers import Sender, Server, begin_on, free_port, fuse_of

ANSWERS, KILLS, DEVICES = 160, 24, 4
EVERY = (0.15, 0.4)


def test_no_receipt_is_broken_by_kills(settings):
    devices = begin_on(DEVICES, settings)
    server = Server(settings, free_port())
    senders = [Sender(server.address, device, ANSWERS // DEVICES) for device in devices]
    chance = random.Random(1)
    kills = 0
    try:
        for sender in senders:
            sender.start()
        while any(sender.is_alive() for sender in senders):
            time.sleep(chance.uniform(*EVERY))
            kills += kills < KILLS and server.kill_worker()
    finally:
        server.stop()

    assert_receipts_hold(settings, senders, answers=ANSWERS)
    assert kills >= KILLS // 2


def test_nothing_is_acknowledged_before_it_is_committed(settings):
    """The kills above fall between ten commits a second; this one falls into the commit."""
    [device] = begin_on(1, settings)
    server = Server(settings, free_port(), "tests.fault.dying:app")
    envelopes = {"sealed": [device.seal(answer("phq9.q1", value=1))]}
    try:
        server.wait_until_ready()
        fuse_of(settings).touch()
        _, too_early = post(f"{server.address}/s/sealed", envelopes)
        has_died = not fuse_of(settings).exists()
        lost = _stored(settings)
        server.wait_until_ready()
        _, receipt = post(f"{server.address}/s/sealed", envelopes)
    finally:
        server.stop()

    assert has_died
    assert (too_early, lost) == (None, [])
    assert receipt["stored"] == _stored(settings) == [envelopes["sealed"][0]["id"]]


def _stored(settings):
    with create_app(settings).app_context():
        rows = [row.public_id for row in db.session.query(Response)]
        db.session.remove()
        db.engine.dispose()
    return rows
