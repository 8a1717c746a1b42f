"""An author's desk: drafts, their text with its faults, saving and handing in.

GET  /instruments/drafts                    drafts
GET  /instruments/drafts/new                new_draft
POST /instruments/drafts                    create_draft
GET  /instruments/drafts/<draft_id>         draft
POST /instruments/drafts/<draft_id>         save
POST /instruments/drafts/<draft_id>/check      check
POST /instruments/drafts/<draft_id>/submit     submit
POST /instruments/drafts/<draft_id>/take-back  take_back
POST /instruments/drafts/<draft_id>/withdraw   withdraw
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.authoring import service
from app.authoring.blank import blank_files
from app.authoring.checking import check_files
from app.authoring.domain import (
    DraftChangedError,
    DraftOrigin,
    DraftStateError,
    Files,
    GatesClosedError,
)
from app.authoring.forms import DraftForm, NewDraftForm, RevisionForm
from app.authoring.models import InstrumentDraft
from app.authoring.queries import drafts as queries
from app.authoring.routes.blueprint import asked_draft, bp
from app.platform.db import end_write
from app.platform.i18n import LOCALES
from app.platform.web import long_form


@bp.get("/instruments/drafts")
@requires(Permission.SEE_DRAFTS)
def drafts() -> ResponseReturnValue:
    """Every draft the person may read, with where it stands."""
    return render_template("authoring/drafts.html", drafts=queries.drafts_in(current_actor()))


@bp.get("/instruments/drafts/new")
@requires(Permission.WRITE_INSTRUMENTS)
def new_draft() -> ResponseReturnValue:
    """The ways to begin a draft."""
    return render_template("authoring/new.html", form=NewDraftForm(formdata=None))


@bp.post("/instruments/drafts")
@requires(Permission.WRITE_INSTRUMENTS)
def create_draft() -> ResponseReturnValue:
    """Begin with the blank file."""
    form = NewDraftForm()
    if not form.validate_on_submit():
        return render_template("authoring/new.html", form=form), 422
    draft = service.start_draft(
        actor=current_actor(),
        files=blank_files(form.title.data),
        origin=DraftOrigin.BLANK,
        title=form.title.data,
        licence_proof=form.licence_proof.data or "",
    )
    return redirect(url_for("authoring.draft", draft_id=draft.public_id), 303)


@bp.get("/instruments/drafts/<draft_id>")
@requires(Permission.SEE_DRAFTS)
def draft(draft_id: str) -> ResponseReturnValue:
    """The text of a draft, and what is wrong with it."""
    found = asked_draft(draft_id)
    form = DraftForm.of(
        found.files,
        revision=found.revision,
        licence_proof=found.licence_proof,
        pathway=found.pathway,
    )
    return _editor(found, form)


@bp.post("/instruments/drafts/<draft_id>")
@requires(Permission.WRITE_INSTRUMENTS)
@long_form
def save(draft_id: str) -> ResponseReturnValue:
    """Keep the text with all its errors; where somebody saved meanwhile, show both."""
    found, form = asked_draft(draft_id), DraftForm()
    if not form.validate_on_submit():
        return _editor(found, form), 422
    try:
        service.save_draft(
            actor=current_actor(),
            draft=found,
            files=form.files(),
            revision=form.revision.data,
            licence_proof=form.licence_proof.data or "",
            pathway=form.pathway.data or "",
        )
    except DraftChangedError:
        form.revision.raw_data = [str(found.revision)]
        return _editor(found, form, theirs=found.files), 409
    except DraftStateError:
        flash(_("Not saved: the draft is no longer open. What you wrote is still below."), "error")
        return _editor(found, form), 409
    flash(_("Saved."), "success")
    return redirect(url_for("authoring.draft", draft_id=draft_id), 303)


@bp.post("/instruments/drafts/<draft_id>/check")
@requires(Permission.WRITE_INSTRUMENTS)
@long_form
def check(draft_id: str) -> ResponseReturnValue:
    """What is wrong with the text as it is typed; nothing is kept."""
    found = asked_draft(draft_id)
    end_write()
    checked = check_files(found.with_texts(DraftForm().files()))
    return render_template("authoring/draft/_problems.html", checked=checked)


@bp.post("/instruments/drafts/<draft_id>/submit")
@requires(Permission.WRITE_INSTRUMENTS)
def submit(draft_id: str) -> ResponseReturnValue:
    """Hand the draft to a reviewer."""
    found, form = asked_draft(draft_id), RevisionForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        service.submit_draft(actor=current_actor(), draft=found, revision=form.revision.data)
    except GatesClosedError:
        flash(_("Not handed in yet: something is still missing, see the list below."), "error")
    except (DraftChangedError, DraftStateError):
        flash(_("The draft has changed meanwhile; please look at it again."), "error")
    else:
        flash(_("Handed in. A reviewer reads it now."), "success")
    return redirect(url_for("authoring.draft_review", draft_id=draft_id), 303)


@bp.post("/instruments/drafts/<draft_id>/take-back")
@requires(Permission.WRITE_INSTRUMENTS)
def take_back(draft_id: str) -> ResponseReturnValue:
    """Go on writing before a reviewer has decided."""
    service.take_back_draft(actor=current_actor(), draft=asked_draft(draft_id))
    return redirect(url_for("authoring.draft", draft_id=draft_id), 303)


@bp.post("/instruments/drafts/<draft_id>/withdraw")
@requires(Permission.WRITE_INSTRUMENTS)
def withdraw(draft_id: str) -> ResponseReturnValue:
    """Give the draft up."""
    service.withdraw_draft(actor=current_actor(), draft=asked_draft(draft_id))
    flash(_("The draft is withdrawn; it can still be read here."), "success")
    return redirect(url_for("authoring.drafts"), 303)


def _editor(found: InstrumentDraft, form: DraftForm, theirs: Files | None = None) -> str:
    return render_template(
        "authoring/draft/text.html",
        draft=found,
        form=form,
        theirs=theirs,
        checked=check_files(found.with_texts(form.files())),
        locales=LOCALES,
    )
