"""An invented school for pictures of students' pages: one for each walk, all of the same name."""

import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from werkzeug.serving import make_server

from app import create_app
from app.campaigns.models import Campaign, Invitation
from app.config import Settings
from app.people.models import Cohort, DutyShift
from app.platform import clock, events
from app.platform.crypto import Keyring
from app.platform.db import begin_write, db
from tests.databases import SqliteFiles
from tests.e2e.phones import Line
from tests.factories import assessments, campaigns, people, results

SCHOOL = {
    "name": "望川县第一初级中学",
    "duty_phone": "0000-555 0101",
    "counselling_room": "教学楼二楼 心理辅导室",
}
#: What walks type at a door.
BIRTHDAY = date(2010, 5, 20)
YOUNG = date(2015, 5, 20)

#: Forty-two questions: the last nine come after a break.
LONG = ("who5", "gad7", "dass21", "phq9")


@dataclass(frozen=True)
class Slip:
    """What stands on it."""

    token: str
    code: str


@dataclass(frozen=True)
class Doors:
    """What leads in: slips, an open link, the computer room."""

    own: Slip
    lost: Slip
    young: Slip
    waiting: Slip
    resting: Slip
    kinds: Slip
    pictures: Slip
    seated: Slip
    link: str
    room: str


@contextmanager
def serving() -> Iterator[tuple[str, Doors, Line]]:
    """The school on loopback until the block ends: its address, its doors, the line to it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder))
        app = create_app(settings)
        with app.app_context():
            begin_write()
            doors = _built()
            db.session.commit()
        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)  # a line that is cut is no news
        line = Line(app)
        server = make_server("127.0.0.1", 0, line, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", doors, line
        finally:
            server.shutdown()
            server.server_close()


def _settings(folder: Path) -> Settings:
    keyring, empty = folder / "keyring.json", folder / "empty"
    Keyring.create(keyring)
    empty.mkdir()
    SqliteFiles(empty, keyring)
    # With the first flag that nobody has seen, a class that has not begun waits.
    return Settings(data_dir=empty, keyring_file=keyring, pause_at=0)


def _built() -> Doors:
    own, lost = _invited(*LONG, students=2)
    (young,) = _invited("phq9", birth_date=YOUNG)
    (waiting,) = _invited("phq9")
    _flag_somebody(waiting)
    (resting,) = _invited("phq9")
    _off_duty_until_tomorrow(resting)
    (kinds,), (pictures,), (seated,) = _invited("kinds"), _invited("pictured"), _invited("phq9")
    slips = (own, lost, young, waiting, resting, kinds, pictures, seated)
    return Doors(
        *(Slip(slip.token or "", slip.code or "") for slip in slips),
        link=f"/o/{assessments.link_of(own).token}",
        room=assessments.computer_room(seated).token or "",
    )


def _invited(*codes: str, students: int = 1, birth_date: date = BIRTHDAY) -> list[Invitation]:
    cohort = people.cohort(people.site(**SCHOOL), name="初二（3）班")
    persons = [people.student(cohort, birth_date=birth_date) for _ in range(students)]
    campaign = _running(cohort, *codes)
    return [campaigns.invitation(campaign, person) for person in persons]


def _running(cohort: Cohort, *codes: str) -> Campaign:
    first = clock.today()
    battery = campaigns.battery(*codes)
    last = first + timedelta(days=14)
    return campaigns.running(cohort, battery=battery, opens_on=first, closes_on=last)


def _flag_somebody(slip: Invitation) -> None:
    sitting = results.sitting(slip.campaign, people.student(people.cohort(slip.site)))
    events.publish(results.stored(sitting, results.answers(sitting, "phq9", {"q9": 1})))


def _off_duty_until_tomorrow(slip: Invitation) -> None:
    shifts = db.session.query(DutyShift).filter_by(site_id=slip.site_id).all()
    dawn = datetime.combine(clock.today() + timedelta(days=1), time(8), clock.zone())
    for shift in shifts:
        shift.starts_at, shift.ends_at = dawn, dawn + timedelta(hours=9)
