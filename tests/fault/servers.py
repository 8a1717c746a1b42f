"""A real server process, as it is deployed, and devices that send until they have a receipt."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections import Counter
from pathlib import Path

from app import create_app
from app.assessments.models import Assessment
from app.assessments.routes.pages import outbox
from app.assessments.service import ticket_for
from app.config import Settings
from app.platform import clock
from app.platform.db import begin_write, db
from tests.conftest import NOW
from tests.factories import assessments as sittings
from tests.factories.devices import Device
from tests.fault.lines import PATIENCE, post

#: A device that was not heard for so long will not be heard: the test fails and does not hang.
GIVES_UP_AFTER = 240


#: Below the ports that Linux gives to whoever calls somewhere: while a server is down, nobody gets
#: its port by chance.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    # pytest-randomly lets `random` begin alike in every process, and two of them run at once.
    chance = random.SystemRandom()
    while True:
        port = chance.choice(PORTS)
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def fuse_of(settings: Settings) -> Path:
    """While this file is there, `tests.fault.dying` dies in its next commit."""
    return settings.data_dir / "fuse"


def let_pass(settings: Settings, seconds: int) -> None:
    """So much later it is for `tests.fault.later` from its next start."""
    (settings.data_dir / "later").write_text(str(seconds))


def lateness_of(settings: Settings) -> int:
    """How many seconds have passed for `tests.fault.later`."""
    written = settings.data_dir / "later"
    return int(written.read_text()) if written.exists() else 0


class Server:
    """gunicorn as it is deployed: one process that serves, one that starts it anew."""

    def __init__(self, settings: Settings, port: int, application: str = "wsgi:app") -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.environ = os.environ | {
            "XINQIAO_DATA_DIR": str(settings.data_dir),
            "XINQIAO_DATABASE_URL": settings.database_url,
            "XINQIAO_KEYRING_FILE": str(settings.keyring_file),
        }
        self.application = application
        self.master = self._start(port)

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        words = f"{self.application} --bind 127.0.0.1:{port}"
        words += " --log-level critical --no-control-socket"
        words += (
            " --worker-class app.platform.threads.PatientWorker --workers 1 --threads 8 --preload"
        )
        return subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *words.split()], env=self.environ
        )

    def wait_until_ready(self) -> None:
        """Requests are answered."""
        end = time.monotonic() + GIVES_UP_AFTER
        while time.monotonic() < end:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.address}/readyz", timeout=PATIENCE),
            ):
                return
            time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill_worker(self) -> bool:
        """As the kernel does when memory is short, or somebody pulls the plug."""
        for pid in self.workers():
            with contextlib.suppress(ProcessLookupError):  # it has just gone by itself
                os.kill(pid, signal.SIGKILL)
                return True
        return False

    def lose_power(self) -> None:
        """Everything at once."""
        workers = self.workers()
        self.master.kill()
        for pid in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.master.wait(PATIENCE)

    def come_back(self) -> None:
        """Somebody starts the machine again."""
        self.master = self._start(int(self.address.rpartition(":")[2]))

    def stop(self) -> None:
        self.master.terminate()
        self.master.wait(PATIENCE)


def begin_on(count: int, settings: Settings) -> list[Device]:
    """Sittings that were begun on as many devices."""
    app = create_app(settings)
    with app.app_context(), clock.frozen(NOW):
        begin_write()
        for _ in range(count):
            sittings.sitting()
        db.session.commit()
        devices = [
            Device(one.campaign, one.key, one.ticket)
            for sitting in db.session.query(Assessment)
            for one in [outbox(sitting.campaign.public_id, ticket_for(sitting))]
        ]
        db.session.remove()
        db.engine.dispose()
    return devices


class Sender(threading.Thread):
    """One device that sends its answers until each is acknowledged."""

    def __init__(self, address: str, device: Device, share: int) -> None:
        super().__init__(daemon=True)
        self.address, self.device, self.share = address, device, share
        self.attempted: set[str] = set()
        self.acknowledged: set[str] = set()
        #: How often it was told what; 0 is no answer.
        self.told: Counter[int] = Counter()

    def run(self) -> None:
        end = time.monotonic() + GIVES_UP_AFTER
        for number in range(self.share):
            said = {"id": str(uuid.uuid4()), "name": f"phq9.q{1 + number % 9}", "value": number % 4}
            envelope = self.device.seal(said)
            self.attempted.add(said["id"])
            while not self._send(envelope) and time.monotonic() < end:
                time.sleep(0.05)

    def _send(self, envelope: dict[str, str]) -> bool:
        status, receipt = post(f"{self.address}/s/sealed", {"sealed": [envelope]})
        self.told[status] += 1
        if receipt is None:
            return False
        self.acknowledged.update(receipt["stored"])
        return bool(receipt["stored"])
