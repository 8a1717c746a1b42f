"""The timeline on paper."""

from collections.abc import Sequence

from flask import render_template
from flask_babel import format_datetime
from flask_babel import gettext as _
from markupsafe import Markup

from app.alarms import words
from app.alarms.script import SCRIPT, VERSION
from app.alarms.timeline import Line
from app.cases.models import QueueEntry
from app.people.models import Site
from app.platform import clock
from app.platform.i18n import as_date, as_full_moment, as_moment
from app.platform.pdf import Column, Imprint, PrintDocument, render_pdf, split_table
from app.platform.pdf.pagination import PAGE_ROOM

#: Above the first table: who it is about.
FACTS_HEIGHT = 26.0


def timeline_pdf(
    entry: QueueEntry, lines: Sequence[Line], *, locale: str, printed_by: str
) -> bytes:
    """A4, cut between lines, never clipped."""
    columns = [
        Column(_("When"), 40),
        Column(_("What happened"), 98),
        Column(_("Person"), 40),
    ]
    rows = [[moment_of(line), line.what, line.who] for line in lines]
    parts = split_table(rows, columns=columns, first=PAGE_ROOM - FACTS_HEIGHT)
    parts = [part for part in parts if part.rows]
    body = render_template(
        "alarms/print/timeline.html",
        imprint=_imprint(entry, printed_by),
        facts=_facts(entry),
        columns=columns,
        parts=parts,
    )
    document = PrintDocument(title=_("Timeline"), body=Markup(body), pages=len(parts))  # noqa: S704 -- our own template
    return render_pdf([document], title=_("Timeline"), language=locale)


def moment_of(line: Line) -> str:
    """To the second: minutes count here."""
    # Translators: pattern of a moment to the second; Chinese: M月d日 HH:mm:ss
    return str(format_datetime(line.at, _("d MMM, HH:mm:ss")))


def _imprint(entry: QueueEntry, printed_by: str) -> Imprint:
    return Imprint(
        site=entry.site.name,
        heading=_("Who knew what when"),
        date=as_date(clock.today()),
        printed_by=printed_by,
        printed_at=as_full_moment(clock.now()),
    )


def _facts(entry: QueueEntry) -> list[tuple[str, str]]:
    student = entry.student
    who = student.name if student else _("No name")
    pairs = [(_("Name"), who or "")]
    if entry.campaign:
        pairs.append((_("Campaign"), entry.campaign.title))
    if student:
        pairs.insert(1, (_("Class"), student.cohort.name))
    return [*pairs, (_("Waiting since"), as_moment(entry.raised_at))]


#: Above the table: who leads, and what everybody is told.
SCRIPT_HEAD, SCRIPT_FOOT = 46.0, 24.0


def script_pdf(site: Site, *, locale: str, printed_by: str) -> bytes:
    """The script of a drill on A4, with room to write beside every step."""
    columns = [
        Column(_("Step"), 58),
        Column(_("What to do"), 68),
        Column(_("Target"), 24),
        Column(_("Noted"), 28),
    ]
    rows = [
        [
            words.drill_step_word(mark.step),
            words.drill_step_hint(mark.step),
            _("≤ %(n)s min", n=int(mark.within.total_seconds() // 60)),
            "",
        ]
        for mark in SCRIPT
    ]
    parts = split_table(rows, columns=columns, first=PAGE_ROOM - SCRIPT_HEAD - SCRIPT_FOOT)
    parts = [part for part in parts if part.rows]
    body = render_template(
        "alarms/print/script.html",
        imprint=Imprint(
            site=site.name,
            heading=_("Drill: from the answer to the next date"),
            date=as_date(clock.today()),
            printed_by=printed_by,
            printed_at=as_full_moment(clock.now()),
        ),
        facts=[(_("Led by"), ""), (_("Begun at"), ""), (_("Script"), VERSION)],
        before=_(
            "Nobody is in danger: the student is made up. Call nobody outside the school. "
            "If a real call comes, the drill waits and the real one is answered."
        ),
        after=_(
            "Passed when every step but the optional one was taken in time. The times are ours, "
            "for a clinician to sign."
        ),
        columns=columns,
        parts=parts,
    )
    title = _("Script of the drill")
    document = PrintDocument(title=title, body=Markup(body), pages=len(parts))  # noqa: S704 -- our own template
    return render_pdf([document], title=title, language=locale)
