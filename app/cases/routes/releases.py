"""Releases: counsellors let site staff print summaries.

GET  /releases                  releases
GET  /releases/new              new_release
POST /releases                  release
POST /releases/<id>/withdraw    withdraw_release
"""

from collections import Counter
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.campaigns.models import Campaign
from app.campaigns.queries import visible_campaigns
from app.cases.domain.printing import EnvelopeOrder
from app.cases.forms.releases import ReleaseForm
from app.cases.models import SummaryRelease
from app.cases.queries import releases as queries
from app.cases.queries.profiles import find_student, students_with_results
from app.cases.routes.blueprint import bp
from app.cases.service import releases as service
from app.cases.words.profiles import moment_text, order_name
from app.people.models import Cohort, Site, Student
from app.people.queries import visible_cohort, visible_cohorts, visible_sites
from app.platform import audit
from app.platform.db import db
from app.platform.i18n import choose_locale


@bp.get("/releases")
@requires(Permission.PRINT_RELEASED)
def releases() -> ResponseReturnValue:
    """What counsellors have released for this site's staff to print."""
    return render_template(
        "cases/releases/index.html",
        releases=queries.open_releases(current_actor()),
        runs=queries.live_runs(current_actor()),
        orders={order: order_name(order) for order in EnvelopeOrder},
        moment=_moment,
    )


@bp.get("/releases/new")
@requires(Permission.RELEASE_PRINTS, audits=True)
def new_release() -> ResponseReturnValue:
    """Choose campaign and class, then whose summaries may be printed; or classes of a school."""
    choice = _chosen()
    form = ReleaseForm()
    if choice:
        students = _students(choice)
        scope = choice.cohort or choice.site
        audit.record(current_actor(), "see_who_was_screened", scope, shown=len(students))
        _offer(form, choice, students)
        only = request.args.get("student")
        form.students.data = [only] if only else [value for value, _name in form.students.choices]
    return _release_page(form, choice)


@bp.post("/releases")
@requires(Permission.RELEASE_PRINTS)
def release() -> ResponseReturnValue:
    """Release them; the password is shown on this one page and never again."""
    choice = _chosen() or abort(404)
    form, students = ReleaseForm(), _students(choice)
    _offer(form, choice, students)
    if not form.validate_on_submit():
        return _release_page(form, choice), 422
    chosen = set(form.students.data)
    released = service.release_summaries(
        actor=current_actor(),
        campaign=choice.campaign,
        site=choice.site,
        cohort=choice.cohort,
        students=[one for one in students if choice.value_of(one) in chosen],
        rendering=form.rendering.data,
        locale=choose_locale(),
        has_names=form.has_names.data == "yes",
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


@dataclass(frozen=True)
class _Choice:
    """Whose summaries a page is about: students of one class, or classes of a school."""

    campaign: Campaign
    site: Site
    cohort: Cohort | None

    def value_of(self, student: Student) -> str:
        """What is ticked for a student: the student, or the class."""
        return student.public_id if self.cohort else student.cohort.public_id


def _chosen() -> _Choice | None:
    """Campaign and class or school of the address; a student stands for the own class."""
    actor, asked = current_actor(), request.values.get("cohort", "")
    campaign = db.session.scalar(
        visible_campaigns(actor).where(Campaign.public_id == request.values.get("campaign"))
    )
    student = find_student(actor, request.values.get("student", ""))
    cohort = student.cohort if student else visible_cohort(actor, asked)
    site = cohort.site if cohort else db.session.scalar(_sites().where(Site.public_id == asked))
    return _Choice(campaign, site, cohort) if campaign and site else None


def _sites() -> Select[Site]:
    """Schools whose classes the actor may release together."""
    return visible_sites(current_actor())


def _students(choice: _Choice) -> list[Student]:
    query = students_with_results(current_actor(), choice.campaign)
    if choice.cohort:
        query = query.where(Student.cohort_id == choice.cohort.id)
    return list(db.session.scalars(query.where(Student.site_id == choice.site.id)))


def _offer(form: ReleaseForm, choice: _Choice, students: list[Student]) -> None:
    if choice.cohort:
        form.students.choices = [(student.public_id, student.name) for student in students]
        return
    counts = Counter(student.cohort for student in students)
    form.students.label.text = _("Classes")
    form.students.choices = [
        (cohort.public_id, _("%(name)s (%(count)s students)", name=cohort.name, count=count))
        for cohort, count in counts.items()
    ]


def _release_page(form: ReleaseForm, choice: _Choice | None) -> str:
    actor = current_actor()
    return render_template(
        "cases/releases/new.html",
        form=form,
        choice=choice,
        campaigns=db.session.scalars(visible_campaigns(actor)).all(),
        cohorts=db.session.scalars(visible_cohorts(actor)).all(),
        sites=db.session.scalars(_sites()).all(),
        releases=queries.open_releases(actor),
        moment=_moment,
    )


def _release_or_404(public_id: str) -> SummaryRelease:
    return queries.find_release(current_actor(), public_id) or abort(404)


def _moment(moment: object) -> str:
    return moment_text(moment, choose_locale())  # type: ignore[arg-type] # templates hand datetimes
