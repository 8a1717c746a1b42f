"""Which rules hold for a school, and what is known of a student from before."""

import logging
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from app.cases.domain.cases import Counterpart
from app.cases.models import Case, Contact, QueueEntry
from app.instruments.problems import InstrumentError
from app.people.calendar import SchoolCalendar
from app.people.models import Site
from app.people.queries import Hours, calendar_of
from app.platform.db import db
from app.platform.settings import data_dir
from app.triage.domain import History, RiskLevel
from app.triage.rulebook import load_override, standard
from app.triage.rules import RuleBook

FOLDER = "triage"

_LAST_CONTACT = (
    select(Contact)
    .join(Case)
    .where(Case.student_id == bindparam("student"), Contact.with_whom == Counterpart.STUDENT)
    .order_by(Contact.held_at.desc(), Contact.id.desc())
    .limit(1)
)
#: One statement, built once: every flag asks it.
_BACKGROUND = select(
    *(Site.id, Site.opens_at, Site.closes_at, Site.code),
    select(func.max(Case.closed_at))
    .where(Case.student_id == bindparam("student"))
    .scalar_subquery()
    .label("closed_at"),
    select(func.max(QueueEntry.raised_at))
    .where(
        QueueEntry.student_id == bindparam("student"),
        QueueEntry.urgency >= RiskLevel.HIGH.urgency,
        QueueEntry.settled_at.is_not(None),
    )
    .scalar_subquery()
    .label("high_at"),
    _LAST_CONTACT.with_only_columns(Contact.held_at).scalar_subquery().label("contacted_at"),
    _LAST_CONTACT.with_only_columns(Contact.reached).scalar_subquery().label("reached"),
).where(Site.id == bindparam("site"))

log = logging.getLogger(__name__)


class Background(NamedTuple):
    """What the rules weigh besides the signals: the school's own rules and days, and the past."""

    book: RuleBook
    calendar: SchoolCalendar
    history: History


def background_of(site_id: int, student_id: int | None) -> Background:
    """What is known of the school, and of the student from before the flags of now.

    Of somebody who came by an open link nothing is.
    """
    asked = {"site": site_id, "student": student_id}
    found = db.session.connection().execute(_BACKGROUND, asked).one()
    return Background(
        book=book_of(found.code),
        calendar=calendar_of(Hours(found.id, found.opens_at, found.closes_at)),
        history=History(
            case_closed_at=found.closed_at,
            high_at=found.high_at,
            not_reached_at=None if found.reached else found.contacted_at,
        ),
    )


def book_of(site_code: str) -> RuleBook:
    """The rules with what the site does sooner: triage/<code>.yaml in the data folder."""
    path = _file_of(data_dir(), site_code)
    try:
        return _with_override(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return standard()
    except OSError as error:
        log.error("the rules of a site cannot be read: %s", type(error).__name__)
        return standard()


@lru_cache(maxsize=256)
def _file_of(folder: Path, site_code: str) -> Path:
    return folder / FOLDER / f"{site_code}.yaml"


@lru_cache(maxsize=256)
def _with_override(path: Path, _changed: int) -> RuleBook:
    """A file that cannot be used must not cost a student the place in the queue."""
    try:
        return load_override(path, standard())
    except (InstrumentError, OSError) as error:
        log.error("the rules of a site cannot be used: %s", error)
        return standard()
