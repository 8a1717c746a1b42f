"""Paper for an interview day: eight slips a sheet, all alike, and a list for each class."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import TypeVar

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from app.appointments.models import Appointment, InterviewDay
from app.platform import clock
from app.platform.i18n import as_day, as_full_moment, as_near_day, choose_locale
from app.platform.pdf.render import Imprint, PrintDocument, render_pdf

T = TypeVar("T")

PER_SHEET = 8
PER_PAGE = 30
#: From this many characters on a name is set smaller, so that all slips keep their size.
LONG_NAME = 12


def print_slips(day: InterviewDay, appointments: Sequence[Appointment]) -> bytes:
    """All slips of a day on sheets to be cut in eight."""
    sheets = list(_batches(appointments, PER_SHEET))
    body = slips_html(appointments)
    document = PrintDocument(title=as_day(day.on), body=Markup(body), pages=len(sheets))  # noqa: S704
    return render_pdf(
        [document],
        title=as_day(day.on),
        language=choose_locale(),
        layout="appointments/print/layout.html",
    )


def slips_html(appointments: Sequence[Appointment]) -> str:
    """The sheets: nothing on a slip depends on why its student is invited."""
    sheets = [
        list(_batches((_slip(each) for each in sheet), 2))
        for sheet in _batches(appointments, PER_SHEET)
    ]
    return render_template("appointments/print/slips.html", sheets=sheets)


def print_handout(day: InterviewDay, appointments: Sequence[Appointment]) -> bytes:
    """For each class a list in the order of its slips."""
    documents = [
        document
        for class_name, of_class in groupby(appointments, key=_class_of)
        for document in _lists(day, class_name, list(of_class))
    ]
    return render_pdf(documents, title=as_day(day.on), language=choose_locale())


def _lists(
    day: InterviewDay, class_name: str, appointments: list[Appointment]
) -> Iterator[PrintDocument]:
    pages = list(_batches(appointments, PER_PAGE))
    imprint = Imprint(
        site=day.site.name,
        heading=class_name,
        date=as_day(day.on),
        printed_by=current_user.name or "",
        printed_at=as_full_moment(clock.now()),
        notice=_("Please hand each slip to its student alone."),
    )
    body = render_template(
        "appointments/print/handout.html",
        imprint=imprint,
        pages=[[_slip(each) for each in page] for page in pages],
    )
    yield PrintDocument(title=class_name, body=Markup(body), pages=len(pages))  # noqa: S704


def _class_of(appointment: Appointment) -> str:
    return appointment.student.cohort.name


def _slip(appointment: Appointment) -> dict[str, object]:
    name, slot = appointment.student.name or "", appointment.slot
    starts, ends = clock.local(slot.starts_at), clock.local(slot.ends_at)
    return {
        "name": name,
        "is_long": len(name) > LONG_NAME,
        "cohort": appointment.student.cohort.name,
        "day": as_near_day(starts.date()),
        "time": f"{starts:%H:%M}–{ends:%H:%M}",
        "room": slot.room,
    }


def _batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
