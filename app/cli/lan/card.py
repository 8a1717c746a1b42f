"""What a school needs to set up its devices: two addresses, the certificate and how to check it.

The same facts in three forms: text for the terminal, a sheet for the wall, a page for the devices.
"""

import io
from dataclasses import dataclass

import segno
from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.campaigns.slips import qr_code
from app.cli.lan.certificates import Public
from app.platform import clock
from app.platform.i18n import LOCALES, as_date, as_full_moment, lang_tag
from app.platform.pdf import Imprint, PrintDocument, render_pdf

#: The path of the certificate; Android and Windows know the ending.
CERTIFICATE = "/xinqiao.crt"


@dataclass(frozen=True)
class Card:
    """Where students answer, where a device takes the certificate, and the certificate."""

    address: str
    fetched_at: str
    authority: Public

    def as_text(self) -> str:
        """For the terminal of whoever starts the server."""
        return f"""
Xinqiao serves this network. Students answer at   {self.address}
{_blocks(self.address)}
For devices that the SCHOOL owns, only. Never ask a student or a parent to install this
certificate on a device of their own.

Once on each device, the certificate:             {self.fetched_at}
{_blocks(self.fetched_at)}
  Android: tap the certificate on that page; then Settings, Security, More (or Encryption),
           Install a certificate, CA certificate, and choose the file xinqiao.crt.
  Windows: open the file, Install Certificate, Local Machine, Place all certificates in:
           Trusted Root Certification Authorities.
Compare what the device shows. If one character differs, do not install it:
  SHA-256 (Android)              {self.authority.sha256}
  SHA-1 (Windows: "Thumbprint")  {self.authority.sha1}
It is good until {self.authority.ends:%Y-%m-%d}. Ctrl-C ends the server.
"""

    def as_pdf(self) -> bytes:
        """For the wall: one A4 page in each language."""
        documents = [self._sheet(locale) for locale in LOCALES]
        with force_locale(LOCALES[0]):
            return render_pdf(documents, title=_heading(), language=LOCALES[0])

    def as_page(self) -> str:
        """For the devices' browser, in both languages."""
        parts = []
        for locale in LOCALES:
            with force_locale(locale):
                part = render_template("lan/_part.html", lang=lang_tag(locale), **self._facts())
            parts.append(Markup(part))  # noqa: S704 -- our own template
        with force_locale(LOCALES[0]):
            return render_template("lan/door.html", lang=lang_tag(LOCALES[0]), parts=parts)

    def _sheet(self, locale: str) -> PrintDocument:
        with force_locale(locale):
            imprint = Imprint(
                site=_("Xinqiao"),
                heading=_heading(),
                date=as_date(clock.today()),
                printed_by="xinqiao lan",
                printed_at=as_full_moment(clock.now()),
                notice=_("For devices that the school owns, only"),
            )
            body = render_template("lan/print/card.html", imprint=imprint, **self._facts())
            return PrintDocument(title=_heading(), body=Markup(body), pages=1)  # noqa: S704 -- our own template

    def _facts(self) -> dict[str, object]:
        return {
            "address": self.address,
            "address_qr": qr_code(self.address),
            "fetched_at": self.fetched_at,
            "fetched_at_qr": qr_code(self.fetched_at),
            "certificate": CERTIFICATE,
            "authority": self.authority,
            "ends": as_date(clock.local(self.authority.ends).date()),
        }


def _heading() -> str:
    heading: str = _("Setting up the school’s devices")
    return heading


def _blocks(address: str) -> str:
    drawn = io.StringIO()
    segno.make(address, error="m", micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue()
