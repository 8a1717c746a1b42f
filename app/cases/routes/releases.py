"""Releases: counsellors let site staff print summaries, and site staff print them.

GET  /releases                  releases
GET  /releases/new              new_release
POST /releases                  release
POST /releases/<id>/withdraw    withdraw_release
POST /releases/<id>/print       print_release
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.campaigns.models import Campaign
from app.campaigns.queries import visible_campaigns
from app.cases.domain.printing import ReleaseOverError
from app.cases.forms.releases import ReleaseForm
from app.cases.models import SummaryRelease
from app.cases.printing import print_documents, summary_documents
from app.cases.queries import releases as queries
from app.cases.queries.profiles import find_student, students_with_results
from app.cases.routes.blueprint import bp
from app.cases.service import releases as service
from app.cases.words.profiles import moment_text
from app.people.models import Cohort, Student
from app.people.queries import visible_cohorts
from app.platform import audit
from app.platform.db import begin_write, db
from app.platform.i18n import choose_locale
from app.platform.pdf import PdfError
from app.platform.printed import pdf_response


@bp.get("/releases")
@requires(Permission.PRINT_RELEASED)
def releases() -> ResponseReturnValue:
    """What counsellors have released for this site's staff to print."""
    return render_template(
        "cases/releases/index.html", releases=queries.open_releases(current_actor()), moment=_moment
    )


@bp.get("/releases/new")
@requires(Permission.RELEASE_PRINTS, audits=True)
def new_release() -> ResponseReturnValue:
    """Choose campaign and class, then whose summaries may be printed."""
    campaign, cohort = _chosen()
    form = ReleaseForm()
    if campaign and cohort:
        students = _students(campaign, cohort)
        audit.record(current_actor(), "see_who_was_screened", cohort, shown=len(students))
        _offer(form, students)
        only = request.args.get("student")
        form.students.data = [only] if only else [value for value, _name in form.students.choices]
    return _release_page(form, campaign, cohort)


@bp.post("/releases")
@requires(Permission.RELEASE_PRINTS)
def release() -> ResponseReturnValue:
    """Release them; the password is shown on this one page and never again."""
    campaign, cohort = _chosen()
    if not (campaign and cohort):
        abort(404)
    form, students = ReleaseForm(), _students(campaign, cohort)
    _offer(form, students)
    if not form.validate_on_submit():
        return _release_page(form, campaign, cohort), 422
    released = service.release_summaries(
        actor=current_actor(),
        campaign=campaign,
        cohort=cohort,
        students=[one for one in students if one.public_id in form.students.data],
        rendering=form.rendering.data,
        locale=choose_locale(),
        copies=form.copies.data,
        days=form.days.data,
    )
    return render_template("cases/releases/released.html", released=released, moment=_moment)


@bp.post("/releases/<release>/withdraw")
@requires(Permission.RELEASE_PRINTS)
def withdraw_release(release: str) -> ResponseReturnValue:
    """Nothing more can be printed from it."""
    service.withdraw_release(actor=current_actor(), release=_release_or_404(release))
    flash(_("The release was withdrawn."), "success")
    return redirect(url_for("cases.new_release"))


@bp.post("/releases/<release>/print")
@requires(Permission.PRINT_RELEASED)
def print_release(release: str) -> ResponseReturnValue:
    """One copy as a PDF; a counsellor's or referral rendering is encrypted."""
    found, actor = _release_or_404(release), current_actor()
    try:
        taken = service.take_released(actor=actor, release=found)
    except ReleaseOverError:
        flash(_("This release has expired, or all its copies are printed."), "error")
        return redirect(url_for("cases.releases"))
    locale, password = found.locale, found.password
    documents = summary_documents(
        taken, rendering=found.rendering, locale=locale, printed_by=current_user.name
    )
    # The engine takes seconds: answers of students must not wait for it behind our write.
    db.session.commit()
    try:
        return pdf_response(print_documents(documents, locale=locale, password=password))
    except PdfError as error:
        begin_write()
        service.give_back(actor=actor, release=_release_or_404(release))
        flash(str(error), "error")
        return redirect(url_for("cases.releases"))


def _chosen() -> tuple[Campaign | None, Cohort | None]:
    """Campaign and class of the address; a student stands for the own class."""
    actor = current_actor()
    campaign_id, cohort_id = request.values.get("campaign"), request.values.get("cohort")
    campaign = db.session.scalar(visible_campaigns(actor).where(Campaign.public_id == campaign_id))
    student = find_student(actor, request.values.get("student", ""))
    if student is not None:
        return campaign, student.cohort
    return campaign, db.session.scalar(visible_cohorts(actor).where(Cohort.public_id == cohort_id))


def _students(campaign: Campaign, cohort: Cohort) -> list[Student]:
    query = students_with_results(current_actor(), campaign)
    return list(db.session.scalars(query.where(Student.cohort_id == cohort.id)))


def _offer(form: ReleaseForm, students: list[Student]) -> None:
    form.students.choices = [(student.public_id, student.name) for student in students]


def _release_page(form: ReleaseForm, campaign: Campaign | None, cohort: Cohort | None) -> str:
    actor = current_actor()
    return render_template(
        "cases/releases/new.html",
        form=form,
        campaign=campaign,
        cohort=cohort,
        campaigns=db.session.scalars(visible_campaigns(actor)).all(),
        cohorts=db.session.scalars(visible_cohorts(actor)).all(),
        releases=queries.open_releases(actor),
        moment=_moment,
    )


def _release_or_404(public_id: str) -> SummaryRelease:
    return queries.find_release(current_actor(), public_id) or abort(404)


def _moment(moment: object) -> str:
    return moment_text(moment, choose_locale())  # type: ignore[arg-type] # templates hand datetimes
