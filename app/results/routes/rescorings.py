"""The ledger of re-scorings: proposed by one person, decided by another, and who moved.

POST /instruments/changes/<weighing_id>/rescorings  propose_rescoring
GET  /rescorings/<rescoring_id>                     rescoring
POST /rescorings/<rescoring_id>/approve             approve_rescoring
POST /rescorings/<rescoring_id>/refuse              refuse_rescoring
POST /rescorings/<rescoring_id>/retry               retry_rescoring
POST /rescorings/<rescoring_id>/withdraw            withdraw_rescoring
"""

from collections.abc import Callable
from functools import partial

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.authoring.queries import instrument_of
from app.people.queries import visible_site
from app.platform import audit
from app.platform.i18n import choose_locale
from app.results import changes as tables
from app.results import ledger
from app.results.domain import (
    OPEN,
    DecidedAlreadyError,
    NotInServiceError,
    NotYoursError,
    SecondPersonError,
)
from app.results.forms import WHY, ProposalForm, ReasonForm
from app.results.models import Rescoring
from app.results.routes.blueprint import bp
from app.results.routes.weighings import weighing_or_404
from app.results.service import rescorings


@bp.post("/instruments/changes/<weighing_id>/rescorings")
@requires(Permission.PROPOSE_RESCORING)
def propose_rescoring(weighing_id: str) -> ResponseReturnValue:
    """Propose it for one school; a second person decides."""
    weighing, form = weighing_or_404(weighing_id), ProposalForm()
    back = url_for("results.changes", code=weighing.instrument_code)
    site = visible_site(current_actor(), form.site.data or "") or abort(404)
    if not (form.reason.data or "").strip():
        flash(WHY, "error")
        return redirect(back, 303)
    try:
        made = rescorings.propose_rescoring(
            actor=current_actor(), weighing=weighing, site=site, reason=form.reason.data
        )
    except NotInServiceError:
        flash(
            _("Only the version in service scores past results again; work it out anew."), "error"
        )
    except DecidedAlreadyError:
        flash(_("A re-scoring of this instrument is open at the school already."), "error")
    else:
        flash(
            _("Proposed. A second person has to approve it; until then nothing changes."), "success"
        )
        back = url_for("results.rescoring", rescoring_id=made.public_id)
    return redirect(back, 303)


@bp.get("/rescorings/<rescoring_id>")
@requires(Permission.PROPOSE_RESCORING, audits=True)
def rescoring(rescoring_id: str) -> ResponseReturnValue:
    """One entry of the ledger: who, why, when, and whose results moved."""
    found = _rescoring_or_404(rescoring_id)
    actor = current_actor()
    moved = ledger.moved_by(actor, found)
    audit.record(actor, "see_rescoring", found, shown=len(moved.moves))
    return render_template(
        "results/rescoring.html",
        rescoring=found,
        instrument=instrument_of(found.instrument_version),
        is_begun=found.done > 0,
        may_end=found.state in OPEN and rescorings.may_end(actor, found),
        moved=moved,
        fallen=ledger.moved_by(actor, found, ledger.has_fallen()),
        names=tables.names_of(found.weighing, choose_locale()),
        form=ReasonForm(formdata=None),
    )


@bp.post("/rescorings/<rescoring_id>/approve")
@requires(Permission.APPROVE_RESCORING)
def approve_rescoring(rescoring_id: str) -> ResponseReturnValue:
    """Say yes, by name and with a reason."""
    return _decided(rescoring_id, rescorings.approve_rescoring, _("Approved. It begins now."))


@bp.post("/rescorings/<rescoring_id>/refuse")
@requires(Permission.APPROVE_RESCORING)
def refuse_rescoring(rescoring_id: str) -> ResponseReturnValue:
    """Say no, by name and with a reason."""
    return _decided(rescoring_id, rescorings.refuse_rescoring, _("Refused. Nothing changes."))


@bp.post("/rescorings/<rescoring_id>/retry")
@requires(Permission.PROPOSE_RESCORING)
def retry_rescoring(rescoring_id: str) -> ResponseReturnValue:
    """Let a failed one go on where it stopped."""
    found = _rescoring_or_404(rescoring_id)
    return _ended(found, rescorings.retry_rescoring, _("It is tried again now."))


@bp.post("/rescorings/<rescoring_id>/withdraw")
@requires(Permission.PROPOSE_RESCORING)
def withdraw_rescoring(rescoring_id: str) -> ResponseReturnValue:
    """Take it back, by name and with a reason."""
    found, form = _rescoring_or_404(rescoring_id), ReasonForm()
    if not form.validate_on_submit():
        flash(WHY, "error")
        return redirect(url_for("results.rescoring", rescoring_id=rescoring_id), 303)
    withdraw = partial(rescorings.withdraw_rescoring, reason=form.reason.data)
    return _ended(found, withdraw, _("Withdrawn. Results scored again until now stay so."))


def _ended(found: Rescoring, end: Callable[..., None], said: str) -> ResponseReturnValue:
    try:
        end(actor=current_actor(), rescoring=found)
    except NotYoursError:
        flash(
            _("Only who proposed or decided this, or a crisis lead of the school, does that."),
            "error",
        )
    except DecidedAlreadyError:
        flash(_("Meanwhile it is over, or goes on already."), "error")
    else:
        flash(said, "success")
    return redirect(url_for("results.rescoring", rescoring_id=found.public_id), 303)


def _decided(rescoring_id: str, decide: Callable[..., None], said: str) -> ResponseReturnValue:
    found, form = _rescoring_or_404(rescoring_id), ReasonForm()
    if not form.validate_on_submit():
        flash(WHY, "error")
        return redirect(url_for("results.rescoring", rescoring_id=rescoring_id), 303)
    try:
        decide(actor=current_actor(), rescoring=found, reason=form.reason.data)
    except SecondPersonError:
        flash(_("You proposed this yourself: a second person decides."), "error")
    except DecidedAlreadyError:
        flash(_("Somebody was quicker: it has been decided already."), "error")
    else:
        flash(said, "success")
    return redirect(url_for("results.rescoring", rescoring_id=rescoring_id), 303)


def _rescoring_or_404(public_id: str) -> Rescoring:
    return ledger.find_rescoring(current_actor(), public_id) or abort(404)
