"""A draft looked at before anybody decides: on paper, and answered once to see the scoring.

GET  /instruments/drafts/<draft_id>/paper     paper
GET  /instruments/drafts/<draft_id>/try       try_draft
POST /instruments/drafts/<draft_id>/examples  keep_example
"""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.authoring import service
from app.authoring.checking import check_files
from app.authoring.domain import DraftChangedError, DraftStateError
from app.authoring.forms import ExampleForm
from app.authoring.routes.blueprint import asked_draft, bp
from app.authoring.trying import Try, try_out, with_example
from app.instruments.model import Instrument
from app.platform.i18n import choose_locale, normalise
from app.scoring import CompiledInstrument
from app.scoring.results import Person

SEXES = ("female", "male")


@bp.get("/instruments/drafts/<draft_id>/paper")
@requires(Permission.SEE_DRAFTS)
def paper(draft_id: str) -> ResponseReturnValue:
    """The questionnaire as a sheet of paper, in one of its languages."""
    found = asked_draft(draft_id)
    compiled = check_files(found.files).compiled
    return render_template(
        "authoring/draft/paper.html",
        draft=found,
        instrument=compiled.instrument if compiled else None,
        paper_locale=_paper_locale(compiled.instrument) if compiled else None,
    )


@bp.get("/instruments/drafts/<draft_id>/try")
@requires(Permission.SEE_DRAFTS)
def try_draft(draft_id: str) -> ResponseReturnValue:
    """Answer it and see how the score comes about."""
    found = asked_draft(draft_id)
    compiled = check_files(found.files).compiled
    form = ExampleForm(formdata=None, revision=found.revision)
    return render_template(
        "authoring/draft/try.html",
        draft=found,
        instrument=compiled.instrument if compiled else None,
        chosen=_args(),
        tried=_tried(compiled, request.args) if compiled and request.args else None,
        form=form,
        sexes=SEXES,
        locale=choose_locale(),
    )


@bp.post("/instruments/drafts/<draft_id>/examples")
@requires(Permission.WRITE_INSTRUMENTS)
def keep_example(draft_id: str) -> ResponseReturnValue:
    """Keep a try as a worked example, once its author says how they worked it out."""
    found, form = asked_draft(draft_id), ExampleForm()
    compiled = check_files(found.files).compiled or abort(409)
    if not form.validate_on_submit():
        flash(_("Say what the example shows and how you worked the score out."), "error")
        return redirect(url_for("authoring.try_draft", draft_id=draft_id, **_args()), 303)
    tried = _tried(compiled, request.args)
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
    return redirect(url_for("authoring.try_draft", draft_id=draft_id, **_args()), 303)


def _tried(compiled: CompiledInstrument, given: Any) -> Try:
    sex = given.get("person.sex")
    person = Person(
        sex=sex if sex in SEXES else None,
        age=given.get("person.age", type=float),
        grade=given.get("person.grade", type=float),
    )
    return try_out(compiled, given.to_dict(flat=False), person, locale=choose_locale())


def _args() -> Any:
    """What was answered, as the address carries it on; no name that an address means otherwise."""
    given = request.args.to_dict(flat=False)
    return {
        name: values
        for name, values in given.items()
        if name != "draft_id" and not name.startswith("_")
    }


def _paper_locale(instrument: Instrument) -> str:
    asked = normalise(request.args.get("in")) or choose_locale()
    return asked if asked in instrument.languages else instrument.languages[0]
