"""PostgreSQL is restarted, and the web beside it killed, while answers come (P1, P10).

The server of the tests is told to commit in its own time (`tests.databases.HURRIED`), as somebody
may have told a school's: what is acknowledged has to be kept all the same.
"""

import time

import pytest

from tests.databases import PostgresDatabases
from tests.fault.receipts import assert_receipts_hold
from tests.fault.servers import Sender, Server, begin_on, free_port

pytestmark = pytest.mark.postgres

ANSWERS, DEVICES = 80, 4
#: After every so many answers that were acknowledged something falls over.
SPELL = 10


def test_no_receipt_is_broken_and_nobody_is_told_that_something_went_wrong(
    postgres: PostgresDatabases, tmp_path
):
    settings = postgres.fresh(tmp_path)
    devices = begin_on(DEVICES, settings)
    server = Server(settings, free_port())
    senders = [Sender(server.address, device, ANSWERS // DEVICES) for device in devices]
    blows = [
        lambda: postgres.server.restart("fast"),
        server.kill_worker,
        lambda: postgres.server.restart("immediate"),
    ]
    struck = 0
    try:
        server.wait_until_ready()
        for sender in senders:
            sender.start()
        while any(sender.is_alive() for sender in senders):
            if sum(len(sender.acknowledged) for sender in senders) >= SPELL * (struck + 1):
                blows[struck % len(blows)]()
                struck += 1
            time.sleep(0.02)
    finally:
        server.stop()

    assert_receipts_hold(settings, senders, answers=ANSWERS)
    assert sum(sender.told[500] for sender in senders) == 0
    assert struck >= ANSWERS // SPELL // 2
