"""Somebody made up for a drill: in a class that no list knows, and gone when the drill is over."""

from datetime import date

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.people.models import Cohort, Site, Student
from app.platform import audit, clock, ids
from app.platform.db import db

#: Said wherever a responder reads a name: nobody can take them for somebody.
CLASS_NAME, STUDENT_NAME = "演练班（虚拟）", "演练同学（虚拟人物）"
#: Grown up, so that no guardian's consent is missing.
AGE = 20


def create_synthetic_student(*, actor: Actor, site: Site) -> Student:
    """A new person a drill: what was done in the last one is no history of this one."""
    require(actor, Permission.HOLD_DRILLS, site)
    cohort = _class_of(site)
    student = Student(
        site_id=site.id,
        cohort_id=cohort.id,
        cohort=cohort,
        site=site,
        name=STUDENT_NAME,
        student_no=f"drill-{ids.new_public_id()}",
        birth_date=date(clock.today().year - AGE, 1, 1),
        created_at=clock.now(),
        is_synthetic=True,
    )
    db.session.add(student)
    db.session.flush()
    audit.record(actor, "create_synthetic_student", student)
    return student


def _class_of(site: Site) -> Cohort:
    query = select(Cohort).where(Cohort.site_id == site.id, Cohort.is_synthetic)
    cohort = db.session.scalar(query)
    if cohort is None:
        cohort = Cohort(site_id=site.id, name=CLASS_NAME, is_synthetic=True)
        db.session.add(cohort)
        db.session.flush()
    return cohort
