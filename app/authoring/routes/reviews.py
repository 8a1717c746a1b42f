"""A reviewer's desk: what a draft passes, giving it back, publishing; versions and their end.

GET  /instruments/drafts/<draft_id>/review            draft_review
POST /instruments/drafts/<draft_id>/return            return_draft
POST /instruments/drafts/<draft_id>/publish           publish_draft
GET  /instruments/<code>/versions                     versions
POST /instruments/<code>/versions/<version>/retire    retire
POST /instruments/<code>/versions/<version>/draft     copy
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.policy import can
from app.authoring import service
from app.authoring.checking import check_files
from app.authoring.copying import copied_files
from app.authoring.domain import (
    DraftChangedError,
    DraftOrigin,
    DraftStateError,
    Gate,
    GatesClosedError,
    NeededError,
    VersionTakenError,
)
from app.authoring.forms import ReturnForm, RevisionForm
from app.authoring.gates import closed_gates
from app.authoring.models import InstrumentDraft, InstrumentVersion
from app.authoring.queries.versions import instrument_of, version_of, versions_of
from app.authoring.routes.blueprint import asked_draft, bp
from app.instruments.diff import differences
from app.instruments.model import Instrument


@bp.get("/instruments/drafts/<draft_id>/review")
@requires(Permission.SEE_DRAFTS)
def draft_review(draft_id: str) -> ResponseReturnValue:
    """The gates, what is new against the base version, and the decision."""
    return _review(asked_draft(draft_id), ReturnForm(formdata=None))


@bp.post("/instruments/drafts/<draft_id>/return")
@requires(Permission.REVIEW_INSTRUMENTS)
def return_draft(draft_id: str) -> ResponseReturnValue:
    """Give the draft back with a reason."""
    found, form = asked_draft(draft_id), ReturnForm()
    if not form.validate_on_submit():
        return _review(found, form), 422
    try:
        service.return_draft(
            actor=current_actor(),
            draft=found,
            reason=form.reason.data,
            revision=form.revision.data,
        )
    except (DraftChangedError, DraftStateError, GatesClosedError):
        flash(_("The draft has changed meanwhile; please look at it again."), "error")
    else:
        flash(_("The draft went back to its author."), "success")
    return redirect(url_for("authoring.draft_review", draft_id=draft_id), 303)


@bp.post("/instruments/drafts/<draft_id>/publish")
@requires(Permission.REVIEW_INSTRUMENTS)
def publish_draft(draft_id: str) -> ResponseReturnValue:
    """Put the draft into service."""
    found, form = asked_draft(draft_id), RevisionForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        version = service.publish_draft(
            actor=current_actor(), draft=found, revision=form.revision.data
        )
    except GatesClosedError:
        flash(_("Not published: a gate is closed, see the list below."), "error")
    except (DraftChangedError, DraftStateError):
        flash(_("The draft has changed meanwhile; please look at it again."), "error")
    except VersionTakenError:
        flash(_("Somebody has published this version number meanwhile: give it another."), "error")
    else:
        flash(_("Published. New batteries can use it at once."), "success")
        return redirect(url_for("authoring.show", code=version.code), 303)
    return redirect(url_for("authoring.draft_review", draft_id=draft_id), 303)


@bp.get("/instruments/<code>/versions")
@requires(Permission.SEE_INSTRUMENTS)
def versions(code: str) -> ResponseReturnValue:
    """Every version of an instrument, in service and retired."""
    found = versions_of(code) or abort(404)
    return render_template(
        "authoring/versions.html",
        code=code,
        versions=found,
        title=instrument_of(found[0]).title,
        form=RevisionForm(formdata=None),
    )


@bp.post("/instruments/<code>/versions/<version>/retire")
@requires(Permission.REVIEW_INSTRUMENTS)
def retire(code: str, version: str) -> ResponseReturnValue:
    """Keep a version from new batteries."""
    try:
        service.retire_version(actor=current_actor(), version=_asked_version(code, version))
    except DraftStateError:
        abort(409)
    except NeededError:
        flash(_("Safety interviews or drills need it: publish a newer version first."), "error")
        return redirect(url_for("authoring.versions", code=code), 303)
    flash(_("Retired. Batteries that have it keep it; new ones cannot choose it."), "success")
    return redirect(url_for("authoring.versions", code=code), 303)


@bp.post("/instruments/<code>/versions/<version>/draft")
@requires(Permission.WRITE_INSTRUMENTS)
def copy(code: str, version: str) -> ResponseReturnValue:
    """Begin a draft from a published version, under the next version number."""
    base = _asked_version(code, version)
    draft = service.start_draft(
        actor=current_actor(),
        files=copied_files(base.files, [one.version for one in versions_of(code)]),
        origin=DraftOrigin.COPY,
        title=instrument_of(base).title.get(),
        licence_proof=instrument_of(base).licence.statement,
        base=base,
    )
    return redirect(url_for("authoring.draft", draft_id=draft.public_id), 303)


def _asked_version(code: str, version: str) -> InstrumentVersion:
    return version_of(code, version) or abort(404)


def _review(found: InstrumentDraft, form: ReturnForm) -> str:
    checked = check_files(found.files)
    reviews = can(current_actor(), Permission.REVIEW_INSTRUMENTS)
    before = _before(found, checked.instrument)
    form.revision.data = found.revision
    return render_template(
        "authoring/draft/review.html",
        draft=found,
        checked=checked,
        form=form,
        gates=[gate for gate in Gate if reviews or gate is not Gate.SECOND_PERSON],
        closed=closed_gates(found, current_actor() if reviews else None),
        before=before,
        changes=differences(instrument_of(before), checked.instrument)
        if before and checked.instrument
        else None,
    )


def _before(draft: InstrumentDraft, instrument: Instrument | None) -> InstrumentVersion | None:
    """What it would stand beside: the newest of its code, whatever it was copied from."""
    known = versions_of(instrument.code) if instrument else ()
    others = [version for version in known if version.id != draft.published_version_id]
    return others[0] if others else None
