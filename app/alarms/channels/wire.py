"""One JSON message over one connection: checked TLS, no redirects, no proxies, an end in sight.

`http.client` is the whole of it: it follows nothing, reads no proxy from the environment and logs
nothing. What goes wrong is told as a word of ours, for addresses hold keys and telephone numbers.
"""

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR, socket
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from app.platform.outside import is_sealed

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
#: Answers are short; what is longer is no answer of theirs.
MOST_BYTES = 65_536
OK = range(200, 300)
TOO_MANY = 429


class Problem(StrEnum):
    """Why a channel did not take a message."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    UNTRUSTED = "untrusted"
    REFUSED = "refused"
    THROTTLED = "throttled"
    GARBAGE = "garbage"


class ChannelError(Exception):
    """The message was not taken, as far as we know; it says why and nothing else."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Channel(Protocol):
    """A way out of the house."""

    def send(self, address: str, text: str) -> None:
        """Hand the message over, or raise `ChannelError`."""


def post_json(
    url: str,
    content: Mapping[str, Any],
    *,
    query: Mapping[str, str] | None = None,
    token: str = "",
) -> dict[str, Any]:
    """The JSON object that came back with a status of success; an empty answer is an empty one."""
    status, body = trying(lambda: _exchange(url, content, query or {}, token))
    if status == TOO_MANY:
        raise ChannelError(Problem.THROTTLED)
    if status not in OK:
        raise ChannelError(Problem.REFUSED)
    return _object(body)


def trying(exchange: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
    """Do it; whatever fails is told without what was said, to whom and by which key."""
    problem = Problem.UNREACHABLE
    try:
        return exchange()
    except TimeoutError:
        problem = Problem.TIMEOUT
    except ssl.SSLError:
        problem = Problem.UNTRUSTED
    except (OSError, HTTPException, ValueError):
        pass
    # Outside the `except`: the cause would carry the address into logs.
    raise ChannelError(problem)


@contextmanager
def deadline(find_socket: Callable[[], socket | None]) -> Iterator[None]:
    """End a connection whose other side dribbles: each read may be in time, the whole is not."""
    expired = threading.Event()

    def hang_up() -> None:
        expired.set()
        found = find_socket()
        if found is not None:
            try:
                found.shutdown(SHUT_RDWR)
            except OSError:
                return

    timer = threading.Timer(TOTAL_SECONDS, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
        # Cut off within its headers an answer looks like a short one: that is no success.
        if expired.is_set():
            raise TimeoutError
    except (OSError, HTTPException, ValueError) as error:
        if expired.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()


def _exchange(
    url: str, content: Mapping[str, Any], query: Mapping[str, str], token: str
) -> tuple[int, bytes]:
    if not is_sealed(url):
        raise ValueError("not an address to which keys may go")
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    asked = "&".join(filter(None, (parts.query, urlencode(query))))
    target = (parts.path or "/") + (f"?{asked}" if asked else "")
    headers = {"Content-Type": "application/json; charset=utf-8", "Connection": "close"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(content, ensure_ascii=False).encode()
    try:
        with deadline(lambda: connection.sock):
            connection.request("POST", target, body, headers)
            connection.sock.settimeout(TOTAL_SECONDS)
            answer = connection.getresponse()
            return answer.status, answer.read(MOST_BYTES)
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=context)
    return HTTPConnection(host, port, timeout=CONNECT_SECONDS)


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body) if body.strip() else {}
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise ChannelError(Problem.GARBAGE)
    return content
