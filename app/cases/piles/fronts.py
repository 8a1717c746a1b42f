"""The sheets in front of a pile: a cover that counts, and for each class its hand-over list."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.cases.domain.printing import EnvelopeOrder
from app.cases.models import PrintRun
from app.cases.queries.releases import class_teachers
from app.cases.words.profiles import moment_text, order_name, rendering_name
from app.people.models import Site
from app.platform import clock
from app.platform.db import db
from app.platform.pdf import Column, Imprint, PrintDocument, TablePart, split_table, text_height
from app.platform.pdf.pagination import PAGE_ROOM, PAGE_WIDTH
from app.profiles.phrases import date_text

#: Millimetres of what stands above and below the tables.
FACTS_HEIGHT, NOTES_HEIGHT, SIGNATURE_HEIGHT, LEAD_HEIGHT = 46.0, 14.0, 26.0, 12.0
HEAD_WIDTH = 130.0


@dataclass(frozen=True, slots=True)
class Sheaf:
    """The sheets of one student in the pile."""

    cohort_id: int
    class_name: str
    label: str
    pages: int
    #: Characters of its text that no font here draws.
    codes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Front:
    """What a template draws a front sheet from."""

    heading: str
    columns: Sequence[Column]
    pages: Sequence[TablePart]


def front_documents(run: PrintRun, sheaves: Sequence[Sheaf]) -> list[PrintDocument]:
    """The cover and one list a class, in the order of the pile; one student alone needs none."""
    if len(sheaves) < 2:  # noqa: PLR2004 -- one sheaf is no pile
        return []
    with force_locale(run.release.locale):
        classes = [
            (name, list(of_class))
            for (_id, name), of_class in groupby(sheaves, lambda s: (s.cohort_id, s.class_name))
        ]
        teachers = _teachers(run, sheaves)
        lists = [_list(run, name, some, teachers) for name, some in classes]
        return [_cover(run, classes, teachers), *lists]


def _teachers(run: PrintRun, sheaves: Sequence[Sheaf]) -> dict[int, str]:
    """To whom each class's envelopes go, where they lie by that."""
    if run.envelope_order is not EnvelopeOrder.TEACHER:
        return {}
    return class_teachers({sheaf.cohort_id for sheaf in sheaves})


def _cover(
    run: PrintRun,
    classes: Sequence[tuple[str, Sequence[Sheaf]]],
    teachers: dict[int, str],
) -> PrintDocument:
    rows = [
        [
            str(number),
            name,
            teachers.get(some[0].cohort_id, "–"),
            str(len(some)),
            str(sum(s.pages for s in some)),
        ]
        for number, (name, some) in enumerate(classes, 1)
    ]
    sheaves = [sheaf for _name, some in classes for sheaf in some]
    whole = [str(len(sheaves)), str(sum(s.pages for s in sheaves))]
    rows.append(["", _("All together"), "", *whole])
    columns = [
        Column(_("No."), 14),
        Column(_("Class"), 62),
        Column(_("Class teacher"), 50),
        Column(_("Students"), 26),
        Column(_("Sheets"), 26),
    ]
    if not teachers:
        rows = [[*row[:2], *row[3:]] for row in rows]
        columns = [Column(_("No."), 14), Column(_("Class"), 112), *columns[3:]]
    facts, notes = _facts(run), _notes(sheaves)
    above = FACTS_HEIGHT + sum(text_height(note) for note in notes) + NOTES_HEIGHT
    above += sum(text_height(value, width=PAGE_WIDTH / 4) for _word, value in facts)
    first = PAGE_ROOM - above - SIGNATURE_HEIGHT
    parts = split_table(rows, columns=columns, first=first, following=PAGE_ROOM - SIGNATURE_HEIGHT)
    front = Front(_("Cover sheet: %(count)s students", count=len(sheaves)), columns, parts)
    return _document(run, front, "cover", title=_("Cover sheet"), facts=facts, notes=notes)


def _list(
    run: PrintRun, name: str, sheaves: Sequence[Sheaf], teachers: dict[int, str]
) -> PrintDocument:
    rows = [[str(n), s.label, str(s.pages), ""] for n, s in enumerate(sheaves, 1)]
    columns = [
        Column(_("No."), 16),
        Column(_("Student"), 82),
        Column(_("Sheets"), 20),
        # Translators: column of a list where it is noted who was given the sheets
        Column(_("Given to, when"), 60),
    ]
    teacher = teachers.get(sheaves[0].cohort_id, "")
    head = text_height(name, width=HEAD_WIDTH) + (text_height(teacher) if teacher else 0)
    room = PAGE_ROOM - SIGNATURE_HEIGHT - LEAD_HEIGHT - head
    parts = split_table(rows, columns=columns, first=room, following=room)
    heading = _("%(name)s: hand-over list", name=name)
    return _document(
        run, Front(heading, columns, parts), "list", title=name, section=name, teacher=teacher
    )


def _document(
    run: PrintRun, front: Front, kind: str, *, title: str, section: str = "", **content: object
) -> PrintDocument:
    body = render_template(
        f"cases/releases/print/{kind}.html",
        imprint=_imprint(run, front.heading),
        front=front,
        is_encrypted=run.release.rendering.holds_results,
        **content,
    )
    return PrintDocument(title, Markup(body), len(front.pages), section)  # noqa: S704 -- our own template


def _facts(run: PrintRun) -> list[tuple[str, str]]:
    release = run.release
    return [
        (_("Screening"), release.campaign.title),
        (_("Rendering"), rendering_name(release.rendering)),
        (_("Released by"), release.released_by.name or ""),
        (_("Released at"), moment_text(release.released_at, release.locale)),
        (_("Printed by"), run.user.name or ""),
        (_("Printed at"), moment_text(run.asked_at, release.locale)),
        (_("Order"), order_name(run.envelope_order)),
        (_("Names"), _("with names") if release.has_names else _("no, numbers only")),
    ]


def _notes(sheaves: Sequence[Sheaf]) -> list[str]:
    marked = [sheaf for sheaf in sheaves if sheaf.codes]
    if not marked:
        return []
    codes = sorted({code for sheaf in marked for code in sheaf.codes})
    told = _(
        "%(count)s students have a character that this computer cannot print (%(codes)s); "
        "〓 stands in its place. Please write it in by hand, or install a font that has it:",
        count=len(marked),
        codes=", ".join(codes),
    )
    whom = _("; ").join(f"{sheaf.class_name} {sheaf.label}" for sheaf in marked)
    return [f"{told} {whom}"]


def _imprint(run: PrintRun, heading: str) -> Imprint:
    locale = run.release.locale
    site = db.session.get_one(Site, run.site_id)
    letters = not run.release.rendering.holds_results
    notice = {"notice": _("Care, not results")} if letters else {}
    return Imprint(
        site=site.name,
        heading=heading,
        date=date_text(clock.local(run.asked_at).date(), locale),
        printed_by=run.user.name or "",
        printed_at=moment_text(run.asked_at, locale),
        watermark=watermark_of(run),
        **notice,
    )


def watermark_of(run: PrintRun) -> str:
    """Who had it printed and when, across every page that holds results; letters stay clean."""
    if not run.release.rendering.holds_results:
        return ""
    return f"{run.user.name} {moment_text(run.asked_at, run.release.locale)}"
