"""What this room does by the clock."""

from datetime import timedelta

from app.access.actor import SYSTEM
from app.platform import jobs
from app.platform.db import begin_write, db
from app.statistics.queries.places import next_uncounted
from app.statistics.service.counting import count_campaign


def count_closed_campaigns() -> None:
    """Count what has closed since; one campaign a transaction."""
    while True:
        begin_write()
        campaign = next_uncounted()
        if campaign is not None:
            count_campaign(actor=SYSTEM, campaign=campaign)
        db.session.commit()
        if campaign is None:
            return


def register() -> None:
    """Tell the worker."""
    jobs.every("count_closed_campaigns", timedelta(minutes=5), count_closed_campaigns)
