"""What this room does by the clock."""

from datetime import timedelta

from app.campaigns.service import prepare_reminders
from app.platform import jobs
from app.platform.db import begin_write, db


def lay_out_reminders() -> None:
    """Lay out today's reminders to class teachers."""
    begin_write()
    prepare_reminders()
    db.session.commit()


def register() -> None:
    """Tell the worker."""
    jobs.every("lay_out_reminders", timedelta(hours=1), lay_out_reminders)
