"""Holiday cover: one action gives every open case of a school a person and a date.

GET  /cases/holiday-cover             holiday_cover
POST /cases/holiday-cover             cover_holiday
GET  /cases/holiday-cover/list        holiday_list
"""

from collections.abc import Sequence
from datetime import date

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.domain.errors import CoverError
from app.cases.domain.holidays import Break
from app.cases.queries import holidays as queries
from app.cases.queries.guardians import feared_students
from app.cases.routes.blueprint import bp
from app.cases.routes.pages import find_case
from app.cases.routes.refusals import act
from app.cases.service.holidays import Cover
from app.cases.service.holidays import cover_holiday as settle
from app.people.models import Site
from app.people.queries import account, chosen_site, responders, visible_sites
from app.platform import audit, clock
from app.platform.db import db


@bp.get("/cases/holiday-cover")
@requires(Permission.WORK_CASE, audits=True)
def holiday_cover() -> ResponseReturnValue:
    """The next break, and each open case with a proposed person and day."""
    site, holiday = _asked()
    found = queries.proposals(current_actor(), site, holiday) if site and holiday else []
    audit.record(current_actor(), "see_holiday_cover", site, cases=len(found))
    return render_template(
        "cases/holidays/edit.html",
        site=site,
        sites=_sites(),
        holiday=holiday,
        proposals=found,
        people=responders(site) if site else [],
    )


@bp.post("/cases/holiday-cover")
@requires(Permission.WORK_CASE)
def cover_holiday() -> ResponseReturnValue:
    """Settle all rows at once."""
    site, holiday = _asked()
    if site is None or holiday is None:
        abort(404)
    act(
        lambda: settle(actor=current_actor(), site=site, holiday=holiday, covers=_covers()),
        lambda rows: _("Cases covered: %(n)s", n=len(rows)),
    )
    return redirect(url_for("cases.holiday_cover", site=site.code))


@bp.get("/cases/holiday-cover/list")
@requires(Permission.WORK_CASE, audits=True)
def holiday_list() -> ResponseReturnValue:
    """For the desk of who looks after the cases: whom, when, and the numbers."""
    site, holiday = _asked()
    covers = queries.covers_of(current_actor(), site, holiday) if site and holiday else []
    audit.record(current_actor(), "print_holiday_cover", site, cases=len(covers))
    return render_template(
        "cases/holidays/list.html",
        site=site,
        holiday=holiday,
        covers=covers,
        feared=feared_students(cover.case.student_id for cover in covers),
    )


def _asked() -> tuple[Site | None, Break | None]:
    """The school that the address asks for, or the first one, with its next break."""
    site = chosen_site(current_actor(), request.args.get("site"))
    return site, queries.break_of(site, clock.today()) if site else None


def _sites() -> Sequence[Site]:
    return db.session.scalars(visible_sites(current_actor())).all()


def _covers() -> list[Cover]:
    """The rows of the form: case, person and day at the same place of each list."""
    rows = zip(
        request.form.getlist("case"),
        request.form.getlist("user"),
        request.form.getlist("contact_on"),
        strict=True,
    )
    return [
        Cover(
            case=find_case(case_id),
            user=account(user_id) or abort(404),
            contact_on=_day(day),
        )
        for case_id, user_id, day in rows
    ]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CoverError from error
