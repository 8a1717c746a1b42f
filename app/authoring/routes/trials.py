"""A draft looked at before anybody decides: on paper, and answered once to see the scoring.

GET  /instruments/drafts/<draft_id>/paper     paper
POST /instruments/drafts/<draft_id>/paper     paper_typed
GET  /instruments/drafts/<draft_id>/try       try_draft
POST /instruments/drafts/<draft_id>/try       try_typed
POST /instruments/drafts/<draft_id>/examples  keep_example
"""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.authoring import service
from app.authoring.checking import check_files
from app.authoring.domain import DraftChangedError, DraftStateError, Files
from app.authoring.forms import DraftForm, ExampleForm
from app.authoring.models import InstrumentDraft
from app.authoring.routes.blueprint import asked_draft, bp
from app.authoring.trying import SEXES, Chosen, Try, person_of, try_out, with_example
from app.instruments.media import inside_page
from app.instruments.model import Instrument
from app.platform.i18n import choose_locale, normalise
from app.platform.web import long_form
from app.scoring import CompiledInstrument

#: Names of fields that are no answers.
NO_ITEM = frozenset(
    {"draft_id", "csrf_token", "revision", "instrument", "examples", "norms"}
    | {"licence_proof", "pathway"}
)
NOTHING: Mapping[str, str] = {}


@bp.get("/instruments/drafts/<draft_id>/paper")
@requires(Permission.SEE_DRAFTS)
def paper(draft_id: str) -> ResponseReturnValue:
    """The questionnaire as a sheet of paper, in one of its languages."""
    found = asked_draft(draft_id)
    return _paper_page(found, found.files)


@bp.post("/instruments/drafts/<draft_id>/paper")
@requires(Permission.SEE_DRAFTS)
@long_form
def paper_typed(draft_id: str) -> ResponseReturnValue:
    """The same for the text as it stands in the editor."""
    found = asked_draft(draft_id)
    return _paper_page(found, found.with_texts(DraftForm().files()), typed=_texts())


@bp.get("/instruments/drafts/<draft_id>/try")
@requires(Permission.SEE_DRAFTS)
def try_draft(draft_id: str) -> ResponseReturnValue:
    """Answer it and see how the score comes about."""
    found = asked_draft(draft_id)
    return _try_page(found, found.files, request.args)


@bp.post("/instruments/drafts/<draft_id>/try")
@requires(Permission.SEE_DRAFTS)
@long_form
def try_typed(draft_id: str) -> ResponseReturnValue:
    """The same for the text as it stands in the editor."""
    found = asked_draft(draft_id)
    return _try_page(found, found.with_texts(DraftForm().files()), request.form, typed=_texts())


@bp.post("/instruments/drafts/<draft_id>/examples")
@requires(Permission.WRITE_INSTRUMENTS)
def keep_example(draft_id: str) -> ResponseReturnValue:
    """Keep a try as a worked example, once its author says how they worked it out."""
    found, form = asked_draft(draft_id), ExampleForm()
    compiled = check_files(found.files).compiled or abort(409)
    chosen = _chosen(request.args)
    if not form.validate_on_submit():
        flash(_("Say what the example shows and how you worked the score out."), "error")
        return redirect(url_for("authoring.try_draft", draft_id=draft_id, **chosen), 303)
    tried = _tried(compiled, chosen)
    files = with_example(
        found.files,
        compiled.instrument.code,
        tried,
        name=form.name.data,
        source=form.source.data,
    )
    try:
        service.save_draft(
            actor=current_actor(), draft=found, files=files, revision=form.revision.data
        )
    except (DraftChangedError, DraftStateError):
        flash(_("The draft has changed meanwhile; please look at it again."), "error")
    else:
        flash(_("Kept as a worked example."), "success")
    return redirect(url_for("authoring.try_draft", draft_id=draft_id, **chosen), 303)


def _paper_page(
    draft: InstrumentDraft, files: Files, typed: Mapping[str, str] = NOTHING
) -> ResponseReturnValue:
    compiled = check_files(files).compiled
    return render_template(
        "authoring/draft/paper.html",
        draft=draft,
        typed=typed,
        instrument=compiled.instrument if compiled else None,
        media=inside_page(compiled.instrument.source.media) if compiled else {},
        paper_locale=_paper_locale(compiled.instrument) if compiled else None,
    )


def _try_page(
    draft: InstrumentDraft, files: Files, given: Any, typed: Mapping[str, str] = NOTHING
) -> ResponseReturnValue:
    """The fields, and what came of them where somebody filled any in."""
    compiled = check_files(files).compiled
    chosen = _chosen(given)
    tried = _tried(compiled, chosen) if compiled and chosen else None
    return render_template(
        "authoring/draft/try.html",
        draft=draft,
        typed=typed,
        instrument=compiled.instrument if compiled else None,
        person=person_of(_first(chosen)),
        chosen=chosen,
        tried=tried,
        form=ExampleForm(formdata=None, revision=draft.revision),
        sexes=SEXES,
        locale=choose_locale(),
    )


def _tried(compiled: CompiledInstrument, chosen: Chosen) -> Try:
    return try_out(compiled, chosen, person_of(_first(chosen)), locale=choose_locale())


def _first(chosen: Chosen) -> dict[str, str]:
    return {name: values[0] for name, values in chosen.items() if values}


def _chosen(given: Any) -> Any:
    """What was answered, as an address can carry it on; no name that means something else."""
    return {
        name: values
        for name, values in given.to_dict(flat=False).items()
        if name not in NO_ITEM and not name.startswith("_")
    }


def _texts() -> Mapping[str, str]:
    """The fields of the editor that carry a text."""
    form = DraftForm()
    return {field.name: field.data for _file, field in form.parts() if field.data}


def _paper_locale(instrument: Instrument) -> str:
    asked = normalise(request.args.get("in")) or choose_locale()
    return asked if asked in instrument.languages else instrument.languages[0]
