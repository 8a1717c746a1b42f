"""Interview days: the list, planning one, and the day itself.

GET  /interviews               index
POST /interviews               plan_day
GET  /interviews/<day>         show
"""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.appointments.domain.slots import DayPlan
from app.appointments.forms import PlanDayForm
from app.appointments.queries import days as queries
from app.appointments.queries.roster import usual_plan
from app.appointments.routes.blueprint import bp, carry_out, find_day, site_or_404
from app.appointments.service import appointments, placing
from app.appointments.service import days as service
from app.people.models import Site
from app.people.queries import calendar_of, visible_sites
from app.platform import audit, clock
from app.platform.db import db

#: Past days stay on the list for so long, and so do misses that nobody marked.
BACK = timedelta(days=14)


@bp.get("/interviews")
@requires(Permission.PLAN_INTERVIEWS, audits=True)
def index() -> ResponseReturnValue:
    """The days, who was missed without a word, and planning another day."""
    appointments.sweep(clock.now())
    site = site_or_404()
    return _list(site, _plan_form(site) if site else None)


@bp.post("/interviews")
@requires(Permission.PLAN_INTERVIEWS)
def plan_day() -> ResponseReturnValue:
    """Cut the duty of a day into slots."""
    site, form = site_or_404() or abort(404), PlanDayForm()
    day = carry_out(
        form,
        lambda: service.plan_day(
            actor=current_actor(),
            site=site,
            on=form.on.data,
            plan=form.plan(),
            random_every=int(form.random_every.data),
        ),
    )
    if day is None:
        return _list(site, form), 422
    flash(_("The day is planned. Now place students."), "success")
    return redirect(url_for("appointments.show", day_id=day.public_id))


@bp.get("/interviews/<day_id>")
@requires(Permission.PLAN_INTERVIEWS, audits=True)
def show(day_id: str) -> ResponseReturnValue:
    """One day: who comes when to whom, and what became of it."""
    day = find_day(day_id)
    placing.see_day(actor=current_actor(), day=day)
    held = {each.slot_id: each for each in queries.appointments_of(day)}
    counsellors = list(dict.fromkeys(slot.counsellor for slot in day.slots))
    times = sorted({slot.starts_at for slot in day.slots})
    grid = {(slot.starts_at, slot.counsellor_id): slot for slot in day.slots}
    return render_template(
        "appointments/show.html",
        day=day,
        held=held,
        counsellors=counsellors,
        times=times,
        grid=grid,
    )


def _list(site: Site | None, form: PlanDayForm | None) -> str:
    actor = current_actor()
    if site is None:
        return render_template("appointments/index.html", site=None, sites=[])
    since = clock.today() - BACK
    missed = queries.silent_misses(actor, site, since)
    audit.record(actor, "see_interviews", site_id=site.id, shown=len(missed))
    return render_template(
        "appointments/index.html",
        site=site,
        sites=db.session.scalars(visible_sites(actor)).all(),
        days=queries.counted_days(actor, site, since),
        missed=missed,
        form=form,
    )


def _plan_form(site: Site) -> PlanDayForm:
    usual: DayPlan = usual_plan(site)
    return PlanDayForm(
        formdata=None,
        on=calendar_of(site).next_school_day(clock.today()),
        slot_minutes=usual.slot_minutes,
        pause_minutes=usual.pause_minutes,
        lunch_from=usual.lunch_from,
        lunch_to=usual.lunch_to,
        rooms="\n".join(usual.rooms),
        random_every="4",
    )
