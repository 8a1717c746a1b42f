"""What opened nothing is counted for a while, and then forgotten."""

from datetime import datetime

from sqlalchemy import delete

from app.assessments.models import EntryMiss, PinMiss
from app.assessments.service import doors, pins
from app.platform.db import db


def forget_misses(*, now: datetime) -> None:
    """Delete the misses that no limit counts any more."""
    db.session.execute(delete(EntryMiss).where(EntryMiss.at <= now - doors.MISS_WINDOW))
    db.session.execute(delete(PinMiss).where(PinMiss.at <= now - pins.MISS_WINDOW))
