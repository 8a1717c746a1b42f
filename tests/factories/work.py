"""The worker's round, without a worker."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask

from app.platform import clock, jobs
from app.platform.db import begin_write, db


def run_due() -> int:
    """Do everything that is due now, one job after the other; how many were tried."""
    tried = 0
    while (lease := jobs.take()) is not None:
        jobs.work(lease)
        tried += 1
    return tried


def elsewhere(app: Flask, moment: datetime, do: Callable[[], Any]) -> Any:
    """What `do` finds in another process at that moment: nothing of this one's transaction."""
    found: list[Any] = []

    def run() -> None:
        with app.app_context(), clock.frozen(moment):
            found.append(do())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def at_once(app: Flask, deeds: list[Callable[[], None]]) -> None:
    """Every deed in a thread, a context and a transaction of its own, started together."""
    start = threading.Barrier(len(deeds))

    def run(deed: Callable[[], None]) -> None:
        with app.app_context():
            start.wait()
            begin_write()
            deed()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def outcome_in(outcomes: list[str], deed: Callable[[], None]) -> Callable[[], None]:
    """The deed, committed, and whether it was done or what stopped it."""

    def run() -> None:
        try:
            deed()
            db.session.commit()
            outcomes.append("done")
        except Exception as error:
            db.session.rollback()
            outcomes.append(type(error).__name__)

    return run
