"""Local servers that swallow what would leave the house: an HTTP sink and a tiny mail server."""

import json
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class HttpSink:
    """Keeps every request; `answer` says what comes back."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.status, self.body = 200, b'{"errcode": 0, "errmsg": "ok"}'
        self.headers: dict[str, str] = {}
        self.before: Callable[[Any], None] = lambda _handler: None
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.requests.append(
                    {"path": self.path, "headers": dict(self.headers), "json": json.loads(body)}
                )
                sink.before(self)
                self.send_response(sink.status)
                for name, value in sink.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(sink.body)))
                self.end_headers()
                self.wfile.write(sink.body)

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"


@contextmanager
def http_sink() -> Iterator[HttpSink]:
    sink = HttpSink()
    thread = threading.Thread(target=sink.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        sink.server.shutdown()
        sink.server.server_close()


@contextmanager
def raw_sink(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that talks as the test says; its address."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                talk(self.request)
            except OSError:
                return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def dribble(connection: socket.socket) -> None:
    """Answer a header line now and then, for ever: every single read is in time."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Wait: 1\r\n")
        time.sleep(0.05)


class MailSink:
    """The few commands of SMTP that a letter needs."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.refuse = False

    def talk(self, connection: socket.socket) -> None:
        stream = connection.makefile("rwb")

        def say(line: str) -> None:
            stream.write(line.encode() + b"\r\n")
            stream.flush()

        say("220 sink")
        while line := stream.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                say("354 go on")
                letter = []
                while (part := stream.readline()) not in (b".\r\n", b""):
                    letter.append(part)
                self.letters.append(b"".join(letter))
                say("250 taken")
            elif verb == "RCPT" and self.refuse:
                say("550 no such person")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 sink")
