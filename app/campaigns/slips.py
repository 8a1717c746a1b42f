"""Slips on paper: eight a sheet with cut marks, a QR code and a code to type."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import TypeVar

import segno
from flask import current_app, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.campaigns.models import Campaign, Invitation
from app.platform.i18n import choose_locale
from app.platform.pdf.render import PrintDocument, render_pdf

T = TypeVar("T")

PER_SHEET = 8
#: From this many characters on a name is set smaller, and from the second in two lines.
LONG_NAME, LONGEST_LINE = 8, 13


def print_slips(campaign: Campaign, invitations: Sequence[Invitation]) -> bytes:
    """One PDF, each class on sheets of its own."""
    documents = [
        _sheets(cohort_name, list(slips))
        for cohort_name, slips in groupby(invitations, key=_class_of)
    ]
    return render_pdf(
        documents,
        title=_("Slips: %(campaign)s", campaign=campaign.title),
        language=choose_locale(),
        layout="campaigns/print/layout.html",
    )


def entry_address() -> str:
    """Where a code is typed."""
    return f"{current_app.config['SETTINGS'].base_url}/i"


def qr_code(address: str) -> Markup:
    """The address as a picture, without a frame: the slip leaves white around it."""
    picture = segno.make(address, error="m", micro=False)
    return Markup(picture.svg_inline(omitsize=True, border=0))  # noqa: S704 -- segno's own output


def grouped(code: str) -> str:
    """A code as it is easiest to read and type: ABCD-2345."""
    return f"{code[:4]}-{code[4:]}"


def _class_of(invitation: Invitation) -> str:
    return f"{invitation.site.name} {invitation.cohort.name}"


def _sheets(class_name: str, invitations: list[Invitation]) -> PrintDocument:
    sheets = list(_batches(invitations, PER_SHEET))
    body = render_template(
        "campaigns/print/slips.html",
        sheets=[list(_batches((_slip(i) for i in sheet), 2)) for sheet in sheets],
        address=entry_address().partition("://")[2],
    )
    return PrintDocument(title=class_name, body=Markup(body), pages=len(sheets))  # noqa: S704


def _slip(invitation: Invitation) -> dict[str, object]:
    name, code = invitation.student.name or "", invitation.code or ""
    return {
        "name": name,
        "size": "long" if len(name) > LONGEST_LINE else "wide" if len(name) > LONG_NAME else "",
        "site": invitation.site.name,
        "cohort": invitation.cohort.name,
        "code": grouped(code),
        "qr": qr_code(f"{entry_address()}/{invitation.token}"),
    }


def _batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
