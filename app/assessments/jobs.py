"""What this room does by the clock."""

from datetime import timedelta

from app.assessments.service import expire_overdue
from app.assessments.service.misses import forget_misses
from app.platform import clock, jobs
from app.platform.db import begin_write, db


def close_overdue_sittings() -> None:
    """Close and score what was left unfinished for too long."""
    begin_write()
    expire_overdue(now=clock.now())
    db.session.commit()


def forget_old_misses() -> None:
    """Codes and PINs that opened nothing leave no trace once they no longer count."""
    begin_write()
    forget_misses(now=clock.now())
    db.session.commit()


def register() -> None:
    """Tell the worker."""
    jobs.every("close_overdue_sittings", timedelta(hours=1), close_overdue_sittings)
    jobs.every("forget_old_misses", timedelta(hours=1), forget_old_misses)
