"""What devices were told, against what is there.

Jepsen's way of counting: lost = acknowledged but not stored, unexpected = stored but never sent,
doubled = stored twice. An answer whose reply was lost may or may not be there until it is sent
again, as every device does.
"""

from collections.abc import Sequence

from app import create_app
from app.assessments.models import Response
from app.config import Settings
from app.platform import audit
from app.platform.db import db
from app.results.models import Flag
from tests.fault.servers import Sender


def assert_receipts_hold(settings: Settings, senders: Sequence[Sender], *, answers: int) -> None:
    """Nothing is lost, unexpected or doubled, every critical answer flagged, the log whole."""
    attempted = set().union(*(sender.attempted for sender in senders))
    acknowledged = set().union(*(sender.acknowledged for sender in senders))
    with create_app(settings).app_context():
        stored = db.session.query(Response).all()
        rows = [row.public_id for row in stored]
        critical = {row.assessment_id for row in stored if row.item_code == "q9" and row.value}
        flagged = {flag.assessment_id for flag in db.session.query(Flag)}
        chain = audit.verify()
        db.session.remove()
        db.engine.dispose()

    assert len(attempted) == len(acknowledged) == answers
    assert acknowledged - set(rows) == set()
    assert set(rows) - attempted == set()
    assert len(rows) == len(set(rows))
    assert critical <= flagged
    assert chain is None
