"""The counselling queue: who waits, and who takes them on.

GET  /queue                    queue
GET  /queue/entries            queue_entries
POST /queue/find               find_student
GET  /queue/<id>               entry
POST /queue/<id>/claim         claim
POST /queue/<id>/take-over     take_over
POST /queue/<id>/open-case     open_case
POST /queue/<id>/settle        settle
"""

import hashlib

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases import words
from app.cases.domain.queue import AlreadyClaimedError, EntryState
from app.cases.forms.choices import LEVELS
from app.cases.forms.queue import FindForm, OpenCaseForm
from app.cases.jobs import watch_silence
from app.cases.queries import queue as queries
from app.cases.queries.cases import case_ids_open_to
from app.cases.routes.blueprint import bp
from app.cases.routes.entry_page import entry_page, find, settle_form
from app.cases.routes.refusals import carry_out
from app.cases.service import cases as case_service
from app.cases.service import queue as service
from app.people.queries import visible_sites
from app.platform import audit, clock, i18n
from app.platform.db import begin_write, db
from app.platform.web import page_number
from app.triage.domain import Lane


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": words, "now": clock.now, "today": clock.today, "EntryState": EntryState}


@bp.get("/queue")
@requires(Permission.SEE_QUEUE, audits=True)
def queue() -> ResponseReturnValue:
    """Everybody who waits, the most urgent first."""
    _hasten()
    return render_template("cases/queue/index.html", **_entries(_filter()))


@bp.get("/queue/entries")
@requires(Permission.SEE_QUEUE)
def queue_entries() -> ResponseReturnValue:
    """The rows alone, for the page that asks every few seconds; 304 while nothing has changed."""
    chosen = _filter()
    if queries.silent_entries():
        _hasten()
    response = make_response()
    tag = _tag(chosen)
    response.set_etag(tag)
    if tag in request.if_none_match:
        return response.make_conditional(request)
    begin_write()
    response.set_data(render_template("cases/queue/_entries.html", **_entries(chosen)))
    return response


@bp.post("/queue/find")
@requires(Permission.SEE_QUEUE)
def find_student() -> ResponseReturnValue:
    """A student's open entry by the student number, which never stands in an address."""
    form = FindForm(prefix="find")
    student = None
    if form.validate_on_submit():
        student = queries.student_by_number(current_actor(), form.student_no.data)
    audit.record(current_actor(), "find_in_queue", student)
    if student is None:
        flash(_("No student of yours has this number."), "error")
        return redirect(url_for("cases.queue"))
    return redirect(url_for("cases.queue", student=student.public_id))


@bp.get("/queue/<entry_id>")
@requires(Permission.SEE_QUEUE, audits=True)
def entry(entry_id: str) -> ResponseReturnValue:
    """One entry: why, what the student wrote, and what can be done."""
    found = find(entry_id)
    service.see_entry(actor=current_actor(), entry=found)
    return entry_page(found)


@bp.post("/queue/<entry_id>/claim")
@requires(Permission.WORK_QUEUE)
def claim(entry_id: str) -> ResponseReturnValue:
    """Take the entry on."""
    found = find(entry_id)
    try:
        service.claim(actor=current_actor(), entry=found)
        flash(_("You have taken this on."), "success")
    except AlreadyClaimedError as error:
        flash(_("%(name)s was a moment quicker and has taken this on.", name=error.name), "error")
    return redirect(url_for("cases.entry", entry_id=entry_id))


@bp.post("/queue/<entry_id>/take-over")
@requires(Permission.WORK_QUEUE)
def take_over(entry_id: str) -> ResponseReturnValue:
    """Take on what a colleague has claimed."""
    service.take_over(actor=current_actor(), entry=find(entry_id))
    flash(_("You have taken this over."), "success")
    return redirect(url_for("cases.entry", entry_id=entry_id))


@bp.post("/queue/<entry_id>/open-case")
@requires(Permission.WORK_CASE)
def open_case(entry_id: str) -> ResponseReturnValue:
    """From waiting to a case with an owner and a first date."""
    found, form = find(entry_id), OpenCaseForm(prefix="open")
    opened = carry_out(
        form,
        lambda: case_service.open_case(
            actor=current_actor(),
            entry=found,
            risk_level=form.risk_level.data,
            next_on=form.next_on.data,
            reason=form.reason.data or "",
        ),
    )
    if opened is None:
        return entry_page(find(entry_id), open_form=form), 422
    flash(_("The case is open. The first date is set."), "success")
    return redirect(url_for("cases.show", case_id=opened.public_id))


@bp.post("/queue/<entry_id>/settle")
@requires(Permission.WORK_QUEUE)
def settle(entry_id: str) -> ResponseReturnValue:
    """End the waiting without a case."""
    found = find(entry_id)
    form = settle_form(found)
    if not form.validate_on_submit():
        return entry_page(found, settle_form=form), 422
    service.settle(actor=current_actor(), entry=found, reason=form.reason.data, note=form.note.data)
    flash(_("Noted. Nobody waits here any more."), "success")
    return redirect(url_for("cases.queue"))


def _hasten() -> None:
    """Before the page's own transaction: whoever went silent is urgent on it."""
    watch_silence()
    begin_write()


def _filter() -> queries.QueueFilter:
    return queries.QueueFilter(
        whose=request.args.get("whose", "all"),
        site=request.args.get("site", ""),
        level=request.args.get("level", ""),
        lane=request.args.get("lane", ""),
        overdue=request.args.get("overdue") == "1",
        student=request.args.get("student", ""),
        page=page_number(),
    )


def _tag(chosen: queries.QueueFilter) -> str:
    state = f"{i18n.choose_locale()} {chosen} {queries.fingerprint(current_actor(), chosen)}"
    return hashlib.sha256(state.encode()).hexdigest()[:20]


def _entries(chosen: queries.QueueFilter) -> dict[str, object]:
    """What the rows show; showing them is kept in the log."""
    actor = current_actor()
    rows, total = queries.page_of_entries(actor, chosen)
    audit.record(actor, "see_queue", shown=len(rows))
    return {
        "entries": rows,
        "open_to_me": case_ids_open_to(actor, (entry.case_id for entry in rows)),
        "total": total,
        "chosen": chosen,
        "pages": -(-total // queries.PAGE),
        "sites": db.session.scalars(visible_sites(actor)).all(),
        "levels": LEVELS,
        "lanes": list(Lane),
        "find_form": FindForm(formdata=None, prefix="find"),
    }
