"""A student's profile and its printed summaries.

GET /profiles/<student>               profile
GET /profiles/<student>/summary.pdf   summary
"""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.domain import Rendering
from app.cases.printing import print_summaries
from app.cases.queries.cases import open_case_of
from app.cases.queries.profiles import find_student
from app.cases.routes.blueprint import bp
from app.cases.service import profiles as service
from app.people.models import Student
from app.platform.i18n import choose_locale
from app.profiles.chart import draw, summary as chart_summary


@bp.get("/profiles/<student>")
@requires(Permission.SEE_PROFILE, audits=True)
def profile(student: str) -> ResponseReturnValue:
    """What was measured, where the scores lie, which flags stand and why."""
    found = _student_or_404(student)
    read = service.read_profile(actor=current_actor(), student=found, locale=choose_locale())
    return render_template(
        "cases/profiles/show.html",
        student=found,
        read=read,
        case=open_case_of(found.id),
        draw=draw,
        chart_summary=chart_summary,
        renderings=list(Rendering),
    )
