"""wkhtmltopdf in a cage: no network, files, scripts or options from the page; hard limits."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import gettext

INSTALL = "sudo apt-get install --no-install-recommends wkhtmltopdf fonts-noto-cjk"

ADDRESS_SPACE_BYTES = 2 * 1024**3  # wkhtmltopdf reserves far more than it uses, and crashes at 1 GB
RESIDENT_BYTES = 512 * 1024**2
CPU_SECONDS = 20
WALL_SECONDS = 60
POLL_SECONDS = 0.1

OPTIONS = {
    "page-size": "A4",
    "margin-top": "16mm",
    "margin-bottom": "18mm",
    # Room for the holes of a binder; what is printed stays 180 mm wide.
    "margin-left": "20mm",
    "margin-right": "10mm",
    "encoding": "UTF-8",
    "quiet": "",
    "disable-local-file-access": "",
    "disable-javascript": "",
    "disable-plugins": "",
    "disable-external-links": "",
    # A dead port: where the kernel gives us no empty network, requests still end here.
    "proxy": "http://127.0.0.1:9",
}


class PdfError(RuntimeError):
    """Printing did not work; the message says why and how to mend it."""


class PdfUnavailable(PdfError):  # noqa: N818 -- named for what the reader is told
    """This machine cannot print: a program or a font is missing."""


class PdfFailed(PdfError):  # noqa: N818 -- as above
    """The engine was there, and this print failed."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether this machine can print, and if not, why and how to mend it."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason


def available() -> Availability:
    """Look for the program and for a Chinese font."""
    if not shutil.which("wkhtmltopdf"):
        missing = gettext("Printing needs wkhtmltopdf. To install it: %(command)s", command=INSTALL)
        return Availability(missing)
    if not _has_chinese_font():
        missing = gettext(
            "Printing needs a Chinese font. To install it: %(command)s", command=INSTALL
        )
        return Availability(missing)
    return Availability()


@dataclass(frozen=True, slots=True)
class Wkhtmltopdf:
    """Print one HTML text; its own process, its own limits, nothing left behind."""

    cage: tuple[str, ...]
    wall_seconds: float = WALL_SECONDS
    resident_bytes: int = RESIDENT_BYTES

    @classmethod
    def found(cls) -> "Wkhtmltopdf":
        """The engine of this machine, or PdfUnavailable."""
        if not (state := available()):
            raise PdfUnavailable(state.reason)
        return cls(cage=limits() + network_namespace())

    def __call__(self, html: str) -> bytes:
        """The PDF of one HTML document."""
        with _scratch_folder() as folder:
            return self._print(html, folder)

    def _print(self, html: str, folder: str) -> bytes:
        page = Path(folder, "page.html")
        page.write_text(html, encoding="utf-8")
        with page.open("rb") as source:
            process = subprocess.Popen(
                [*self.cage, *_command(html)],
                stdin=source,  # a pipe would stall: communicate() forgets its input after a timeout
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # it may quote the page, and the page is confidential
                env=_environment(folder),
                start_new_session=True,
            )
        try:
            printed = self._wait(process)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        if process.returncode != 0 or not printed.startswith(b"%PDF"):
            raise PdfFailed(_explain_exit(process.returncode))
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


def engine_of_this_machine() -> Wkhtmltopdf:
    """What prints here, or PdfUnavailable."""
    return Wkhtmltopdf.found()


@cache
def limits() -> tuple[str, ...]:
    """The command prefix that caps memory and processor time and forbids core dumps."""
    if not shutil.which("prlimit"):
        return ()
    return ("prlimit", f"--as={ADDRESS_SPACE_BYTES}", f"--cpu={CPU_SECONDS}", "--core=0")


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


def _command(html: str) -> list[str]:
    """pdfkit's command line; it is run here because pdfkit itself knows no limits."""
    import pdfkit

    configuration = pdfkit.configuration(
        wkhtmltopdf=shutil.which("wkhtmltopdf") or "",
        # pdfkit obeys <meta name="PREFIX…"> in the page (CVE-2025-26240): nobody knows this prefix.
        meta_tag_prefix=secrets.token_hex(16),
    )
    printer = pdfkit.PDFKit(html, "string", options=OPTIONS, configuration=configuration)
    command: list[str] = printer.command()
    return command


@contextmanager
def _scratch_folder() -> Iterator[str]:
    """A private folder, in memory where possible: wkhtmltopdf writes the page into it."""
    memory = Path("/dev/shm")  # noqa: S108 -- mkdtemp makes an unguessable 0700 folder in it
    parent = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="xinqiao-print-", dir=parent) as folder:
        yield folder


def _environment(folder: str) -> dict[str, str]:
    """Only what printing needs: our own secrets lie in the environment, too."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "XDG_RUNTIME_DIR": folder,
    }


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    with _scratch_folder() as folder:
        found = subprocess.run(
            ["fc-list", ":lang=zh", "family"],
            capture_output=True,
            check=False,
            env=_environment(folder),
        )
    return bool(found.stdout.strip())


def _resident(pid: int) -> int:
    """Resident bytes of a process; 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _explain_exit(code: int) -> str:
    explanation: str = gettext(
        "wkhtmltopdf ended with code %(code)s. It does so when a page refers to something outside "
        "itself, or needs more than %(seconds)s s of processor time.",
        code=code,
        seconds=CPU_SECONDS,
    )
    return explanation
