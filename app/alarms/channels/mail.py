"""E-mail through the school's own server."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from app.alarms.channels.wire import (
    CONNECT_SECONDS,
    TOTAL_SECONDS,
    ChannelError,
    Problem,
    deadline,
    trying,
)

SUBMISSION, SUBMISSIONS = 587, 465


@dataclass(frozen=True)
class Mail:
    """`smtps://` begins with TLS, `smtp://` insists on STARTTLS, `smtp+local://` is a loopback."""

    url: str = field(repr=False)
    sender: str

    def send(self, address: str, text: str) -> None:
        """Hand one letter over; its subject is its first word."""
        letter = EmailMessage()
        letter["From"], letter["To"] = self.sender, address
        letter["Subject"] = text.partition("：")[0].partition(":")[0]
        letter["Date"] = formatdate(localtime=False)
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        trying(lambda: self._hand_over(letter))

    def _hand_over(self, letter: EmailMessage) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        try:
            with _server(parts) as server, deadline(lambda: server.sock):
                if server.sock is not None:
                    server.sock.settimeout(TOTAL_SECONDS)
                if parts.scheme == "smtp":
                    server.starttls(context=ssl.create_default_context())
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(letter)
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException:
            refused = True
        else:
            refused = False
        if refused:
            raise ChannelError(Problem.REFUSED)
        return 250, b""


def _server(parts: SplitResult) -> smtplib.SMTP:
    """A connection as the scheme says; a plain one never leaves the machine."""
    host = parts.hostname or ""
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(
            host,
            parts.port or SUBMISSIONS,
            local_hostname="localhost",
            timeout=CONNECT_SECONDS,
            context=ssl.create_default_context(),
        )
    if parts.scheme == "smtp" or (parts.scheme == "smtp+local" and ip_address(host).is_loopback):
        return smtplib.SMTP(
            host, parts.port or SUBMISSION, local_hostname="localhost", timeout=CONNECT_SECONDS
        )
    raise ValueError("not an address of a mail server")
