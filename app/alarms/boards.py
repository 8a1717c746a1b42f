"""The duty board on paper: who answers on which day, whom to call next, and every number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.alarms.queries.alerts import clocks_of
from app.alarms.queries.calling import heads_of, leads_of
from app.assessments.content import helplines
from app.people.duty import Part, by_day
from app.people.models import Site, User
from app.people.queries import shifts_between
from app.platform import clock
from app.platform.i18n import as_date, as_day, as_full_moment, as_near_day, choose_locale
from app.platform.pdf import (
    Column,
    Imprint,
    PrintDocument,
    TablePart,
    render_pdf,
    split_table,
    text_height,
)
from app.platform.pdf.pagination import PAGE_ROOM, PAGE_WIDTH

#: The number of the school in large type, and the space between the tables.
PHONE_HEIGHT, SPACE_HEIGHT = 14.0, 12.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table that stands above the days, whole."""

    columns: Sequence[Column]
    part: TablePart


def board_pdf(site: Site, days: Sequence[date], *, locale: str, printed_by: str) -> bytes:
    """A4, for the wall of the staff room; personal numbers are written in by hand, or not."""
    ladder, numbers = _whole(*_ladder(site)), _whole(*_numbers(site))
    columns = [
        Column(_("Day"), 46),
        Column(_("Answers first"), 66),
        Column(_("Answers when the first does not"), 66),
    ]
    head = ladder.part.height + numbers.part.height + PHONE_HEIGHT + SPACE_HEIGHT
    head += text_height(_advice(), width=PAGE_WIDTH)
    parts = split_table(_rows(site, days), columns=columns, first=PAGE_ROOM - head)
    body = render_template(
        "alarms/print/board.html",
        imprint=_imprint(site, days, printed_by),
        phone=site.duty_phone,
        advice=_advice(),
        ladder=ladder,
        numbers=numbers,
        columns=columns,
        parts=parts,
    )
    # Translators: title of a printed file
    title = _("Duty board")
    document = PrintDocument(title=title, body=Markup(body), pages=len(parts))  # noqa: S704 -- our own template
    return render_pdf([document], title=title, language=locale)


def _advice() -> str:
    advice: str = _(
        "Somebody says that they want to die, or is in danger: stay with them, do not leave them "
        "alone for a moment, and call. In danger to life call 120 or 110 first."
    )
    return advice


def _imprint(site: Site, days: Sequence[date], printed_by: str) -> Imprint:
    return Imprint(
        site=site.name,
        # Translators: head of the duty board; from the first day to the last
        heading=_("On duty, %(since)s to %(until)s", since=as_day(days[0]), until=as_day(days[-1])),
        date=as_date(clock.today()),
        printed_by=printed_by,
        printed_at=as_full_moment(clock.now()),
        # Translators: foot of the duty board
        notice=_("For staff; print it anew when the roster changes"),
    )


def _whole(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> Table:
    """A table that is not cut: what it holds is short."""
    [part] = split_table(rows, columns=columns)
    return Table(columns, part)


def _ladder(site: Site) -> tuple[list[list[str]], list[Column]]:
    clocks, blank = clocks_of(site.id), ""
    rows = [
        ["1", _("Whoever answers first on that day"), _("at once"), site.duty_phone or blank],
        ["2", _("Whoever answers second on that day"), _after(clocks.second), blank],
        ["3", _told(_("Crisis lead"), leads_of(site.id)), _after(clocks.lead), blank],
        ["4", _told(_("Head of the school"), heads_of(site.id)), _after(clocks.head), blank],
    ]
    columns = [
        Column(_("Order"), 16),
        Column(_("Who is called"), 82),
        Column(_("When nobody has answered"), 40),
        # Translators: column of the duty board, empty to be filled in by hand
        Column(_("Number"), 40),
    ]
    return rows, columns


def _told(role: str, people: Sequence[User]) -> str:
    if not people:
        return role
    names = _(", ").join(one.name or "" for one in people)
    text: str = _("%(role)s: %(names)s", role=role, names=names)
    return text


def _after(wait: timedelta) -> str:
    text: str = _("after %(n)s min", n=int(wait.total_seconds() // 60))
    return text


def _numbers(site: Site) -> tuple[list[list[str]], list[Column]]:
    rows = [[_("Counselling room"), site.counselling_room or ""]]
    if site.hospital_name or site.hospital_phone:
        rows.append([site.hospital_name or _("Hospital"), site.hospital_phone or ""])
    # 120 and 110 stand in the sentence above.
    lines = [line for line in helplines() if not line.emergency]
    rows += [[line.name.get(choose_locale()), line.number] for line in lines]
    return rows, [Column(_("Whom else to call"), 118), Column(_("Number or place"), 60)]


def _rows(site: Site, days: Sequence[date]) -> list[list[str]]:
    zone = clock.zone()
    since = datetime.combine(days[0], datetime.min.time(), zone)
    until = datetime.combine(days[-1] + timedelta(days=1), datetime.min.time(), zone)
    # To mypy a mapped column is no plain property of a shift.
    shifts: Sequence[Any] = shifts_between(site, since, until)
    found = by_day(shifts, days, zone)
    return [
        [as_near_day(day), _answer(parts, first=True), _answer(parts, first=False)]
        for day, parts in found.items()
    ]


def _answer(parts: Sequence[Part[Any]], *, first: bool) -> str:
    """A shift a line; a day on which nobody answers first says so."""
    lines = [
        f"{part.starts_at:%H:%M}–{_end(part)} {part.shift.user.name}"
        for part in parts
        if (part.shift.rank == 1) == first
    ]
    return "\n".join(lines) or (_("nobody") if first else "–")


def _end(part: Part[Any]) -> str:
    return "24:00" if part.ends_at.date() > part.starts_at.date() else f"{part.ends_at:%H:%M}"
