"""How fast a pile of summaries is printed, beside the engine printing as many empty pages.

    python -m benchmarks.bench_print [--students 300]

Counsellor sheets (Chinese text, charts, tables) of an invented school are written, printed, bound
and locked, step by step, as the worker does it. Measured is what the steps take, by the clock and
in processor seconds of all processes, and the greatest resident memory. The floor is the same
engine printing as many empty pages in the same chunks: start-up and paper.
"""

import argparse
import gc
import io
import json
import os
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path

import pikepdf
from markupsafe import Markup

from app import create_app
from app.access.actor import Actor, ActorKind
from app.access.permissions import Role
from app.cases.domain.printing import Rendering, RunState
from app.cases.models import PrintRun
from app.cases.service import printing
from app.cases.service.print_runs import fetch_run, start_run
from app.cases.service.releases import release_summaries
from app.config import Settings
from app.platform.crypto import Keyring
from app.platform.db import begin_write, db
from app.platform.pdf import PrintDocument, print_parts
from tests.factories import people, results
from tests.integration.cases.profile_world import take

CLASS_SIZE = 50
MEGABYTE = 1024.0  # ru_maxrss counts in kilobytes


def school(students: int) -> PrintRun:
    """Classes of fifty that answered two instruments; their summaries are asked for."""
    site = people.site(name="第一中学")
    counsellor = people.user(Role.COUNSELLOR, site.id)
    staff = people.user(Role.SITE_STAFF, site.id)
    campaign = results.campaign("phq9", "who5", code="autumn")
    everybody = []
    for number in range(-(-students // CLASS_SIZE)):
        cohort = people.cohort(site, name=f"初二（{number + 1}）班")
        if not number:
            results.takes_part(campaign, cohort, counsellor)
        for seat in range(min(CLASS_SIZE, students - number * CLASS_SIZE)):
            student = people.student(cohort, name=f"欧阳子涵{seat + 1}")
            low = (number * CLASS_SIZE + seat) % 3
            take(campaign, student, [low] * 8 + [0], [4 - low] * 5, {"company": 0, "talk": 0})
            everybody.append(student)
    released = release_summaries(
        actor=_acting(counsellor, site.id, Role.COUNSELLOR),
        campaign=campaign,
        site=site,
        cohort=None,
        students=everybody,
        rendering=Rendering.COUNSELLOR,
        locale="zh_Hans",
        has_names=True,
        copies=1,
        days=3,
    )
    return start_run(actor=_acting(staff, site.id, Role.SITE_STAFF), release=released.release)


def _acting(user, site_id: int, role: Role) -> Actor:
    return Actor(
        kind=ActorKind.USER,
        ref=user.public_id,
        role=role,
        user_id=user.id,
        site_ids=frozenset([site_id]),
    )


def printed(run_id: int) -> dict[str, float]:
    """Seconds of writing the sheets, of printing and of binding them; on the clock, and of work."""
    taken = Counter[str]()
    while True:
        run = db.session.get_one(PrintRun, run_id)
        if run.state is RunState.READY:
            return taken
        if run.state is RunState.FAILED:
            raise SystemExit("printing failed")
        is_last = run.parts_printed > len(run.batches)
        kind = "binding" if run.state is RunState.PRINTING and is_last else run.state.value
        begun, used = time.perf_counter(), processor_seconds()
        printing.print_step(run_id)
        taken["seconds"] += time.perf_counter() - begun
        taken[f"seconds_{kind}"] += time.perf_counter() - begun
        taken["processor_seconds"] += processor_seconds() - used
        taken[f"processor_seconds_{kind}"] += processor_seconds() - used


def floor(pages: int) -> None:
    """Print as many empty pages."""
    empty = [PrintDocument("", Markup('<div class="page"><p>空</p></div>') * 2, 2)] * (pages // 2)
    print_parts(empty, title="空", language="zh_Hans")


def processor_seconds() -> float:
    """What this process and its engines have used so far."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def measure(students: int) -> dict[str, float | str]:
    run_id = school(students).id
    db.session.commit()
    db.session.close()
    gc.collect()
    gc.freeze()  # as the worker does
    taken = printed(run_id)
    begin_write()
    run = db.session.get_one(PrintRun, run_id)
    content = fetch_run(actor=_acting(run.user, run.site_id, Role.SITE_STAFF), run=run)
    with pikepdf.open(io.BytesIO(content), password=run.release.password) as pdf:
        pages = len(pdf.pages)
    db.session.commit()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, empty = time.perf_counter(), processor_seconds()
    floor(pages)
    seconds_empty, empty = time.perf_counter() - begun, processor_seconds() - empty
    return {
        "students": students,
        "pages": pages,
        "megabytes": round(len(content) / 1e6, 2),
        **{name: round(value, 2) for name, value in sorted(taken.items())},
        "seconds_of_empty_pages": round(seconds_empty, 2),
        "processor_seconds_of_empty_pages": round(empty, 2),
        "ratio": round(taken["processor_seconds"] / empty, 2),
        "peak_mb": round(peak / MEGABYTE),
        # At most: a child begins with the memory of its parent.
        "peak_engine_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MEGABYTE),
        "load": os.getloadavg()[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=300)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        keys = folder / "keyring.json"
        Keyring.create(keys)
        app = create_app(Settings(data_dir=folder, keyring_file=keys))
        with app.app_context():
            db.create_all()
            begin_write()
            print(json.dumps(measure(chosen.students), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
