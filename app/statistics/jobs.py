"""What this room does by the clock, and when somebody asks for an export."""

import subprocess
import sys
from datetime import timedelta

from app.access.actor import SYSTEM
from app.platform import clock, jobs
from app.platform.db import begin_write, db
from app.statistics.domain.exports import SILENT_AFTER
from app.statistics.queries.exports import stuck_exports
from app.statistics.queries.places import next_uncounted
from app.statistics.service.counting import count_school
from app.statistics.service.exports import WORK, expire_exports, sweep_folder

#: Writers that this worker has started; kept until they end, so that none is left unburied.
_writers: list["subprocess.Popen[bytes]"] = []


def count_closed_campaigns() -> None:
    """Count what has closed since; one school a transaction, for answers of others wait behind."""
    while True:
        begin_write()
        part = next_uncounted()
        if part is not None:
            count_school(actor=SYSTEM, campaign=part.campaign, site_id=part.site_id)
        db.session.commit()
        if part is None:
            return


def mind_exports() -> None:
    """What was not taken in time goes; where a writer died another begins anew."""
    begin_write()
    expire_exports(actor=SYSTEM)
    sweep_folder()
    db.session.commit()
    stuck = stuck_exports(clock.now() - SILENT_AFTER)
    db.session.rollback()
    for export_id in stuck:
        start_writer(export_id)


def start_writer(export_id: int) -> None:
    """Let a process of its own work on it: that takes minutes, and an alarm waits for none."""
    _writers[:] = [one for one in _writers if one.poll() is None]
    command = [sys.executable, "-m", "app.cli", "exports", "work", str(export_id)]
    _writers.append(subprocess.Popen(command, start_new_session=True))


def register() -> None:
    """Tell the worker."""
    jobs.handle(WORK, start_writer)
    jobs.every("mind_exports", timedelta(minutes=5), mind_exports)
    jobs.every("count_closed_campaigns", timedelta(minutes=5), count_closed_campaigns)
