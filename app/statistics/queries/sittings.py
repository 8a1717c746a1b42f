"""Which sittings count at a school, and whose they are."""

from sqlalchemy import CTE, ColumnElement, case, func, select

from app.assessments.models import Assessment
from app.people.models import Student
from app.results.queries import first_sittings


def counted_sittings(campaign_id: int, site_id: int) -> CTE:
    """The sittings that count, each with whose it is and that student's class and sex."""
    first = first_sittings(Assessment.campaign_id == campaign_id, Assessment.site_id == site_id)
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
