"""Reading a profile leaves a trace; so does every sheet that is printed from one."""

from collections.abc import Sequence
from dataclasses import replace

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns.models import Campaign
from app.cases.domain.printing import Rendering
from app.cases.queries import profiles as queries
from app.cases.queries.guardians import may_be_written_home
from app.cases.queries.profiles import StudentProfile
from app.cases.queries.support import support_of
from app.people.models import Student
from app.platform import audit


def read_profile(*, actor: Actor, student: Student, locale: str) -> StudentProfile | None:
    """The student's profile for a person who may see it; the reading is recorded first."""
    require(actor, Permission.SEE_PROFILE)
    audit.record(actor, "read_profile", student)
    found = queries.profiles_of(actor, [student], locale=locale)
    return next(iter(_with_support(actor, found)), None)


def take_summaries(
    *,
    actor: Actor,
    students: Sequence[Student],
    rendering: Rendering,
    locale: str,
    campaign: Campaign | None = None,
) -> list[StudentProfile]:
    """The profiles that are about to be printed; who printed whose, and how, is recorded first."""
    require(actor, Permission.SEE_PROFILE)
    if rendering is Rendering.GUARDIAN:
        students = may_be_written_home(students)
    found = queries.profiles_of(actor, students, locale=locale, campaign=campaign)
    for one in found:
        audit.record(
            actor,
            "print_summary",
            one.student,
            rendering=rendering.value,
            campaign=one.assessment.campaign_id,
        )
    return _with_support(actor, found) if rendering is Rendering.COUNSELLOR else found


def _with_support(actor: Actor, profiles: Sequence[StudentProfile]) -> list[StudentProfile]:
    support = support_of(actor, [one.student.id for one in profiles])
    return [replace(one, support=support[one.student.id]) for one in profiles]
