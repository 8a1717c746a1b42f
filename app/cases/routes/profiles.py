"""A student's profile and its printed summaries.

GET /profiles/<student>               profile
GET /profiles/<student>/summary.pdf   summary
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases import words
from app.cases.domain.printing import Rendering
from app.cases.printing import Print, print_documents, summary_documents
from app.cases.queries.cases import open_case_for
from app.cases.queries.guardians import feared_students
from app.cases.queries.profiles import find_student
from app.cases.queries.support import MOST_CONTACTS, MOST_REPORTS
from app.cases.routes.blueprint import bp
from app.cases.service import profiles as service
from app.cases.words import profiles as profile_words
from app.people.domain import age_on
from app.people.models import Student
from app.platform import clock
from app.platform.i18n import choose_locale
from app.platform.printed import pdf_or_back
from app.profiles.chart import NARROW, draw
from app.profiles.chart import summary as chart_summary
from app.profiles.phrases import date_text
from app.profiles.strip import draw_strip
from app.scoring.report import number_text


@bp.app_context_processor
def _give_templates_words() -> dict[str, object]:
    return {"rendering_name": profile_words.rendering_name, "sex_name": profile_words.sex_name}


@bp.get("/profiles/<student>")
@requires(Permission.SEE_PROFILE, audits=True)
def profile(student: str) -> ResponseReturnValue:
    """What was measured, where the scores lie, which flags stand and why."""
    found = _student_or_404(student)
    locale = choose_locale()
    return render_template(
        "cases/profiles/show.html",
        student=found,
        age=age_on(found.birth_date, clock.today()) if found.birth_date else None,
        read=service.read_profile(actor=current_actor(), student=found, locale=locale),
        case=open_case_for(current_actor(), found.id),
        renderings=_renderings(found),
        draw=draw,
        narrow=NARROW,
        draw_strip=draw_strip,
        summary=chart_summary,
        day=lambda day: date_text(day, locale),
        on=lambda moment: date_text(clock.local(moment).date(), locale),
        moment=lambda moment: profile_words.moment_text(moment, locale),
        lane_name=words.lane_word,
        most_contacts=MOST_CONTACTS,
        most_reports=MOST_REPORTS,
        number=number_text,
    )


@bp.get("/profiles/<student>/summary.pdf")
@requires(Permission.SEE_PROFILE, audits=True)
def summary(student: str) -> ResponseReturnValue:
    """One student's summary on paper: for the counsellor, a guardian or a referral."""
    found = _student_or_404(student)
    rendering, locale = _rendering_or_404(), choose_locale()
    taken = service.take_summaries(
        actor=current_actor(), students=[found], rendering=rendering, locale=locale
    )
    if not taken:
        flash(_("There is nothing to print for this student, or no letter may go home."), "error")
        return redirect(url_for("cases.profile", student=student))
    how = Print(rendering, locale, current_user.name, clock.now())
    documents = summary_documents(taken, how)
    back = url_for("cases.profile", student=student)
    return pdf_or_back(lambda: print_documents(documents, locale=locale), back=back)


def _student_or_404(public_id: str) -> Student:
    return find_student(current_actor(), public_id) or abort(404)


def _renderings(student: Student) -> list[Rendering]:
    """What can be printed: nothing goes to a guardian whom the student fears."""
    is_feared = bool(feared_students([student.id]))
    return [each for each in Rendering if not (is_feared and each is Rendering.GUARDIAN)]


def _rendering_or_404() -> Rendering:
    try:
        return Rendering(request.args.get("rendering", Rendering.COUNSELLOR))
    except ValueError:
        abort(404)
