"""The duty board on paper.

GET  /alarms/duty-board.pdf    duty_board
"""

from datetime import date, timedelta

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.alarms.boards import board_pdf
from app.alarms.routes.blueprint import bp
from app.people.queries import chosen_site
from app.platform import audit, clock
from app.platform.i18n import choose_locale
from app.platform.printed import pdf_or_back
from app.platform.web import asked_day

DAYS_OF_A_WEEK = 7


@bp.get("/alarms/duty-board.pdf")
@requires(Permission.SEE_DUTY, audits=True)
def duty_board() -> ResponseReturnValue:
    """The week or month of the day that the address asks for, to hang on the wall."""
    site = chosen_site(current_actor(), request.args.get("site")) or abort(404)
    day = asked_day("day") or clock.today()
    days = _month_of(day) if request.args.get("span") == "month" else _week_of(day)
    audit.record(current_actor(), "print_duty_board", site, since=days[0].isoformat())
    printed_by, locale = current_user.name or "", choose_locale()
    return pdf_or_back(
        lambda: board_pdf(site, days, locale=locale, printed_by=printed_by),
        back=url_for("people.duty", site=site.code),
        name=f"duty-board-{days[0]}.pdf",
    )


def _week_of(day: date) -> list[date]:
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(DAYS_OF_A_WEEK)]


def _month_of(day: date) -> list[date]:
    first = day.replace(day=1)
    length = ((first + timedelta(days=31)).replace(day=1) - first).days
    return [first + timedelta(days=n) for n in range(length)]
