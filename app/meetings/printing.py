"""The minutes of a review meeting as a document."""

from collections.abc import Mapping

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.meetings.figure_words import figure_rows
from app.meetings.models import ReviewMeeting
from app.platform import clock
from app.platform.i18n import as_day, as_full_moment
from app.platform.pdf import Column, Imprint, PrintDocument, render_pdf, split_table
from app.platform.pdf.pagination import PAGE_ROOM, TablePart

Rows = list[list[str]]


def print_review(meeting: ReviewMeeting, *, locale: str, printed_by: str) -> bytes:
    """Figures, minutes and decisions on A4, with lines to sign on."""
    with force_locale(locale):
        pages = _pages(meeting)
        body = render_template(
            "meetings/reviews/print.html", pages=pages, imprint=_imprint(meeting, printed_by)
        )
        document = PrintDocument(
            title=_("Review meeting"),
            body=Markup(body),  # noqa: S704 -- our own template, escaped by Jinja
            pages=len(pages),
        )
        return render_pdf([document], title=_("Review meeting"), language=locale)


def _imprint(meeting: ReviewMeeting, printed_by: str) -> Imprint:
    return Imprint(
        site=meeting.site.name,
        heading=_("Minutes of the review meeting"),
        date=as_day(meeting.held_on),
        printed_by=printed_by,
        printed_at=as_full_moment(clock.now()),
        notice=_("Counts below 5 are not shown"),
    )


def _tables(meeting: ReviewMeeting) -> list[tuple[str, list[Column], Rows]]:
    figures: Mapping[str, object] = meeting.figures
    return [
        (_("Who took part"), [Column("", 178)], [[meeting.present or ""]]),
        (
            _("Figures of the school year"),
            [Column(_("What was counted"), 130), Column(_("Count"), 48)],
            [[word, text] for word, text in figure_rows(figures)],
        ),
        (_("Minutes"), [Column("", 178)], [[meeting.minutes or ""]]),
        (
            _("Decisions"),
            [Column(_("Decision"), 90), Column(_("Who carries it"), 40), Column(_("By"), 48)],
            [[one.what or "", one.who or "", as_day(one.due_on)] for one in meeting.decisions],
        ),
    ]


def _pages(meeting: ReviewMeeting) -> list[list[tuple[str, list[Column], TablePart]]]:
    """Tables one below the other, cut where a page ends."""
    pages: list[list[tuple[str, list[Column], TablePart]]] = [[]]
    room = PAGE_ROOM
    for caption, columns, rows in _tables(meeting):
        for number, part in enumerate(split_table(rows, columns=columns, first=room)):
            if number:
                pages.append([])
                room = PAGE_ROOM
            if part.rows:
                pages[-1].append((caption, columns, part))
                room -= part.height + 4.0
    return pages
