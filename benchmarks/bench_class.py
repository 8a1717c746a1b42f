"""How long a student waits for "saved" while a whole year begins within a minute.

    python -m benchmarks.bench_class [--students N] [--within S] [--think S] [-o OUT.json]

The embedded default is served as `make run` serves it: SQLite, one process of eight threads, and
the worker beside it. The students come at random moments of the minute, scan their slip, and rest a
second before each answer, so that about sixty are answering at any moment; they answer at random,
so that far more flags are raised than in life. Measured is what each tap takes, on this machine, at
which the browsers sit as well.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from app.config import Settings
from app.platform.crypto import Keyring
from benchmarks.students.school import School, build
from benchmarks.students.servers import ROOT, serving
from benchmarks.students.visitors import (
    Browser,
    Choose,
    Walked,
    at_random,
    crowd,
    walk_with_slip,
)

PORT = 5206
EMBEDDED = {"workers": 1, "threads": 8}
LIMIT_MS = 1_000


@contextmanager
def working(environ: Mapping[str, str]) -> Iterator[None]:
    """The worker that calls for people, beside the web."""
    command = [sys.executable, "-c", "from app.cli import main; main()", "worker"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **environ}
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def come_later(
    browser: Browser, delay: float, think: float, school: School, slip: str, choose: Choose
) -> None:
    """Begin when it is this student's moment."""
    time.sleep(delay)
    walk_with_slip(browser, school=school, slip=slip, choose=choose, think=think)


def morning(students: int, within: float, think: float) -> Walked:
    """Everybody comes and answers."""
    rnd = random.Random(1)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        keys = Path(folder) / "keyring.json"
        Keyring.create(keys)
        settings = Settings(data_dir=Path(folder), keyring_file=keys)
        school = build(settings, students=students)
        environ = {
            "XINQIAO_DATA_DIR": folder,
            "XINQIAO_KEYRING_FILE": str(keys),
            "XINQIAO_PAUSE_AT": "1000000",
        }
        walks = [
            partial(
                come_later,
                delay=rnd.uniform(0, within),
                think=think,
                school=school,
                slip=slip,
                choose=at_random(number),
            )
            for number, slip in enumerate(school.slips)
        ]
        with serving("wsgi:app", environ, port=PORT, **EMBEDDED), working(environ):
            return crowd(PORT, walks, at_once=students)


def report_of(walked: Walked, within: float) -> dict[str, Any]:
    """Percentiles of a tap, and how many were answering at once."""
    taps = sorted(1000 * tap for browser in walked.browsers for tap in browser.taps)
    answering = sum(browser.answering for browser in walked.browsers)
    found = {f"p{share}_ms": round(taps[len(taps) * share // 100]) for share in (50, 95, 99)}
    return {
        "students": len(walked.browsers),
        "done": walked.done,
        "lost": walked.lost[:5],
        "taps": len(taps),
        "answering_at_once": round(answering / within),
        **found,
        "longest_ms": round(taps[-1]),
        "limit_ms": LIMIT_MS,
        "holds": found["p99_ms"] <= LIMIT_MS and not walked.lost,
        "load": os.getloadavg(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--within", type=float, default=60)
    parser.add_argument("--think", type=float, default=1)
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    walked = morning(chosen.students, chosen.within, chosen.think)
    text = json.dumps(report_of(walked, chosen.within), indent=2)
    print(text)
    if chosen.output:
        chosen.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
