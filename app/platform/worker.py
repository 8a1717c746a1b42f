"""The worker: does what is due, about once a second, and shows by its beat that it still does.

It is a process of its own beside the web. Killed at any moment it loses nothing: what it was doing
is a row whose lease runs out.
"""

import logging
import os
import socket
import threading
import time
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask

from app.platform import beats, jobs

PAUSE_SECONDS = 1.0
BEAT_SECONDS = 10.0
PING_SECONDS = 60.0
PING_TIMEOUT = 5.0
#: How often it is checked that periodic work is waiting.
TIDY_SECONDS = 30.0

_log = logging.getLogger(__name__)


class Worker:
    """One worker; `run` works until `stop` is called, and ends after the job under way."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name = f"{socket.gethostname()[:60]}-{os.getpid()}"
        self.ping_url: str = app.config["SETTINGS"].ping_url
        self._stopping = threading.Event()
        self._steps = 0
        self._steps_at_beat = -1
        #: The lease of the job under way, which the beating thread keeps.
        self._lease: jobs.Lease | None = None
        self._pinged_at = float("-inf")

    def stop(self) -> None:
        """Ask the worker to end; the job under way is finished."""
        self._stopping.set()

    def run(self) -> None:
        """Work and beat until `stop`."""
        with self.app.app_context():
            beats.forget_old_beats()
        beating = threading.Thread(target=self._beat_on, name="beat", daemon=True)
        beating.start()
        tidied_at = float("-inf")
        while not self._stopping.is_set():
            if time.monotonic() - tidied_at > TIDY_SECONDS:
                tidied_at = time.monotonic()
                self.step(tidy=True)
            if not self.step():
                self._stopping.wait(PAUSE_SECONDS)
        beating.join(BEAT_SECONDS)

    def step(self, *, tidy: bool = False) -> bool:
        """Do one due job; whether there was one. A database out of reach is tried again later."""
        try:
            with self.app.app_context():
                if tidy:
                    jobs.ask_for_periodic()
                self._lease = lease = jobs.take()
                if lease is not None:
                    jobs.work(lease)
        except Exception as error:
            # Its kind, never its message: messages may carry what people said.
            _log.error("the worker could not work: %s", type(error).__name__)
            return False
        finally:
            self._lease = None
        self._steps += 1
        return lease is not None

    def beat(self) -> bool:
        """Beat if there was progress since the last time; a hung job is no progress."""
        if self._steps == self._steps_at_beat:
            return False
        steps = self._steps
        try:
            with self.app.app_context():
                beats.beat(self.name)
        except Exception as error:
            _log.error("the worker could not say that it lives: %s", type(error).__name__)
            return False
        self._steps_at_beat = steps
        self._ping()
        return True

    def keep_lease(self) -> None:
        """Say that the job under way is still being worked at, so that nobody else takes it."""
        lease = self._lease
        if lease is None:
            return
        try:
            with self.app.app_context():
                jobs.keep(lease)
        except Exception as error:
            _log.error("the worker could not keep its job: %s", type(error).__name__)

    def _beat_on(self) -> None:
        self._stopping.wait(PAUSE_SECONDS)  # the first step is under way
        while not self._stopping.is_set():
            self.keep_lease()
            self.beat()
            self._stopping.wait(BEAT_SECONDS / 2)

    def _ping(self) -> None:
        """Tell the watcher outside that all is well; it raises the alarm when this stops."""
        if not self.ping_url or time.monotonic() - self._pinged_at < PING_SECONDS:
            return
        self._pinged_at = time.monotonic()
        try:
            urlopen(self.ping_url, timeout=PING_TIMEOUT).close()  # noqa: S310 -- checked by Settings
        except (URLError, OSError, ValueError) as error:
            _log.warning("the ping did not get through: %s", type(error).__name__)
