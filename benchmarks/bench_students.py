"""What a student costs the server, beside the least that could be called a questionnaire.

    python -m benchmarks.bench_students [--count N] [--database sqlite|postgresql|all] [-o OUT.json]

A school is invented, served by gunicorn, and walked through over HTTP: PHQ-9 by an open link (three
requests), ninety items by an open link, and PHQ-9 with a slip, every answer saved at the tap. The
floor (`students/floor.py`) then answers as many requests with as many durable commits, in the same
run on the same server software. Everything the product stores is counted afterwards.

Processor time of the server is the figure to compare: it does not depend on what else the machine
does. Rates do, and the browsers of this command sit on the same machine.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app import create_app
from app.assessments.models import Assessment, Response
from app.config import Settings
from app.platform import audit
from app.platform.crypto import Keyring
from app.platform.db import db
from app.results.models import Administration, Flag
from benchmarks.students.school import School, build
from benchmarks.students.servers import Server, backends_cpu_seconds, postgres, serving
from benchmarks.students.visitors import (
    Browser,
    Walked,
    answer_open_link,
    at_random,
    calmly,
    crowd,
    walk_the_floor,
    walk_with_slip,
)

PORT = 5202
#: What `form_load.py` allows: two processes.
PROCESSES = {"workers": 2, "threads": 4}
AT_ONCE = 8
WARM_UP = 12

Walk = Callable[[Browser], None]


@dataclass
class Ground:
    """A database to measure on; `watch` reads the processor time of its own processes."""

    name: str
    folder: Path
    url: str = ""
    floor_url: str = ""
    watch: Callable[[], float] = float


@contextmanager
def grounds(chosen: str) -> Iterator[list[Ground]]:
    """SQLite in a folder that ends with the run, and PostgreSQL that does."""
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        found = [Ground("sqlite", Path(folder), floor_url=f"{folder}/floor.db")]
        if server is not None:
            for name in ("xinqiao", "floor"):
                server.sql(f"CREATE DATABASE {name}")
            watch = partial(backends_cpu_seconds, server.folder)
            urls = server.url("xinqiao"), server.url("floor")
            found.append(Ground("postgresql", Path(folder), *urls, watch=watch))
        yield [ground for ground in found if chosen in (ground.name, "all")]


def measured(server: Server, ground: Ground, walks: list[Walk]) -> tuple[dict[str, Any], Walked]:
    """Walk, and say what it cost."""
    server_before, database_before = server.cpu_seconds(), ground.watch()
    walked = crowd(server.port, walks, AT_ONCE)
    server_spent = server.cpu_seconds() - server_before
    taps = sorted(tap for browser in walked.browsers for tap in browser.taps)
    requests = sum(browser.gets + browser.posts for browser in walked.browsers)
    row = {
        "done": walked.done,
        "lost": walked.lost[:3],
        "per_second": round(walked.done / walked.seconds, 1),
        "requests_each": round(requests / len(walks), 1),
        "server_ms_each": round(1000 * server_spent / len(walks), 2),
        "database_ms_each": round(1000 * (ground.watch() - database_before) / len(walks), 2),
    }
    if taps:
        row["tap_p99_ms"] = round(1000 * taps[int(len(taps) * 0.99) - 1])
    return row, walked


def product(ground: Ground, students: int) -> dict[str, Any]:
    """Every walk through the product, and what stands in the database afterwards."""
    keys = ground.folder / f"{ground.name}-keys.json"
    Keyring.create(keys)
    settings = Settings(
        data_dir=ground.folder / ground.name, keyring_file=keys, database_url=ground.url
    )
    school = build(settings, students=students + WARM_UP)
    environ = {
        "XINQIAO_DATA_DIR": str(settings.data_dir),
        "XINQIAO_KEYRING_FILE": str(keys),
        "XINQIAO_DATABASE_URL": ground.url,
        # So many are flagged that otherwise the next class would have to wait for the responders.
        "XINQIAO_PAUSE_AT": "1000000",
    }
    rows = {}
    with serving("wsgi:app", environ, port=PORT, **PROCESSES) as server:
        for name, walks in product_walks(school, students).items():
            crowd(server.port, walks[:WARM_UP], AT_ONCE)
            rows[name], walked = measured(server, ground, walks[WARM_UP:])
            rows[name]["walked"] = walked
    return {"walks": rows, "stored": stored(settings)}


def product_walks(school: School, students: int) -> dict[str, list[Walk]]:
    """The doors, each with as many walks as students."""
    n = students + WARM_UP
    random_, slips = map(at_random, count(1)), iter(school.slips)
    return {
        "PHQ-9, open link, random answers": [
            partial(answer_open_link, path=school.short, choose=next(random_)) for _ in range(n)
        ],
        "PHQ-9, open link, calm answers": [
            partial(answer_open_link, path=school.short, choose=calmly) for _ in range(n)
        ],
        "90 items, open link, random answers": [
            partial(answer_open_link, path=school.long, choose=next(random_)) for _ in range(n)
        ],
        "PHQ-9, slip, saved at the tap": [
            partial(walk_with_slip, school=school, slip=next(slips), choose=next(random_))
            for _ in range(n)
        ],
    }


def floor_walks(like: dict[str, dict[str, Any]]) -> dict[str, list[Walk]]:
    """For every walk of the product one with as many requests, of which as many write."""
    walks: dict[str, list[Walk]] = {}
    for name, row in like.items():
        browsers: list[Browser] = row["walked"].browsers
        one = browsers[0]
        if one.taps:
            walk: Walk = partial(walk_the_floor, gets=one.gets, posts=one.posts, taps=len(one.taps))
        else:
            items = 90 if name.startswith("90") else 9
            walk = partial(answer_open_link, path=f"/form/{items}", choose=calmly)
        walks[name] = [walk] * len(browsers)
    return walks


def floor(ground: Ground, like: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The same walks against the floor."""
    environ = {"FLOOR_DATABASE": ground.floor_url}
    rows = {}
    target = "benchmarks.students.floor:app"
    with serving(target, environ, port=PORT + 1, **PROCESSES) as server:
        for name, walks in floor_walks(like).items():
            crowd(server.port, walks[:WARM_UP], AT_ONCE)
            rows[name], _ = measured(server, ground, walks)
    return rows


def stored(settings: Settings) -> dict[str, Any]:
    """What is in the database: every answer, every score, every flag, and a chain that holds."""
    with create_app(settings).app_context():
        kinds = (Assessment, Response, Administration, Flag, audit.AuditEvent)
        counts = {
            kind.__tablename__: db.session.scalar(select(func.count()).select_from(kind))
            for kind in kinds
        }
        holds = audit.verify() is None
        db.session.remove()
        db.engine.dispose()
    return {**counts, "audit chain holds": holds}


def compared(ground: Ground, students: int) -> dict[str, Any]:
    """Product and floor on one database, side by side."""
    ours = product(ground, students)
    least = floor(ground, ours["walks"])
    for name, row in ours["walks"].items():
        del row["walked"]
        row["floor"] = least[name]
        row["rate_to_floor"] = round(row["per_second"] / least[name]["per_second"], 2)
        row["cpu_to_floor"] = round(row["server_ms_each"] / least[name]["server_ms_each"], 2)
    return ours


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = [
        f"{'database':<11}{'walk':<38}{'requests':>9}{'per s':>8}{'floor/s':>9}{'ratio':>7}"
        f"{'CPU ms':>8}{'floor':>7}{'ratio':>7}{'DB ms':>7}{'tap p99':>9}"
    ]
    for database, found in report["databases"].items():
        for name, row in found["walks"].items():
            least = row["floor"]
            lines.append(
                f"{database:<11}{name:<38}{row['requests_each']:>9}{row['per_second']:>8}"
                f"{least['per_second']:>9}{row['rate_to_floor']:>7}{row['server_ms_each']:>8}"
                f"{least['server_ms_each']:>7}{row['cpu_to_floor']:>7}"
                f"{row['database_ms_each']:>7}{row.get('tap_p99_ms', ''):>9}"
            )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=150, help="students a walk")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "all"), default="all")
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    report: dict[str, Any] = {"processes": PROCESSES, "at_once": AT_ONCE, "databases": {}}
    with grounds(chosen.database) as found:
        for ground in found:
            report["databases"][ground.name] = compared(ground, chosen.count)
    report["load"] = os.getloadavg()
    text = json.dumps(report, indent=2, ensure_ascii=False)
    print(text)
    print(table(report))
    if chosen.output:
        chosen.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
