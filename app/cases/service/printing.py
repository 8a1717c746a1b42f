"""Printing a release step by step: write the sheets, print them, bind them; resumed where it stood.

A step is one job of some seconds. What it made lies sealed on the disk before the row says so: a
machine that falls over in between does that one step again, to the same end.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.access.actor import SYSTEM
from app.cases.domain.printing import BATCH, UNDER_WAY, Rendering, RunState, lay
from app.cases.models import PrintRun
from app.cases.piles import files
from app.cases.piles.fronts import Sheaf, front_documents, watermark_of
from app.cases.printing import SHEET, Print, student_label, summary_documents
from app.cases.queries import profiles
from app.cases.queries.guardians import may_be_written_home
from app.cases.queries.releases import held_run, students_in
from app.cases.service.print_runs import ask_for_step, end_run, fail_run
from app.platform import clock
from app.platform.db import begin_write, db
from app.platform.pdf import (
    PdfError,
    PrintDocument,
    PrintPart,
    bind_parts,
    number_sheets,
    print_parts,
)
from app.platform.pdf.glyphs import printable


@dataclass(frozen=True)
class _Made:
    """What a step brings the run forward by."""

    batch: list[list[int]] | None = None
    marked: int = 0
    fronts: list[int] | None = None
    printed: int = 0
    is_bound: bool = False


def print_step(run_id: int) -> None:
    """Do the next step of a printing, and ask for the one after; commits."""
    run = db.session.get_one(PrintRun, run_id)
    if run.state not in UNDER_WAY:
        files.remove(run.public_id)
        return
    try:
        made = _next_step(run)
    except (PdfError, FileNotFoundError):
        made = None
    db.session.rollback()
    begin_write()
    _note(held_run(run_id), made)
    db.session.commit()


def _note(run: PrintRun, made: _Made | None) -> None:
    if run.state not in UNDER_WAY:  # stopped while the step was under way
        files.remove(run.public_id)
    elif run.release.expires_at <= clock.now():
        end_run(run)
    elif made is None:
        fail_run(actor=SYSTEM, run=run)
    else:
        _move_on(run, made)


def _move_on(run: PrintRun, made: _Made) -> None:
    if made.batch is not None:
        run.batches = [*run.batches, made.batch]
        run.marked += made.marked
    if made.fronts is not None:
        run.fronts, run.state = made.fronts, RunState.PRINTING
        run.parts_printed = 0 if made.fronts else 1  # an empty front needs no engine
    run.parts_printed += made.printed
    if made.is_bound:
        run.state = RunState.READY
    else:
        ask_for_step(run)


def _next_step(run: PrintRun) -> _Made:
    if len(run.batches) * BATCH < len(run.student_ids):
        return _gather(run)
    if run.state is RunState.GATHERING:
        return _gather_fronts(run)
    if run.parts_printed <= len(run.batches):
        return _print(run)
    return _bind(run)


def _gather(run: PrintRun) -> _Made:
    """Write the sheets of the next students; nothing is printed before all are counted."""
    number, release = len(run.batches), run.release
    students = students_in(run.student_ids[number * BATCH : (number + 1) * BATCH])
    if release.rendering is Rendering.GUARDIAN:
        students = may_be_written_home(students)
    found = profiles.profiles_of(SYSTEM, students, locale=release.locale, campaign=release.campaign)
    how = Print(
        rendering=release.rendering,
        locale=release.locale,
        printed_by=run.user.name or "",
        printed_at=run.asked_at,
        has_names=release.has_names,
        watermark=watermark_of(run),
    )
    documents = summary_documents(found, how)
    with force_locale(release.locale):
        sheaves = [
            Sheaf(
                one.student.cohort_id,
                one.student.cohort.name,
                student_label(one.student, has_names=release.has_names),
                document.pages,
                printable(str(document.body)).codes,
            )
            for one, document in zip(found, documents, strict=True)
        ]
    _keep(run, number + 1, documents, sheaves)
    return _Made(
        batch=[[sheaf.cohort_id, sheaf.pages] for sheaf in sheaves],
        marked=sum(bool(sheaf.codes) for sheaf in sheaves),
    )


def _gather_fronts(run: PrintRun) -> _Made:
    kept = [_kept(run, part)["sheaves"] for part in range(1, len(run.batches) + 1)]
    sheaves = [Sheaf(*fields) for batch in kept for fields in batch]
    if not sheaves:
        raise FileNotFoundError
    documents = front_documents(run, sheaves)
    if documents:
        _keep(run, 0, documents, [])
    return _Made(fronts=[document.pages for document in documents])


def _print(run: PrintRun) -> _Made:
    """Print one part, its pages numbered through the whole file."""
    part = run.parts_printed
    places = list(lay(run.fronts, run.batches))
    total = sum(place.pages for place in places)
    before = {place.index: place.before for place in places if place.part == part}
    if not before:  # nobody of this batch may be written to any more
        return _Made(printed=1)
    locale = run.release.locale
    with force_locale(locale):
        documents = [
            numbered
            for index, document in enumerate(_documents(_kept(run, part)))
            for numbered in number_sheets([document], before=before[index], total=total)
        ]
        parts = print_parts(documents, title=_title(), language=locale, layout=SHEET)
        content = bind_parts(
            [(each, range(len(each.documents))) for each in parts],
            title=_title(),
            language=locale,
        )
    files.write(run.public_id, f"{part}.pdf", content)
    return _Made(printed=1)


def _bind(run: PrintRun) -> _Made:
    """Bind the parts in the order of the pile, locked where they hold results."""
    pile = list(lay(run.fronts, run.batches))
    chosen = sorted({place.part for place in pile})
    parts = {
        number: PrintPart(
            _documents(_kept(run, number), with_body=False),
            files.read(run.public_id, f"{number}.pdf"),
        )
        for number in chosen
    }
    order = [(parts[place.part], [place.index]) for place in pile]
    locale = run.release.locale
    with force_locale(locale):
        whole = bind_parts(order, title=_title(), language=locale, password=run.release.password)
    files.write(run.public_id, files.WHOLE, whole)
    files.remove(run.public_id, *(f"{part}.{kind}" for part in chosen for kind in ("json", "pdf")))
    return _Made(is_bound=True)


def _title() -> str:
    # Translators: title of a printed file; it names nobody
    title: str = _("Profile summaries")
    return title


def _keep(
    run: PrintRun, part: int, documents: Sequence[PrintDocument], sheaves: Sequence[Sheaf]
) -> None:
    told = {
        "sheaves": [
            [one.cohort_id, one.class_name, one.label, one.pages, list(one.codes)]
            for one in sheaves
        ],
        "documents": [
            [document.title, str(document.body), document.pages, document.section]
            for document in documents
        ],
    }
    files.write(run.public_id, f"{part}.json", json.dumps(told).encode())


def _kept(run: PrintRun, part: int) -> dict[str, list[list]]:  # type: ignore[type-arg]
    return json.loads(files.read(run.public_id, f"{part}.json"))  # type: ignore[no-any-return]


def _documents(told: dict[str, list[list]], *, with_body: bool = True) -> list[PrintDocument]:  # type: ignore[type-arg]
    return [
        PrintDocument(title, Markup(body if with_body else ""), pages, section)  # noqa: S704 -- our own templates wrote it
        for title, body, pages, section in told["documents"]
    ]
