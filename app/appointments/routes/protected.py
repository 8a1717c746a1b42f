"""When classes are not to be disturbed.

GET  /interviews/protected-times               protected_times
POST /interviews/protected-times               protect
POST /interviews/protected-times/<id>/remove   unprotect
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.appointments import words
from app.appointments.forms import ProtectedTimeForm
from app.appointments.queries import days as queries
from app.appointments.routes.blueprint import bp, carry_out, site_or_404
from app.appointments.service import days as service
from app.people.models import Cohort, Site
from app.people.queries import visible_cohorts, visible_sites
from app.platform.db import db

WEEK = range(7)


@bp.get("/interviews/protected-times")
@requires(Permission.PLAN_INTERVIEWS)
def protected_times() -> ResponseReturnValue:
    """The times of a school's classes."""
    site = site_or_404() or abort(404)
    return _page(site, _form(site))


@bp.post("/interviews/protected-times")
@requires(Permission.PLAN_INTERVIEWS)
def protect() -> ResponseReturnValue:
    """Keep classes undisturbed at a time."""
    site = site_or_404() or abort(404)
    form, cohorts = _form(site), {cohort.public_id: cohort for cohort in _cohorts(site)}
    done = carry_out(
        form,
        lambda: service.protect(
            actor=current_actor(),
            cohorts=[cohorts[each] for each in form.cohorts.data],
            weekday=form.weekday.data,
            starts=form.starts.data,
            ends=form.ends.data,
            subject=form.subject.data or "",
        ),
    )
    if done is None:
        return _page(site, form), 422
    flash(_("Nobody is called out of these lessons any more."), "success")
    return redirect(url_for("appointments.protected_times", site=site.code))


@bp.post("/interviews/protected-times/<public_id>/remove")
@requires(Permission.PLAN_INTERVIEWS)
def unprotect(public_id: str) -> ResponseReturnValue:
    """Let the class be called at this time again."""
    found = queries.find_protected_time(current_actor(), public_id) or abort(404)
    site = found.cohort.site.code
    service.unprotect(actor=current_actor(), protected=found)
    flash(_("Removed."), "success")
    return redirect(url_for("appointments.protected_times", site=site))


def _cohorts(site: Site) -> list[Cohort]:
    query = visible_cohorts(current_actor()).where(Cohort.site_id == site.id)
    return list(db.session.scalars(query))


def _form(site: Site) -> ProtectedTimeForm:
    form = ProtectedTimeForm()
    form.cohorts.choices = [SelectChoice(each.public_id, each.name) for each in _cohorts(site)]
    form.weekday.choices = [SelectChoice(day, words.weekday_word(day)) for day in WEEK]
    return form


def _page(site: Site, form: ProtectedTimeForm) -> str:
    actor = current_actor()
    return render_template(
        "appointments/protected.html",
        site=site,
        sites=db.session.scalars(visible_sites(actor)).all(),
        protected=queries.protected_times(actor, site),
        form=form,
    )
