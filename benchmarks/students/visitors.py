"""Browsers without a screen: each is one student with one connection and a jar of cookies."""

import http.client
import json
import random
import re
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.students.school import School

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
RADIO = re.compile(r'<input type="radio" name="([^"]+)" value="([^"]*)"')
SAVE = re.compile(r'data-save="([^"]+)"')
REDIRECTS = (301, 302, 303)


class LostError(RuntimeError):
    """The walk did not lead where it should."""


@dataclass
class Browser:
    """Keeps cookies and one connection, follows redirects, notes how long each answer took."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    gets: int = 0
    posts: int = 0
    #: Seconds that each saved answer took, and seconds from the first page to the last.
    taps: list[float] = field(default_factory=list)
    answering: float = 0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str) -> str:
        self.gets += 1
        return self._follow(*self._send("GET", path))

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> str:
        self.posts += 1
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._follow(*self._send("POST", path, urlencode(fields), kind))

    def tap(self, path: str, body: object) -> None:
        """Save one answer as the script does; time it as the student would feel it."""
        self.posts += 1
        kind = {"Content-Type": "application/json"}
        begun = time.perf_counter()
        status, _, text = self._send("POST", path, json.dumps(body), kind)
        self.taps.append(time.perf_counter() - begun)
        if status != 200:
            raise LostError(f"{status} {path} {text[:80]}")

    def _send(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = method, path, body or None, {**(headers or {}), "Cookie": jar}
        try:
            self.connection.request(*sent)
            answer = self.connection.getresponse()
        except ConnectionError:
            # The server has closed an idle connection; like a browser, ask again over a new one.
            self.connection.close()
            self.connection.request(*sent)
            answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in line:
                del self.cookies[name]
        return answer.status, answer.headers.get("Location", ""), text

    def _follow(self, status: int, location: str, text: str) -> str:
        if status in REDIRECTS:
            return self.get(location.partition("#")[0])
        if status != 200:
            raise LostError(f"{status} {text[:80]}")
        return text


Choose = Callable[[str, list[str]], str]


def at_random(seed: int) -> Choose:
    """Any option, like a load driver: three of four PHQ-9 then raise a flag on item 9."""
    rnd = random.Random(seed)
    return lambda _name, values: rnd.choice(values)


def calmly(_name: str, values: list[str]) -> str:
    """The first option of each: nothing is flagged."""
    return values[0]


def fill(page: str, choose: Choose) -> list[tuple[str, str]]:
    """The form of a page with an option chosen for every item."""
    options: dict[str, list[str]] = {}
    for name, value in RADIO.findall(page):
        options.setdefault(name, []).append(value)
    fields = [*FIELD.findall(page), ("assent", "yes"), ("next", "1")]
    return fields + [(name, choose(name, values)) for name, values in options.items()]


def answer_open_link(browser: Browser, path: str, choose: Choose) -> None:
    """Three requests: the page, its answers, the closing questions."""
    page = browser.get(path)
    for _ in range(2):
        page = browser.post(path, fill(page, choose))
    if "<title>" not in page or "radio" in page:
        raise LostError("not the last page")


def walk_with_slip(
    browser: Browser, school: School, slip: str, choose: Choose, think: float = 0
) -> None:
    """From the code to the last page, every answer saved at the tap."""
    page = browser.get(f"/i/{slip}")
    page = browser.post("/i/check", [*FIELD.findall(page), ("said", school.birthday)])
    page = browser.post("/i/start", [*FIELD.findall(page), ("where", "alone")])
    page = browser.post("/s", [*FIELD.findall(page), ("next", "yes")])
    begun = time.perf_counter()
    for number in (1, 2):
        fields = fill(page, choose)
        ticket = dict(fields)["ticket"]
        save = SAVE.search(page)
        if save is None:
            raise LostError("not a page of questions")
        for name in dict.fromkeys(name for name, _ in RADIO.findall(page)):
            time.sleep(think)
            said = {"id": str(uuid.uuid4()), "name": name, "value": float(dict(fields)[name])}
            browser.tap(save[1], {"answers": [said], "ticket": ticket})
        page = browser.post(f"/s/{number}", fields)
    browser.answering = time.perf_counter() - begun
    if "radio" in page:
        raise LostError("not the last page")


def walk_the_floor(browser: Browser, gets: int, posts: int, taps: int) -> None:
    """As many requests and commits as the walk with a slip, against the floor."""
    for _ in range(gets):
        browser.get("/form/9")
    for _ in range(posts - taps):
        browser.post("/form/9", [("page", "2")])
    for n in range(taps):
        said = {"id": str(uuid.uuid4()), "name": f"q{n}", "value": 1}
        browser.tap("/tap", {"answers": [said]})


@dataclass(frozen=True)
class Walked:
    """What a crowd did, and how long it took."""

    browsers: list[Browser]
    seconds: float
    lost: list[str]

    @property
    def done(self) -> int:
        """How many came to the end."""
        return len(self.browsers) - len(self.lost)


def crowd(port: int, walks: Sequence[Callable[[Browser], None]], at_once: int) -> Walked:
    """Let each walk be done by a browser of its own, some at a time."""
    lost: list[str] = []

    def go(walk: Callable[[Browser], None]) -> Browser:
        browser = Browser(port)
        try:
            walk(browser)
        except (LostError, OSError, http.client.HTTPException) as error:
            lost.append(repr(error))
        browser.connection.close()
        return browser

    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        browsers = list(pool.map(go, walks))
    return Walked(browsers, time.perf_counter() - begun, lost)
