"""What students' pages say of their school."""

from dataclasses import dataclass
from datetime import time

from sqlalchemy import bindparam, select

from app.people.models import Site
from app.platform.db import db

#: Built once, for the last page of every sitting. Columns in the order of `School`.
_SCHOOL = select(
    Site.name, Site.counselling_room, Site.duty_phone, Site.opens_at, Site.closes_at
).where(Site.id == bindparam("site"))


@dataclass(frozen=True)
class School:
    """A school's own contact, and when somebody is there."""

    name: str
    counselling_room: str | None
    duty_phone: str | None
    opens_at: time
    closes_at: time


def school(site: Site) -> School:
    """The school as its pages show it."""
    return School(site.name, site.counselling_room, site.duty_phone, site.opens_at, site.closes_at)


def school_of(site_id: int) -> School:
    """The same where only its row is known by its id."""
    return School(*db.session.connection().execute(_SCHOOL, {"site": site_id}).one())
