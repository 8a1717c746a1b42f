"""wkhtmltopdf, the engine most schools' machines have: fast, and blind to what a table is."""

import secrets
import shutil
from dataclasses import dataclass

from flask_babel import gettext

from app.platform.pdf.cage import Cage, limits, network_namespace

ADDRESS_SPACE_BYTES = 2 * 1024**3  # wkhtmltopdf reserves far more than it uses, and crashes at 1 GB
CPU_SECONDS = 20

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


@dataclass(frozen=True, slots=True)
class Wkhtmltopdf:
    """Print one HTML text; its own process, its own limits, nothing left behind."""

    cage: Cage

    @classmethod
    def caged(cls) -> "Wkhtmltopdf":
        """The engine behind all the bars that this machine has."""
        prefix = limits(address_space=ADDRESS_SPACE_BYTES, cpu_seconds=CPU_SECONDS)
        return cls(Cage(prefix + network_namespace()))

    @staticmethod
    def is_installed() -> bool:
        """Whether this machine has the program."""
        return shutil.which("wkhtmltopdf") is not None

    def __call__(self, html: str) -> bytes:
        """The PDF of one HTML document."""
        return self.cage.run(_command(html), html, explain=_explain_exit)


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


def _explain_exit(code: int) -> str:
    explanation: str = gettext(
        "wkhtmltopdf ended with code %(code)s. It does so when a page refers to something outside "
        "itself, or needs more than %(seconds)s s of processor time.",
        code=code,
        seconds=CPU_SECONDS,
    )
    return explanation
