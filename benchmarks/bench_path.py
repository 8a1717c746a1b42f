"""Where the work of an answer goes: statements and function calls of every request, by library.

    python -m benchmarks.bench_path [--students N] [-o OUT.json]

The requests of an open link and of a slip are sent to the application within this process, on
SQLite. Calls of functions between the server and the answer are counted, not seconds: the number
is the same on every machine under any load, and the processor time of Python follows it. Read
before and after a change it says what the change has saved, and where.
"""

import argparse
import gzip
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from app.platform.crypto import Keyring
from app.platform.db import db
from benchmarks.students import visitors
from benchmarks.students.school import build

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WARM_UP = 3
ROOT = Path(__file__).resolve().parents[1]
#: In whose code a call is made, by the package that the file lies in.
LIBRARIES = {
    "sqlalchemy": "SQLAlchemy",
    "flask_sqlalchemy": "SQLAlchemy",
    "werkzeug": "Werkzeug",
    "flask": "Flask",
    "flask_login": "Flask",
    "flask_wtf": "Flask",
}
OURS, OTHERS = "ours", "others"
WHOSE = (OURS, "SQLAlchemy", "Werkzeug", "Flask", OTHERS)


class Counting:
    """Counts the calls of Python and C functions by whose code makes them."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()

    def __call__(self, frame: FrameType, what: str, _arg: object) -> None:
        if what in {"call", "c_call"}:
            self.calls[_whose(frame.f_code.co_filename)] += 1


@cache
def _whose(file: str) -> str:
    if file.startswith(str(ROOT / "app")):
        return OURS
    if file.startswith("<sqlalchemy"):
        return "SQLAlchemy"
    _, _, within = file.rpartition("site-packages/")
    return LIBRARIES.get(within.partition("/")[0], OTHERS)


class Counted:
    """What a server calls, counting what it does for the last request; the browser is left out."""

    def __init__(self, inner: "WSGIApplication") -> None:
        self.inner, self.calls = inner, Counter[str]()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        counting = Counting()
        sys.setprofile(counting)
        try:
            return self.inner(environ, start_response)
        finally:
            sys.setprofile(None)
            self.calls = counting.calls


class InProcess(visitors.Browser):
    """A browser that asks the application itself, and notes what that cost."""

    def __init__(
        self, app: Flask, counted: Counted, sent: list[str], found: dict[str, list[Any]]
    ) -> None:
        self.client: FlaskClient = app.test_client()
        self.counted, self.sent, self.found = counted, sent, found
        self.gets = self.posts = 0
        self.cookies, self.taps = {}, []

    def _send(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        before = len(self.sent)
        asked = {"Accept-Encoding": "gzip", **(headers or {})}
        answer: TestResponse = self.client.open(
            path, method=method, data=body or None, headers=asked
        )
        name = f"{method} {_plain(path)}{_item(body)}"
        self.found.setdefault(name, []).append((len(self.sent) - before, self.counted.calls))
        page = answer.get_data()
        if answer.content_encoding == "gzip":
            page = gzip.decompress(page)
        return answer.status_code, answer.headers.get("Location", ""), page.decode()


def _plain(path: str) -> str:
    """The address without the token in it."""
    first, *others = path.strip("/").split("/")
    return f"/{first}/…" if others and len(others[0]) == 22 else path.partition("?")[0]


def _item(body: str) -> str:
    """What a tap answers: most items wait for the end, some cannot."""
    if body.startswith("{"):
        name = str(json.loads(body)["answers"][0]["name"])
        return " (critical)" if name.endswith("q9") else f" ({name.partition('.')[0]})"
    return " (closing)" if "closing." in body else ""


def measure(students: int) -> dict[str, dict[str, list[Any]]]:
    """Both ways in, after what is read once a process was read."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keyring.json"
        Keyring.create(keys)
        settings = Settings(data_dir=Path(folder), keyring_file=keys, pause_at=1_000_000)
        school = build(settings, students=students + WARM_UP)
        app = create_app(settings)
        app.wsgi_app = counted = Counted(app.wsgi_app)  # type: ignore[method-assign]
        sent: list[str] = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
        found: dict[str, dict[str, list[Any]]] = defaultdict(dict)
        walks: dict[str, Callable[[visitors.Browser, int], None]] = {
            "open link": lambda browser, n: visitors.answer_open_link(
                browser, school.short, visitors.at_random(n)
            ),
            "slip": lambda browser, n: visitors.walk_with_slip(
                browser, school, school.slips[n], visitors.at_random(n)
            ),
        }
        for name, walk in walks.items():
            for n in range(students + WARM_UP):
                into = found[name] if n >= WARM_UP else {}
                walk(InProcess(app, counted, sent, into), n)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    return found


def rows(requests: dict[str, list[Any]], students: int) -> list[dict[str, Any]]:
    """A line for each kind of request, and one for all of a student's."""
    lines = [_row(name, seen, len(seen)) for name, seen in requests.items()]
    for line, seen in zip(lines, requests.values(), strict=True):
        line["times"] = round(len(seen) / students, 1)
    everything = [one for seen in requests.values() for one in seen]
    return [*lines, {**_row("all of it", everything, students), "times": ""}]


def _row(name: str, seen: list[Any], count: int) -> dict[str, Any]:
    calls: Counter[str] = sum((each for _, each in seen), Counter())
    return {
        "request": name,
        "statements": round(sum(statements for statements, _ in seen) / count, 1),
        "calls": round(calls.total() / count),
        **{owner: round(calls[owner] / count) for owner in WHOSE},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=12)
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    found = measure(chosen.students)
    report = {name: rows(requests, chosen.students) for name, requests in found.items()}
    columns = ("request", "times", "statements", "calls", *WHOSE)
    for name, lines in report.items():
        print(f"\n{name:<28}" + "".join(f"{column:>11}" for column in columns[1:]))
        for line in lines:
            print(f"{line['request']:<28}" + "".join(f"{line[c]:>11}" for c in columns[1:]))
    if chosen.output:
        chosen.output.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
