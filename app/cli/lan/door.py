"""The certificate's own door: plain HTTP, because a device that asks for it cannot trust us yet.

It gives out one page, its style sheet and the certificate, all of them public, and takes nothing:
no form, no cookie. Whoever stands between could hand out another certificate and another page, so
what a device has to show is read from the terminal or the sheet, never from here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from app.cli.lan.card import CERTIFICATE, Card
from app.config import ROOT

#: A device that connects and says nothing is let go after so many seconds.
PATIENCE = 10
STYLE = "/phone.css"
TYPES = {
    "/": "text/html; charset=utf-8",
    STYLE: "text/css; charset=utf-8",
    CERTIFICATE: "application/x-x509-ca-cert",
}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Door(ThreadingHTTPServer):
    """Takes the address when it is made, and serves while it is entered (`with door.ajar():`)."""

    daemon_threads = True

    def __init__(self, where: tuple[str, int], card: Card) -> None:
        self.pages = {
            "/": card.as_page().encode(),
            STYLE: (ROOT / "app" / "static" / "css" / "phone.css").read_bytes(),
            CERTIFICATE: card.authority.content,
        }
        super().__init__(where, _Answer)

    @contextmanager
    def ajar(self) -> Iterator[None]:
        """Serve beside whatever else this process does."""
        Thread(target=self.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            self.shutdown()
            self.server_close()


class _Answer(BaseHTTPRequestHandler):
    server: Door
    timeout = PATIENCE

    def do_GET(self) -> None:
        content = self.server.pages.get(self.path)
        if content is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        sized = {"Content-Type": TYPES[self.path], "Content-Length": str(len(content))}
        for name, value in (HEADERS | sized).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def version_string(self) -> str:
        return "Xinqiao"

    def log_message(self, *_words: object) -> None:
        """Nobody reads who fetched a certificate."""
