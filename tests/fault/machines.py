"""Machines of a computer room: student after student, on a line and a server that fail."""

import contextlib
import http.client
import http.cookiejar
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field

from tests.factories.assessments import hidden
from tests.factories.devices import Device, deed
from tests.fault.lines import post

ITEMS = [f"who5.q{number}" for number in range(1, 6)] + ["closing.talk", "closing.company"]
PARCEL = 4
GIVEN_UP = 400  # seconds


class _Stay(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


@dataclass
class Said:
    """What one student answers, by the id of each answer."""

    code: str
    answers: dict[str, tuple[str, int]] = field(default_factory=dict)


class Machine(threading.Thread):
    """A seat at which its students sit down one after the other.

    The next one sits down whether or not everything of the one before has arrived; what has not
    lies sealed in one outbox and is sent, whole and in order, until the receipt is there.
    """

    #: While it is set nothing that is sealed gets out of the room.
    silence = threading.Event()
    #: By how many seconds the clocks of the room are ahead: what has passed in the silence.
    later = 0

    def __init__(self, address: str, line: str, *, room: str, seat: int, codes: list[str]) -> None:
        super().__init__(daemon=True)
        self.address, self.line, self.room, self.seat = address, line, room, seat
        self.students = [Said(code) for code in codes]
        self.outbox: list[dict[str, str]] = []
        self.sent: list[dict[str, str]] = []
        self.acknowledged: set[str] = set()
        self.csrf = ""
        self.ends_at = time.monotonic() + GIVEN_UP
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(jar, _Stay)

    def run(self) -> None:
        self._sit_down()
        for number, student in enumerate(self.students):
            self._seal(self._walk_in(student), student, number)
            self._deliver()
        while self.outbox:
            self._deliver()
        self._send(self.sent)  # everything once more

    def _sit_down(self) -> None:
        page = f"/room/{self.room}"
        self.csrf = hidden(self._open(page)[1], "csrf_token")
        # The reply to the first try may be lost, and with it the cookie of a seat that is taken.
        if self._open(page, number=str(self.seat))[0] == 409:
            self._open(page, number=str(self.seat), do="replace")

    def _walk_in(self, student: Said) -> Device:
        self._open("/room")
        self._open("/i", code=student.code)
        self._open("/i/check", said="20100520")
        self._open("/i/start", where="school")
        self._open("/s", next="yes")
        return Device.with_page(self._open("/s/1")[1])

    def _seal(self, device: Device, student: Said, number: int) -> None:
        for place, name in enumerate(ITEMS):
            value = (self.seat + number + place) % 3 if name.startswith("who5") else 0
            answer_id = str(uuid.uuid4())
            student.answers[answer_id] = name, value
            said = {"id": answer_id, "name": name, "value": value, "at": self._clock()}
            self.outbox.append(device.seal(said))
        self.outbox.append(device.seal(deed("finish")))

    def _deliver(self) -> None:
        """One try with each parcel, in order; what was not acknowledged stays."""
        while self.outbox and self._send(self.outbox[:PARCEL]):
            self.sent += self.outbox[:PARCEL]
            self.outbox = self.outbox[PARCEL:]

    def _send(self, sealed: list[dict[str, str]]) -> bool:
        self._watch_the_clock()
        if self.silence.is_set():
            time.sleep(0.05)
            return False
        _, receipt = post(f"{self.line}/s/sealed", {"sealed": sealed, "sent": self._clock()})
        stored = set(receipt["stored"]) if receipt else set()
        self.acknowledged |= stored
        return {one["id"] for one in sealed} <= stored

    def _open(self, path: str, **form: str) -> tuple[int, str]:
        """As somebody who presses again until a page comes."""
        said = urllib.parse.urlencode(form | {"csrf_token": self.csrf}).encode() if form else None
        while True:
            self._watch_the_clock()
            with contextlib.suppress(OSError, http.client.HTTPException):  # the power is off
                status, page = self._ask(self.address + path, said)
                if status < 500:
                    return status, page
            time.sleep(0.1)

    def _ask(self, url: str, said: bytes | None) -> tuple[int, str]:
        """What the server answers, whatever the code; the line may break within the page."""
        try:
            reply = self.browser.open(url, said, timeout=10)
        except urllib.error.HTTPError as answer:
            reply = answer
        with reply:
            return reply.status, reply.read().decode()

    def _clock(self) -> int:
        return int((time.time() + self.later) * 1_000)

    def _watch_the_clock(self) -> None:
        if time.monotonic() > self.ends_at:
            raise TimeoutError(f"seat {self.seat} got no receipt")
