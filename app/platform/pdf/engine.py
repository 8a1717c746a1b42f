"""Which engine prints on this machine, and whether it can."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext

from app.platform.pdf.cage import PdfUnavailable, bare_environment, scratch_folder
from app.platform.pdf.weasyprint import Weasyprint
from app.platform.pdf.wkhtmltopdf import Wkhtmltopdf
from app.platform.settings import pdf_engine

Engine = Callable[[str], bytes]
ENGINES: dict[str, type[Wkhtmltopdf | Weasyprint]] = {
    "wkhtmltopdf": Wkhtmltopdf,
    "weasyprint": Weasyprint,
}

INSTALL = "sudo apt-get install --no-install-recommends "
#: What to type where an engine is missing.
REMEDIES = {
    "wkhtmltopdf": f"{INSTALL}wkhtmltopdf fonts-noto-cjk",
    "weasyprint": f"{INSTALL}libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
    " && pip install 'xinqiao[weasyprint]'",
}


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether this machine can print, and if not, why and how to mend it."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason


def available() -> Availability:
    """Look for the chosen engine and for a Chinese font."""
    name = pdf_engine()
    if not ENGINES[name].is_installed():
        missing = gettext(
            "Printing needs %(engine)s. To install it: %(command)s",
            engine=name,
            command=REMEDIES[name],
        )
        return Availability(missing)
    if not _has_chinese_font():
        missing = gettext(
            "Printing needs a Chinese font. To install it: %(command)s",
            command=f"{INSTALL}fonts-noto-cjk",
        )
        return Availability(missing)
    return Availability()


def engine_of_this_machine() -> Engine:
    """What prints here, or PdfUnavailable."""
    if not (state := available()):
        raise PdfUnavailable(state.reason)
    return ENGINES[pdf_engine()].caged()


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    with scratch_folder() as folder:
        found = subprocess.run(
            ["fc-list", ":lang=zh", "family"],
            capture_output=True,
            check=False,
            env=bare_environment(folder),
        )
    return bool(found.stdout.strip())
