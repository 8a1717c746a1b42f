"""PostgreSQL is restarted, and the web beside it killed, while answers come (P1, P10)."""

import time
from itertools import cycle, islice

import pytest
from sqlalchemy import make_url

from tests.databases import PostgresDatabases
from tests.fault.receipts import assert_receipts_hold
from tests.fault.servers import Sender, Server, begin_on, free_port

pytestmark = pytest.mark.postgres

ANSWERS, DEVICES, BLOWS = 120, 4, 8
PAUSE = 0.4


def test_no_receipt_is_broken_and_nobody_is_told_that_something_went_wrong(
    postgres: PostgresDatabases, tmp_path
):
    settings = postgres.fresh(tmp_path)
    # The server of the tests is in a hurry; what is acknowledged here it has to keep.
    name = make_url(settings.database_url).database
    postgres.server.sql(f"ALTER DATABASE {name} SET synchronous_commit = on")
    devices = begin_on(DEVICES, settings)
    server = Server(settings, free_port())
    blows = cycle(
        [
            lambda: postgres.server.restart("fast"),
            server.kill_worker,
            lambda: postgres.server.restart("immediate"),
        ]
    )
    senders = [Sender(server.address, device, ANSWERS // DEVICES) for device in devices]
    struck = 0
    try:
        for sender in senders:
            sender.start()
        for blow in islice(blows, BLOWS):
            time.sleep(PAUSE)
            if any(sender.is_alive() for sender in senders):
                blow()
                struck += 1
        for sender in senders:
            sender.join()
    finally:
        server.stop()

    assert_receipts_hold(settings, senders, answers=ANSWERS)
    assert sum(sender.told[500] for sender in senders) == 0
    assert struck > BLOWS // 2
