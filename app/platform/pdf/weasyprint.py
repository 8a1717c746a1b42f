"""WeasyPrint, the engine for readers who listen: slower by far, and its PDF says what is what."""

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from flask_babel import gettext

from app.platform.pdf.cage import Cage, limits, network_namespace

#: Run by its path and isolated, the child sees the libraries and none of our modules or settings.
COMMAND = (sys.executable, "-I", str(Path(__file__).with_name("weasyprint_page.py")))

ADDRESS_SPACE_BYTES = 2 * 1024**3
RESIDENT_BYTES = 768 * 1024**2
# A chunk of 25 summaries takes some ten seconds of work where the other engine takes one.
CPU_SECONDS = 60
WALL_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Weasyprint:
    """Print one HTML text as a tagged PDF; its own process, its own limits."""

    cage: Cage

    @classmethod
    def caged(cls) -> "Weasyprint":
        """The engine behind all the bars that this machine has."""
        prefix = limits(address_space=ADDRESS_SPACE_BYTES, cpu_seconds=CPU_SECONDS)
        return cls(Cage(prefix + network_namespace(), WALL_SECONDS, RESIDENT_BYTES))

    @staticmethod
    def is_installed() -> bool:
        """Whether the optional extra is there; that it finds Pango, only printing shows."""
        return find_spec("weasyprint") is not None

    def __call__(self, html: str) -> bytes:
        """The PDF of one HTML document."""
        return self.cage.run(COMMAND, html, explain=_explain_exit)


def _explain_exit(code: int) -> str:
    explanation: str = gettext(
        "WeasyPrint ended with code %(code)s. It does so when a page refers to something outside "
        "itself, when a library of the system (Pango) is missing, or when it needs more than "
        "%(seconds)s s of processor time.",
        code=code,
        seconds=CPU_SECONDS,
    )
    return explanation
