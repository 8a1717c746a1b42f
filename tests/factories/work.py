"""The worker's round, without a worker."""

from app.platform import jobs


def run_due() -> int:
    """Do everything that is due now, one job after the other; how many were tried."""
    tried = 0
    while jobs.run_next():
        tried += 1
    return tried
