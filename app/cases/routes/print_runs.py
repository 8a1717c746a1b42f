"""Printing what was released: site staff ask for a copy, watch it, stop it, fetch it.

POST /releases/<id>/print        print_release
GET  /print-runs/<id>            print_run
POST /print-runs/<id>/cancel     cancel_print_run
POST /print-runs/<id>/fetch      fetch_print_run
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.domain.printing import UNDER_WAY, EnvelopeOrder, ReleaseOverError, RunStateError
from app.cases.models import PrintRun
from app.cases.queries import releases as queries
from app.cases.routes.blueprint import bp
from app.cases.service import print_runs as service
from app.cases.words.profiles import moment_text, order_name, run_state_name
from app.platform import clock
from app.platform.i18n import choose_locale
from app.platform.pdf import available
from app.platform.printed import pdf_response


@bp.errorhandler(RunStateError)
def _run_moved_on(_error: RunStateError) -> ResponseReturnValue:
    flash(_("This has moved on meanwhile. This is how it stands now."), "error")
    return redirect(url_for("cases.releases"))


@bp.post("/releases/<release>/print")
@requires(Permission.PRINT_RELEASED)
def print_release(release: str) -> ResponseReturnValue:
    """Ask for one copy; the worker prints it while the page shows how far it is."""
    found = queries.find_release(current_actor(), release) or abort(404)
    if not (state := available()):
        flash(state.reason, "error")
        return redirect(url_for("cases.releases"))
    try:
        run = service.start_run(actor=current_actor(), release=found, order=_asked_order())
    except ReleaseOverError:
        flash(_("This release has expired, or all its copies are printed."), "error")
        return redirect(url_for("cases.releases"))
    return redirect(url_for("cases.print_run", run=run.public_id))


@bp.get("/print-runs/<run>")
@requires(Permission.PRINT_RELEASED)
def print_run(run: str) -> ResponseReturnValue:
    """How far it is."""
    found = _run_or_404(run)
    return render_template(
        "cases/releases/run.html",
        run=found,
        is_under_way=found.state in UNDER_WAY,
        is_going=found.is_going(clock.now()),
        state_name=run_state_name(found.state),
        order=order_name(found.envelope_order),
        moment=lambda moment: moment_text(moment, choose_locale()),
    )


@bp.post("/print-runs/<run>/cancel")
@requires(Permission.PRINT_RELEASED)
def cancel_print_run(run: str) -> ResponseReturnValue:
    """Stop it and give the copy back."""
    service.cancel_run(actor=current_actor(), run=_run_or_404(run))
    flash(_("Printing was cancelled; the copy can be printed again."), "success")
    return redirect(url_for("cases.releases"))


@bp.post("/print-runs/<run>/fetch")
@requires(Permission.PRINT_RELEASED)
def fetch_print_run(run: str) -> ResponseReturnValue:
    """The file; that it was fetched is recorded before it leaves."""
    found = _run_or_404(run)
    content = service.fetch_run(actor=current_actor(), run=found)
    day = clock.local(found.asked_at).date()
    return pdf_response(content, f"summaries-{day}.pdf", is_kept=True)


def _asked_order() -> EnvelopeOrder:
    try:
        return EnvelopeOrder(request.form.get("order", EnvelopeOrder.ROLL))
    except ValueError:
        abort(400)


def _run_or_404(public_id: str) -> PrintRun:
    return queries.find_run(current_actor(), public_id) or abort(404)
