"""How long a research export takes, and how much memory, as the command line writes it.

    python -m benchmarks.bench_exports [--schools N]

One campaign of 81 schools is 55,080 sittings with PHQ-9, GAD-7 and WHO-5, 1.16 million answers.
Each form is written by a process of its own, as the worker lets it be written.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from app import create_app
from app.access.permissions import Role
from app.config import ROOT, Settings
from app.platform.crypto import Keyring
from app.platform.db import begin_write, db
from app.statistics.domain.exports import FileForm
from benchmarks.bench_reports import CODES, fill, settle
from tests.factories import people

ASKS, APPROVES = "lead", "admin"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--schools", type=int, default=81)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        build(folder, asked.schools)
        # The heaviest of the processes so far is what the system tells: the lightest goes first.
        found = [write(folder, form) for form in (FileForm.CSV, FileForm.XLSX, FileForm.SAV)]
    print(json.dumps({"forms": found, "load": os.getloadavg()[0]}, indent=2))


def build(folder: Path, schools: int) -> None:
    Keyring.create(folder / "keyring.json")
    app = create_app(Settings(data_dir=folder, keyring_file=folder / "keyring.json"), TESTING=True)
    with app.app_context():
        begin_write()
        db.session.rollback()
        db.create_all()
        begin_write()
        county = settle(schools, 1)
        people.user(Role.CRISIS_LEAD, login=ASKS)
        people.user(Role.ADMINISTRATOR, login=APPROVES)
        db.session.commit()
        fill(folder / "xinqiao.db", county)
        db.session.remove()
        db.engine.dispose()


def write(folder: Path, form: FileForm) -> dict[str, Any]:
    target = folder / form.value
    command = [sys.executable, "-m", "app.cli", "exports", "make", *CODES, "--campaign", "term0"]
    command += ["--form", form.value, "--detail", "schools", "--purpose", "to see how long"]
    command += ["--asked-by", ASKS, "--approved-by", APPROVES, "-o", str(target)]
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "XINQIAO_DATA_DIR": str(folder),
        "XINQIAO_KEYRING_FILE": str(folder / "keyring.json"),
    }
    start = perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(
        command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True
    ).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "form": form.value,
        "said": said.partition(";")[0],
        "s": round(perf_counter() - start, 1),
        "cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "most_memory_mb": after.ru_maxrss // 1024,
        "file_mb": round(sum(one.stat().st_size for one in target.iterdir()) / 2**20, 1),
    }


if __name__ == "__main__":
    main()
