"""Which sittings count at a school: of each student the first that is theirs."""

from sqlalchemy import CTE, ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from app.assessments.models import Assessment, Attribution
from app.assessments.queries import NEWEST_ATTRIBUTIONS
from app.people.models import Student
from app.results.models import Administration


def counted_sittings(campaign_id: int, site_id: int) -> CTE:
    """The sittings that count, each with whose it is and that student's class and sex.

    A student counts once: with the first sitting that is theirs. A sitting that belongs to nobody
    (detached, or by an open link) is not counted.
    """
    newest = select(Attribution).where(Attribution.id.in_(NEWEST_ATTRIBUTIONS))
    said = aliased(Attribution, newest.subquery("said"))
    owner = func.coalesce(said.student_id, Assessment.student_id)
    first = (
        select(func.min(Assessment.id).label("id"), owner.label("student_id"))
        .outerjoin(said, said.assessment_id == Assessment.id)
        .join(Administration, Administration.assessment_id == Assessment.id)
        .where(
            Assessment.campaign_id == campaign_id,
            Assessment.site_id == site_id,
            owner.is_not(None),
            or_(said.id.is_(None), said.student_id.is_not(None)),
        )
        .group_by(owner)
        .subquery()
    )
    query = (
        select(
            first.c.id,
            first.c.student_id,
            _cohort().label("cohort_id"),
            Student.sex.label("sex"),
        )
        .join(Assessment, Assessment.id == first.c.id)
        .join(Student, Student.id == first.c.student_id)
        .where(Student.is_synthetic.is_(False))
    )
    return query.cte("sittings")


def _cohort() -> ColumnElement[int]:
    """The class as it was then; of a sitting given to somebody else, that student's class."""
    own = case((Assessment.student_id == Student.id, Assessment.cohort_id))
    return func.coalesce(own, Student.cohort_id)
