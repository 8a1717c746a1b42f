"""A draft as its students will see it, before it is anywhere near them.

GET  /instruments/drafts/<draft_id>/preview                         preview
GET  /instruments/drafts/<draft_id>/preview/<locale>/<int:number>   preview_page
POST /instruments/drafts/<draft_id>/preview/<locale>/<int:number>   turn_preview
"""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.assessments.plan import Plan
from app.assessments.previews import screens_of
from app.assessments.routes.blueprint import bp
from app.assessments.routes.pages import Door, Outbox
from app.authoring import words
from app.authoring.checking import check_files
from app.authoring.models import InstrumentDraft
from app.authoring.queries.drafts import find_draft
from app.instruments.model import Instrument
from app.platform.i18n import LOCALES, speak
from app.platform.web import framed


@bp.get("/instruments/drafts/<draft_id>/preview")
@requires(Permission.SEE_DRAFTS)
def preview(draft_id: str) -> ResponseReturnValue:
    """The students' pages, phone by phone, one for each language."""
    draft = _asked(draft_id)
    return render_template(
        "assessments/previews.html",
        draft=draft,
        words=words,
        instrument=_shown(draft),
        locales=LOCALES,
    )


@bp.get("/instruments/drafts/<draft_id>/preview/<locale>/<int:number>")
@requires(Permission.SEE_DRAFTS)
@framed
def preview_page(draft_id: str, locale: str, number: int) -> ResponseReturnValue:
    """One screen, in the template that students get; nothing on it is kept anywhere."""
    plan = _plan(draft_id, locale)
    speak(locale)
    action = url_for("assessments.turn_preview", draft_id=draft_id, locale=locale, number=number)
    return render_template(
        "assessments/preview.html",
        plan=plan,
        page=plan.page(number) or abort(404),
        door=Door(action, "", "", Outbox("", "", ""), ticket="-"),
        stored={},
        asked=(),
        wrong={},
    )


@bp.post("/instruments/drafts/<draft_id>/preview/<locale>/<int:number>")
@requires(Permission.SEE_DRAFTS)
@framed
def turn_preview(draft_id: str, locale: str, number: int) -> ResponseReturnValue:
    """Turn the page as the pressed button says; after the last screen the first comes again."""
    plan = _plan(draft_id, locale)
    step = {"back": -1}.get(request.form.get("do", ""), 0) if "do" in request.form else 1
    following = (number - 1 + step) % len(plan.pages) + 1
    return redirect(
        url_for("assessments.preview_page", draft_id=draft_id, locale=locale, number=following),
        303,
    )


def _asked(draft_id: str) -> InstrumentDraft:
    return find_draft(current_actor(), draft_id) or abort(404)


def _plan(draft_id: str, locale: str) -> Plan:
    instrument = _shown(_asked(draft_id))
    if instrument is None or locale not in instrument.languages:
        abort(404)
    return screens_of(instrument)


def _shown(draft: InstrumentDraft) -> Instrument | None:
    """The draft once everything in it fits and it has its words."""
    compiled = check_files(draft.files).compiled
    if compiled is None or not compiled.instrument.has_item_texts:
        return None
    return compiled.instrument
