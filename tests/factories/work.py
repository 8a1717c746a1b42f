"""The worker's round, without a worker."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask

from app.platform import clock, jobs


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
