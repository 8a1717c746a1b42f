"""What a version in service, or a draft, would change about past results.

GET  /instruments/<code>/changes                  changes
POST /instruments/<code>/changes                  ask_changes
GET  /instruments/drafts/<draft_id>/changes       draft_changes
POST /instruments/drafts/<draft_id>/changes       ask_draft_changes
POST /instruments/changes/<weighing_id>/stop      stop_weighing
GET  /instruments/changes/<weighing_id>/moves     moves
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.policy import can
from app.authoring import words as draft_words
from app.authoring.checking import check_files
from app.authoring.domain import Files, UnknownInstrumentError
from app.authoring.models import InstrumentDraft, InstrumentVersion
from app.authoring.queries import current_version, instrument_of
from app.authoring.queries.drafts import find_draft
from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE, NORMS_FILE
from app.instruments.model import InstrumentSource
from app.instruments.problems import InstrumentError
from app.people.queries import visible_sites
from app.platform import audit
from app.platform.db import db
from app.platform.i18n import choose_locale
from app.results import changes as tables
from app.results import ledger
from app.results.domain import NotYoursError, WeighingState
from app.results.forms import ProposalForm
from app.results.models import ScoreMove, Weighing
from app.results.routes.blueprint import bp
from app.results.service import weighings


@bp.get("/instruments/<code>/changes")
@requires(Permission.WEIGH_CHANGES)
def changes(code: str) -> ResponseReturnValue:
    """What the version in service would say about results that older versions gave."""
    version = _version_or_404(code)
    asked = ledger.weighings_of(code=code)
    newest = asked[0] if asked else None
    return render_template(
        "results/changes.html",
        version=version,
        instrument=instrument_of(version),
        proposal=_proposal(),
        ledger=ledger.rescorings_of(current_actor(), code),
        **shown_of(newest, version.content_hash),
    )


@bp.post("/instruments/<code>/changes")
@requires(Permission.WEIGH_CHANGES)
def ask_changes(code: str) -> ResponseReturnValue:
    """Begin to work it out."""
    version = _version_or_404(code)
    weighings.ask_weighing(actor=current_actor(), files=version.files)
    return redirect(url_for("results.changes", code=code), 303)


@bp.get("/instruments/drafts/<draft_id>/changes")
@requires(Permission.SEE_DRAFTS)
def draft_changes(draft_id: str) -> ResponseReturnValue:
    """What a draft would say about past results."""
    draft = asked_draft(draft_id)
    asked = ledger.weighings_of(draft_ref=draft.public_id)
    checked = check_files(draft.files)
    return render_template(
        "results/draft_changes.html",
        **draft_frame(draft),
        is_readable=checked.compiled is not None,
        **shown_of(asked[0] if asked else None, hash_of(draft.files)),
    )


@bp.post("/instruments/drafts/<draft_id>/changes")
@requires(Permission.SEE_DRAFTS)
def ask_draft_changes(draft_id: str) -> ResponseReturnValue:
    """Begin to work it out; a draft that cannot be read yet is sent back to its faults."""
    draft = asked_draft(draft_id)
    try:
        weighings.ask_weighing(actor=current_actor(), files=draft.files, draft_ref=draft.public_id)
    except InstrumentError:
        flash(_("Mend what is wrong with the text first; then it can be worked out."), "error")
        return redirect(url_for("authoring.draft", draft_id=draft_id), 303)
    return redirect(url_for("results.draft_changes", draft_id=draft_id), 303)


@bp.post("/instruments/changes/<weighing_id>/stop")
@requires(Permission.WEIGH_CHANGES)
def stop_weighing(weighing_id: str) -> ResponseReturnValue:
    """Stop the work."""
    weighing = weighing_or_404(weighing_id)
    try:
        weighings.cancel_weighing(actor=current_actor(), weighing=weighing)
    except NotYoursError:
        flash(_("Only who asked for this, or a reviewer, stops it."), "error")
    else:
        flash(_("Stopped. Nothing was changed by it."), "success")
    if weighing.draft_ref:
        return redirect(url_for("results.draft_changes", draft_id=weighing.draft_ref), 303)
    return redirect(url_for("results.changes", code=weighing.instrument_code), 303)


@bp.get("/instruments/changes/<weighing_id>/moves")
@requires(Permission.SEE_PROFILE, audits=True)
def moves(weighing_id: str) -> ResponseReturnValue:
    """Whose results would move, at the actor's schools."""
    weighing = weighing_or_404(weighing_id)
    kind, code = request.args.get("kind", "band"), request.args.get("code")
    chosen = () if code is None else (ScoreMove.kind == kind, ScoreMove.code == code)
    named = ledger.foreseen(current_actor(), weighing, *chosen)
    audit.record(current_actor(), "see_moves", weighing, shown=len(named.moves))
    return render_template(
        "results/moves.html",
        weighing=weighing,
        named=named,
        names=tables.names_of(weighing, choose_locale()),
    )


def shown_of(weighing: Weighing | None, content_hash: str | None) -> dict[str, object]:
    """What a page needs to show a weighing: its tables, and whether its text is still the text."""
    is_ready = weighing is not None and weighing.state is WeighingState.READY
    return {
        "weighing": weighing,
        "may_stop": weighing is not None and weighings.may_cancel(current_actor(), weighing),
        "is_stale": weighing is not None and weighing.content_hash != content_hash,
        "tables": tables.tables_of(current_actor(), weighing) if is_ready and weighing else None,
        "names": tables.names_of(weighing, choose_locale()) if is_ready and weighing else {},
    }


def weighing_or_404(public_id: str) -> Weighing:
    """The weighing of that id."""
    return ledger.find_weighing(public_id) or abort(404)


def asked_draft(public_id: str) -> InstrumentDraft:
    """The draft of that id, if the actor may read it."""
    return find_draft(current_actor(), public_id) or abort(404)


def draft_frame(draft: InstrumentDraft) -> dict[str, object]:
    """What the head of a draft's page needs beside its tabs."""
    return {"draft": draft, "words": draft_words}


def hash_of(files: Files) -> str:
    """The fingerprint of a draft's text, by which a weighing of it is known."""
    return InstrumentSource(
        files.get(INSTRUMENT_FILE, ""), files.get(EXAMPLES_FILE), files.get(NORMS_FILE)
    ).content_hash


def _proposal() -> ProposalForm | None:
    """For whom may propose: the schools are the actor's own."""
    actor = current_actor()
    if not can(actor, Permission.PROPOSE_RESCORING):
        return None
    form = ProposalForm(formdata=None)
    sites = db.session.scalars(visible_sites(actor)).all()
    form.site.choices = [SelectChoice(site.code, site.name) for site in sites]
    return form


def _version_or_404(code: str) -> InstrumentVersion:
    try:
        return current_version(code)
    except UnknownInstrumentError:
        abort(404)
