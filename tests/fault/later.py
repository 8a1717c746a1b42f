"""The application as it is served, in a process whose clock is ahead by what lies in a file.

gunicorn imports this module; a test that wants minutes to pass writes them down and starts the
server again, as after a power cut. Signatures have their times from `time.time`, everything else
from our clock.
"""

import time
from datetime import datetime, timedelta

from app import create_app
from app.platform import clock
from tests.fault.servers import lateness_of

real_time, real_now = time.time, clock.now

app = create_app()
later = lateness_of(app.config["SETTINGS"])


def time_then() -> float:
    """Seconds since 1970, as this server sees them."""
    return real_time() + later


def now_then() -> datetime:
    """The present moment, as this server sees it."""
    return real_now() + timedelta(seconds=later)


time.time, clock.now = time_then, now_then
