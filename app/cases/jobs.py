"""What this room does by the clock."""

import logging
from datetime import timedelta

from app.access.actor import SYSTEM
from app.cases.queries.queue import (
    flags_without_entry,
    reports_without_entry,
    silent_entries,
)
from app.cases.service.print_runs import STEP, expire_runs
from app.cases.service.printing import print_step
from app.cases.service.queue import (
    hasten_silent,
    mend_missing_entries,
    mend_missing_reports,
)
from app.platform import jobs
from app.platform.db import begin_write, db

_log = logging.getLogger(__name__)


def watch_silence() -> None:
    """Who went silent after a critical answer becomes urgent, also while no queue is open.

    Each in a transaction of its own, so that none waits for a student and holds the log.
    """
    for entry_id in silent_entries():
        begin_write()
        hasten_silent(entry_id=entry_id)
        db.session.commit()


def check_flags() -> None:
    """No flag or report is without an entry (P12); where that is broken, mend it and say so."""
    if not flags_without_entry() and not reports_without_entry():
        return
    begin_write()
    flags, reports = mend_missing_entries(), mend_missing_reports()
    db.session.commit()
    _log.error("stood in no queue and were put there: flags %s, reports %s", flags, reports)


def mind_prints() -> None:
    """Printed files that nobody fetched in time go."""
    begin_write()
    expire_runs(actor=SYSTEM)
    db.session.commit()


def register() -> None:
    """Tell the worker."""
    jobs.handle(STEP, print_step)
    jobs.every("mind_prints", timedelta(minutes=5), mind_prints)
    jobs.every("watch_silence", timedelta(minutes=1), watch_silence)
    jobs.every("check_flags", timedelta(hours=1), check_flags)
