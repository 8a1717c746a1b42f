"""Servers for a measurement: gunicorn with one app, and PostgreSQL that keeps what it commits."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import PostgresServer, postgres_programs

ROOT = Path(__file__).resolve().parents[2]
TICK = os.sysconf("SC_CLK_TCK")

#: Seconds within which a server listens, also on a machine that is busy.
WAIT = 120


@dataclass
class Server:
    """A running gunicorn and where it listens."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu_seconds(self) -> float:
        """What its processes have used so far; workers are children of the first."""
        return sum(_cpu(pid) for pid in (self.process.pid, *_children(self.process.pid)))


@contextmanager
def serving(
    target: str, environ: Mapping[str, str], *, port: int, workers: int, threads: int
) -> Iterator[Server]:
    """Serve `module:app` on the loopback address until the block ends."""
    words = [f"--workers={workers}", f"--threads={threads}", "--worker-class=gthread"]
    words += [f"--bind=127.0.0.1:{port}", "--no-control-socket", "--log-level=warning"]
    words += ["--worker-tmp-dir=/dev/shm"] if Path("/dev/shm").is_dir() else []
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", target, *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
    )
    try:
        _wait_for(port, process)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(timeout=40)


@contextmanager
def postgres() -> Iterator[PostgresServer | None]:
    """A private PostgreSQL with fsync on; nothing where it is not installed."""
    programs = postgres_programs()
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="xq-pg-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(programs, Path(folder), durable=True)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def backends_cpu_seconds(folder: Path) -> float:
    """What the processes of a PostgreSQL in this folder have used."""
    first = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    return sum(_cpu(pid) for pid in (first, *_children(first)))


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing listens on port {port}")


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in tasks.read_text().split()]


def _cpu(pid: int) -> float:
    """User and system time of a process, and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICK
