"""The counselling queue: who waits, and who takes them on.

GET  /queue                    queue
GET  /queue/entries            queue_entries
GET  /queue/<id>               entry
POST /queue/<id>/claim         claim
POST /queue/<id>/take-over     take_over
POST /queue/<id>/open-case     open_case
POST /queue/<id>/settle        settle
"""

import hashlib

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases import words
from app.cases.domain.queue import (
    REASONS_WITH_A_NAME,
    REASONS_WITHOUT_A_NAME,
    AlreadyClaimedError,
    EntryState,
    may_settle_without_case,
)
from app.cases.forms.queue import OpenCaseForm, SettleForm
from app.cases.models import QueueEntry
from app.cases.queries import queue as queries
from app.cases.queries.closing import closings_of
from app.cases.queries.signals import SignalReader
from app.cases.routes.blueprint import bp
from app.cases.routes.refusals import carry_out
from app.cases.service import cases as case_service
from app.cases.service import queue as service
from app.people.queries import visible_sites
from app.platform import audit, clock, i18n
from app.platform.db import begin_write, db
from app.platform.forms import Form
from app.platform.web import page_number


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": words, "now": clock.now, "today": clock.today, "EntryState": EntryState}


@bp.get("/queue")
@requires(Permission.SEE_QUEUE, audits=True)
def queue() -> ResponseReturnValue:
    """Everybody who waits, the most urgent first."""
    service.hasten_silent()
    return render_template("cases/queue/index.html", **_entries(_filter()))


@bp.get("/queue/entries")
@requires(Permission.SEE_QUEUE)
def queue_entries() -> ResponseReturnValue:
    """The rows alone, for the page that asks every few seconds; 304 while nothing has changed."""
    chosen = _filter()
    if queries.silent_sittings():
        begin_write()
        service.hasten_silent()
    response = make_response()
    tag = _tag(chosen)
    response.set_etag(tag)
    if tag in request.if_none_match:
        return response.make_conditional(request)
    begin_write()
    response.set_data(render_template("cases/queue/_entries.html", **_entries(chosen)))
    return response


@bp.get("/queue/<entry_id>")
@requires(Permission.SEE_QUEUE, audits=True)
def entry(entry_id: str) -> ResponseReturnValue:
    """One entry: why, what the student wrote, and what can be done."""
    found = _find(entry_id)
    service.see_entry(actor=current_actor(), entry=found)
    return _entry_page(found)


@bp.post("/queue/<entry_id>/claim")
@requires(Permission.WORK_QUEUE)
def claim(entry_id: str) -> ResponseReturnValue:
    """Take the entry on."""
    found = _find(entry_id)
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
    service.take_over(actor=current_actor(), entry=_find(entry_id))
    flash(_("You have taken this over."), "success")
    return redirect(url_for("cases.entry", entry_id=entry_id))


@bp.post("/queue/<entry_id>/open-case")
@requires(Permission.WORK_CASE)
def open_case(entry_id: str) -> ResponseReturnValue:
    """From waiting to a case with an owner and a first date."""
    found, form = _find(entry_id), OpenCaseForm(prefix="open")
    opened = carry_out(
        form,
        lambda: case_service.open_case(
            actor=current_actor(),
            entry=found,
            risk_level=form.risk_level.data,
            next_on=form.next_on.data,
        ),
    )
    if opened is None:
        return _entry_page(found, open_form=form), 422
    flash(_("The case is open. The first date is set."), "success")
    return redirect(url_for("cases.show", case_id=opened.public_id))


@bp.post("/queue/<entry_id>/settle")
@requires(Permission.WORK_QUEUE)
def settle(entry_id: str) -> ResponseReturnValue:
    """End the waiting without a case."""
    found = _find(entry_id)
    form = _settle_form(found)
    if not form.validate_on_submit():
        return _entry_page(found, settle_form=form), 422
    service.settle(actor=current_actor(), entry=found, reason=form.reason.data, note=form.note.data)
    flash(_("Noted. Nobody waits here any more."), "success")
    return redirect(url_for("cases.queue"))


def _find(entry_id: str) -> QueueEntry:
    return queries.find_entry(current_actor(), entry_id) or abort(404)


def _filter() -> queries.QueueFilter:
    return queries.QueueFilter(
        whose=request.args.get("whose", "all"),
        site=request.args.get("site", ""),
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
        "total": total,
        "chosen": chosen,
        "pages": -(-total // queries.PAGE),
        "sites": db.session.scalars(visible_sites(actor)).all(),
    }


def _entry_page(found: QueueEntry, **forms: Form) -> str:
    reader = SignalReader()
    due_on = clock.local(found.due_at).date()
    fresh = {
        "open_form": OpenCaseForm(
            formdata=None, prefix="open", risk_level=found.risk_level, next_on=clock.today()
        ),
        "settle_form": _settle_form(found, formdata=None),
    }
    return render_template(
        "cases/queue/entry.html",
        entry=found,
        reasons=[(flag, reader.reasons(flag)) for flag in found.flags],
        closings=closings_of(found.flags),
        latest_first_date=max(due_on, clock.today()),
        may_settle=not found.case_id
        and may_settle_without_case(found.risk_level, is_anonymous=found.student_id is None),
        **fresh | forms,
    )


def _settle_form(found: QueueEntry, **chosen: object) -> SettleForm:
    has_name = found.student_id or found.observer_id
    reasons = REASONS_WITH_A_NAME if has_name else REASONS_WITHOUT_A_NAME
    return SettleForm(prefix="settle", **chosen).offer(reasons)
