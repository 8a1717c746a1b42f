"""The duty roster as a week.

GET  /duty                      duty
POST /duty/shifts               add_shift
POST /duty/shifts/<id>/remove   remove_shift
POST /duty/phone                set_duty_phone
"""

from datetime import date, datetime, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.people.duty import by_day, gaps
from app.people.forms import DutyPhoneForm, ShiftForm
from app.people.models import Site
from app.people.queries import (
    account,
    calendar_of,
    chosen_site,
    on_duty,
    responders,
    shifts_between,
    visible_shift,
    visible_site,
    visible_sites,
)
from app.people.routes.blueprint import bp
from app.people.service import shifts, sites
from app.platform import clock
from app.platform.db import db
from app.platform.web import asked_day

WEEK = timedelta(days=7)


@bp.get("/duty")
@requires(Permission.SEE_DUTY)
def duty() -> ResponseReturnValue:
    """Who answers now, who comes next, the week, and where nobody does."""
    asked = request.args.get("site")
    site = chosen_site(current_actor(), asked)
    if asked and site is None:
        abort(404)
    return _board(site, _shift_form(site) if site else None)


@bp.post("/duty/shifts")
@requires(Permission.MANAGE_DUTY)
def add_shift() -> ResponseReturnValue:
    """Put somebody on duty."""
    site = visible_site(current_actor(), request.args.get("site", "")) or abort(404)
    form = _shift_form(site)
    if not (form.validate_on_submit() and _put_on_duty(site, form)):
        return _board(site, form), 422
    flash(_("Added to the duty roster."), "success")
    return redirect(url_for("people.duty", site=site.code, week=form.on.data))


@bp.post("/duty/shifts/<public_id>/remove")
@requires(Permission.MANAGE_DUTY)
def remove_shift(public_id: str) -> ResponseReturnValue:
    """Take a shift off the roster."""
    shift = visible_shift(current_actor(), public_id) or abort(404)
    site = shift.site.code if shift.site else None
    week = clock.local(shift.starts_at).date()
    shifts.remove_shift(actor=current_actor(), shift=shift)
    flash(_("Taken off the duty roster."), "success")
    return redirect(url_for("people.duty", site=site, week=week))


@bp.post("/duty/phone")
@requires(Permission.MANAGE_DUTY)
def set_duty_phone() -> ResponseReturnValue:
    """Change the number that students find on the help page."""
    site = visible_site(current_actor(), request.args.get("site", "")) or abort(404)
    form = DutyPhoneForm()
    if form.validate_on_submit():
        sites.set_duty_phone(actor=current_actor(), site=site, phone=form.phone.data)
        flash(_("The duty phone is saved."), "success")
    else:
        flash(form.phone.errors[0], "error")
    return redirect(url_for("people.duty", site=site.code))


def _board(site: Site | None, form: ShiftForm | None) -> str:
    now = clock.now()
    if site is None:
        return render_template("people/duty.html", site=None, sites=[])
    monday = _monday()
    days = [monday + timedelta(days=n) for n in range(7)]
    since = datetime.combine(monday, datetime.min.time(), clock.zone())
    coming = shifts_between(site, now, now + WEEK)
    return render_template(
        "people/duty.html",
        site=site,
        sites=db.session.scalars(visible_sites(current_actor())).all(),
        form=form,
        phone_form=DutyPhoneForm(formdata=None, phone=site.duty_phone),
        days=by_day(shifts_between(site, since, since + WEEK), days, clock.zone()),
        calendar=calendar_of(site),
        now_on_duty=on_duty(site.id, now),
        next_shift=next((shift for shift in coming if shift.starts_at > now), None),
        gaps=gaps(coming, now, now + WEEK),
        now=now,
        today=clock.today(),
        monday=monday,
        week=WEEK,
    )


def _monday() -> date:
    """The Monday of the week that the address asks for."""
    day = asked_day("week") or clock.today()
    return day - timedelta(days=day.weekday())


def _shift_form(site: Site) -> ShiftForm:
    form = ShiftForm(on=clock.today())
    form.user.choices = [SelectChoice(user.public_id, user.name) for user in responders(site)]
    return form


def _put_on_duty(site: Site, form: ShiftForm) -> bool:
    starts_at, ends_at = _times(form)
    try:
        shifts.add_shift(
            actor=current_actor(),
            site=site,
            user=account(form.user.data) or abort(404),
            starts_at=starts_at,
            ends_at=ends_at,
            rank=int(form.rank.data),
        )
    except shifts.ShiftRefusedError:
        form.user.errors = [_("This person cannot be put on duty here and then.")]
        return False
    return True


def _times(form: ShiftForm) -> tuple[datetime, datetime]:
    starts_at = datetime.combine(form.on.data, form.starts.data, clock.zone())
    ends_at = datetime.combine(form.on.data, form.ends.data, clock.zone())
    return starts_at, ends_at if ends_at > starts_at else ends_at + timedelta(days=1)
