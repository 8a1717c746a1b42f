"""A research export, from the request to the file that is taken once; each step is in the log."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns.models import Campaign
from app.people.models import Site, User
from app.platform import audit, clock, jobs
from app.platform.db import begin_write, db, hold_row
from app.platform.sealed import open_file
from app.platform.settings import data_dir
from app.statistics.domain.exports import (
    FILE_LASTS,
    OPEN,
    REQUEST_LASTS,
    SILENT_AFTER,
    Detail,
    ExportState,
    ExportStateError,
    FileForm,
    NothingToExportError,
    ReasonNeededError,
    Risk,
    SamePersonError,
    risk_of,
)
from app.statistics.models import ResearchExport
from app.statistics.queries.exports import (
    due_exports,
    instruments_in,
    is_writing,
    ready_exports,
    respondents,
)

FOLDER = "exports"
#: What the worker is asked for when an export is to be weighed or written.
WORK = "work_on_export"


def ask_for_export(
    *,
    actor: Actor,
    person: User,
    campaigns: Sequence[Campaign],
    sites: Sequence[Site],
    instruments: Sequence[str],
    form: FileForm,
    detail: Detail,
    has_outcome: bool,
    purpose: str,
    locale: str,
) -> ResearchExport:
    """Put down who asks for what and why; how far people would stand out is counted next."""
    for site in sites:
        require(actor, Permission.REQUEST_EXPORTS, site)
    known = instruments_in(campaigns)
    chosen = [code for code in known if code in instruments]
    if not (campaigns and sites and chosen):
        raise NothingToExportError
    now = clock.now()
    export = ResearchExport(
        form=form,
        detail=detail,
        instruments=chosen,
        has_outcome=has_outcome,
        locale=locale,
        is_by_operator=actor.is_operator,
        asked_by_id=person.id,
        asked_at=now,
        expires_at=now + REQUEST_LASTS,
    )
    export.purpose = purpose
    export.campaigns, export.sites = list(campaigns), list(sites)
    db.session.add(export)
    audit.record(
        actor,
        "ask_for_export",
        export,
        person=person.public_id,
        campaigns=[one.code for one in campaigns],
        sites=[one.id for one in sites],
        instruments=chosen,
        form=form.value,
        detail=detail.value,
        outcome=has_outcome,
    )
    jobs.enqueue(WORK, key=f"{WORK}:{export.id}", export_id=export.id)
    return export


def weigh_export(export_id: int) -> None:
    """Count how far people would stand out in each detail; commits, reads outside the write."""
    export = db.session.get_one(ResearchExport, export_id)
    # The names drawn here are thrown away: only how often each combination comes is kept.
    files = [
        {one.pseudonym: one.traits for one in respondents(export, each, b"weighing")}
        for each in export.campaigns
    ]
    people = [[file.get(name) for file in files] for name in set().union(*files)]
    risks = {each.value: asdict(risk_of(people, each)) for each in Detail}
    db.session.rollback()
    begin_write()
    export = db.session.get_one(ResearchExport, export_id)
    export.risks, export.rows_total = risks, sum(map(len, files))
    db.session.commit()


def approve_export(*, actor: Actor, person: User, export: ResearchExport, reason: str = "") -> None:
    """A second person agrees: the file is written.

    Where more than one of a hundred stand out they say in writing why all the same.
    """
    _check_decision(actor, person, export)
    is_low = chosen_risk(export).is_low
    if not (is_low or reason.strip()):
        raise ReasonNeededError
    _decide(person, export, ExportState.APPROVED)
    export.decision = reason.strip() or None
    export.expires_at = clock.now() + FILE_LASTS
    audit.record(
        actor,
        "approve_export",
        export,
        person=person.public_id,
        risks=export.risks,
        despite_risk=not is_low,
    )
    jobs.enqueue(WORK, key=f"{WORK}:{export.id}", export_id=export.id)


def refuse_export(*, actor: Actor, person: User, export: ResearchExport) -> None:
    """A second person does not agree."""
    _check_decision(actor, person, export)
    _decide(person, export, ExportState.REFUSED)
    audit.record(actor, "refuse_export", export, person=person.public_id)


def _check_decision(actor: Actor, person: User, export: ResearchExport) -> None:
    for site in export.sites:
        require(actor, Permission.APPROVE_EXPORTS, site)
    _hold(export)
    if person.id == export.asked_by_id:
        raise SamePersonError
    if export.state is not ExportState.ASKED or not export.risks:
        raise ExportStateError


def _decide(person: User, export: ResearchExport, state: ExportState) -> None:
    export.state, export.decided_by_id, export.decided_at = state, person.id, clock.now()


def chosen_risk(export: ResearchExport) -> Risk:
    """How far people stand out by what the export says of them."""
    return Risk(**(export.risks or {})[export.detail.value])


def cancel_export(*, actor: Actor, export: ResearchExport) -> None:
    """Whoever may ask may also take back; what is being written stops at its next batch."""
    for site in export.sites:
        require(actor, Permission.REQUEST_EXPORTS, site)
    _hold(export)
    if export.state not in OPEN:
        raise ExportStateError
    export.state = ExportState.CANCELLED
    file_of(export).unlink(missing_ok=True)
    audit.record(actor, "cancel_export", export)


def take_export(*, actor: Actor, export: ResearchExport) -> Iterator[bytes]:
    """Hand over the file, once, piece by piece; the first is opened before it counts as taken.

    Whoever calls this takes the file off the disk after the commit; what is open stays readable.
    """
    for site in export.sites:
        require(actor, Permission.REQUEST_EXPORTS, site)
    _hold(export)
    path = file_of(export)
    if export.state is not ExportState.READY or not path.exists():
        raise ExportStateError
    pieces = open_file(path, place_of(export))
    first = next(pieces)
    export.state, export.taken_at = ExportState.TAKEN, clock.now()
    audit.record(actor, "take_export", export, rows=export.rows_done)
    return chain([first], pieces)


def hand_over(*, actor: Actor, export: ResearchExport) -> None:
    """What the machine's own operator has written stands where they wanted it: it is taken."""
    for site in export.sites:
        require(actor, Permission.REQUEST_EXPORTS, site)
    _hold(export)
    if export.state is not ExportState.APPROVED:
        raise ExportStateError
    export.state, export.taken_at = ExportState.TAKEN, clock.now()
    audit.record(actor, "take_export", export, rows=export.rows_done)


def expire_exports(*, actor: Actor) -> None:
    """What nobody decided or took in time is over, and its file is gone."""
    for export in due_exports(clock.now()):
        export.state = ExportState.EXPIRED
        file_of(export).unlink(missing_ok=True)
        audit.record(actor, "expire_export", export)


def sweep_folder() -> None:
    """Only finished files that wait to be taken stay, as long as no writer is at work.

    What was cut short goes: half a file, and a whole one that was taken or stopped in the moment in
    which the machine fell over.
    """
    if is_writing():
        return
    waiting = {file_of(export).name for export in ready_exports()}
    for left in folder().iterdir():
        if left.name in waiting:
            continue
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def claim_writing(export_id: int) -> bool:
    """Whether this process is to write the file: nobody else has shown a sign of it of late."""
    export = db.session.get_one(ResearchExport, export_id)
    _hold(export)
    now = clock.now()
    if export.state is not ExportState.APPROVED:
        return False
    if export.moved_at is not None and now - export.moved_at < SILENT_AFTER:
        return False
    export.moved_at, export.rows_done = now, 0
    return True


def file_of(export: ResearchExport) -> Path:
    """Where the finished file lies, sealed until it is taken."""
    return folder() / f"{export.public_id}.sealed"


def ending_of(export: ResearchExport) -> str:
    """How the name of the file ends when it is opened."""
    return "xlsx" if export.form is FileForm.XLSX else "zip"


def place_of(export: ResearchExport) -> str:
    """What the sealed file is bound to."""
    return f"research_exports.file.{export.public_id}"


def folder() -> Path:
    """The installation's folder of finished exports."""
    path = data_dir() / FOLDER
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _hold(export: ResearchExport) -> None:
    """The row as it is now, until the end of this transaction."""
    hold_row(ResearchExport, export.id)
    db.session.refresh(export)
