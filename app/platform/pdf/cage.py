"""The cage an engine prints in: a child without network, files or our environment; hard limits."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import gettext

POLL_SECONDS = 0.1


class PdfError(RuntimeError):
    """Printing did not work; the message says why and how to mend it."""


class PdfUnavailable(PdfError):  # noqa: N818 -- named for what the reader is told
    """This machine cannot print: a program or a font is missing."""


class PdfFailed(PdfError):  # noqa: N818 -- as above
    """The engine was there, and this print failed."""


@dataclass(frozen=True, slots=True)
class Cage:
    """What stands around an engine: the words before its command, and how much it may take."""

    prefix: tuple[str, ...] = ()
    wall_seconds: float = 60
    resident_bytes: int = 512 * 1024**2

    def run(self, command: Sequence[str], html: str, *, explain: Callable[[int], str]) -> bytes:
        """The PDF that `command` makes of the text on its standard input."""
        with scratch_folder() as folder:
            page = Path(folder, "page.html")
            page.write_text(html, encoding="utf-8")
            with page.open("rb") as source:
                process = subprocess.Popen(
                    [*self.prefix, *command],
                    # Not a pipe, for communicate() forgets its input after a timeout.
                    stdin=source,
                    stdout=subprocess.PIPE,
                    # It may quote the page, and the page is confidential.
                    stderr=subprocess.DEVNULL,
                    env=bare_environment(folder),
                    start_new_session=True,
                )
            try:
                printed = self._wait(process)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                raise
        if process.returncode != 0 or not printed.startswith(b"%PDF"):
            raise PdfFailed(explain(process.returncode))
        return printed

    def _wait(self, process: "subprocess.Popen[bytes]") -> bytes:
        deadline = time.monotonic() + self.wall_seconds
        while True:
            try:
                return process.communicate(timeout=POLL_SECONDS)[0]
            except subprocess.TimeoutExpired:
                self._check_limits(process.pid, deadline)

    def _check_limits(self, pid: int, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise PdfFailed(gettext("Printing took too long and was stopped. Print fewer at once."))
        if _resident(pid) > self.resident_bytes:
            raise PdfFailed(
                gettext("Printing needed too much memory and was stopped. Print fewer at once.")
            )


def limits(*, address_space: int, cpu_seconds: int) -> tuple[str, ...]:
    """The command prefix that caps memory and processor time and forbids core dumps."""
    if not shutil.which("prlimit"):
        return ()
    return ("prlimit", f"--as={address_space}", f"--cpu={cpu_seconds}", "--core=0")


@cache
def network_namespace() -> tuple[str, ...]:
    """The command prefix that takes the network away, where this machine allows it."""
    if not shutil.which("unshare"):
        return ()
    # The first way is open to everybody on Debian, the second to root inside a chroot.
    for prefix in (("unshare", "--map-root-user", "--net"), ("unshare", "--net")):
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
            return prefix
    return ()


@contextmanager
def scratch_folder() -> Iterator[str]:
    """A private folder, in memory where possible: the page lies in it."""
    memory = Path("/dev/shm")  # noqa: S108 -- mkdtemp makes an unguessable 0700 folder in it
    parent = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="xinqiao-print-", dir=parent) as folder:
        yield folder


def bare_environment(folder: str) -> dict[str, str]:
    """Only what printing needs: our own secrets lie in the environment, too."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "XDG_RUNTIME_DIR": folder,
    }


def _resident(pid: int) -> int:
    """Resident bytes of a process; 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
