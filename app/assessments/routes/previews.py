"""A draft as its students will see it, before it is anywhere near them.

GET  /instruments/drafts/<draft_id>/preview                         preview
GET  /instruments/drafts/<draft_id>/preview/<locale>/<int:number>   preview_page
POST /instruments/drafts/<draft_id>/preview/<locale>/<int:number>   turn_preview
"""

from collections.abc import Mapping

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.assessments.plan import Page, Plan
from app.assessments.previews import answers_in, left_out, screen_at, screens_of
from app.assessments.routes.blueprint import bp
from app.assessments.routes.pages import Door, Outbox
from app.authoring import words
from app.authoring.checking import check_files
from app.authoring.domain import Files
from app.authoring.forms.drafts import DraftForm
from app.authoring.models import InstrumentDraft
from app.authoring.queries.drafts import find_draft
from app.authoring.trying import SEXES, person_of
from app.campaigns.domain import is_showable
from app.platform.db import end_write
from app.platform.i18n import LOCALES, speak
from app.platform.web import framed, long_form
from app.scoring import CompiledInstrument

#: The texts of a draft, as fields of the editor and of the screens that carry them on.
TEXTS = frozenset({"instrument", "examples", "norms"})
#: Buttons that lead a student to somebody, or off the screen; here they lead nowhere.
LEADS_AWAY = frozenset({"help", "talk", "leave"})


@bp.get("/instruments/drafts/<draft_id>/preview")
@requires(Permission.SEE_DRAFTS)
def preview(draft_id: str) -> ResponseReturnValue:
    """The students' pages as last saved, phone by phone, one for each language."""
    draft = _asked(draft_id)
    shown = _shown(draft.files)
    return render_template(
        "assessments/previews.html",
        draft=draft,
        words=words,
        instrument=shown.instrument if shown else None,
        is_showable=shown is not None and is_showable(shown.instrument),
        locales=LOCALES,
        sexes=SEXES,
        person=request.args,
    )


@bp.get("/instruments/drafts/<draft_id>/preview/<locale>/<int:number>")
@requires(Permission.SEE_DRAFTS)
@framed
def preview_page(draft_id: str, locale: str, number: int) -> ResponseReturnValue:
    """One screen, in the template that students get; nothing on it is kept anywhere."""
    compiled = _worded(_asked(draft_id).files, locale) or abort(404)
    plan = screens_of(compiled.instrument, person_of(request.args))
    return _screen(draft_id, locale, plan, plan.page(number) or abort(404))


@bp.post("/instruments/drafts/<draft_id>/preview/<locale>/<int:number>")
@requires(Permission.SEE_DRAFTS)
@framed
@long_form
def turn_preview(draft_id: str, locale: str, number: int) -> ResponseReturnValue:
    """The screen that the pressed button leads to, of the text in the form or the one saved."""
    found, typed = _asked(draft_id), DraftForm().files()
    files = found.with_texts(typed) if typed else found.files
    end_write()
    compiled = _worded(files, locale)
    if compiled is None:
        return render_template("assessments/no_preview.html"), 422
    plan = screens_of(compiled.instrument, person_of(request.form))
    if "look" in request.form:
        line = request.form.get("line", 1, type=int)
        return _screen(draft_id, locale, plan, screen_at(plan, compiled.instrument, line))
    stays = request.form.get("do") in LEADS_AWAY
    page = plan.page(number) if stays else _turned(compiled, plan, number)
    return _screen(draft_id, locale, plan, page or abort(404), stays=stays)


def _turned(compiled: CompiledInstrument, plan: Plan, number: int) -> Page:
    """Where the button leads; behind the last screen the first comes again."""
    person = person_of(request.form)
    page, answers = plan.page(number) or abort(404), answers_in(plan, _given())
    hidden = left_out(compiled, answers, person)
    if request.form.get("do") == "back":
        return plan.before(page, hidden)
    later = (one for one in plan.pages[page.number :] if one.asked(hidden))
    return next(later, plan.pages[0])


def _screen(draft_id: str, locale: str, plan: Plan, page: Page, *, stays: bool = False) -> str:
    """The screen, with what a sitting keeps in its form; it `stays` where a button led nowhere."""
    speak(locale)
    action = url_for(
        "assessments.turn_preview", draft_id=draft_id, locale=locale, number=page.number
    )
    own = {page.name_of(item) for item in page.items}
    return render_template(
        "assessments/preview.html",
        plan=plan,
        page=page,
        door=Door(action, "", "", Outbox("", "", ""), ticket="-"),
        stored=answers_in(plan, _given()),
        carried={name: values for name, values in _given().items() if name not in own},
        asked=(),
        wrong={},
        stays=stays,
    )


def _given() -> Mapping[str, list[str]]:
    """The answers and the person, whose names have a dot, and the text that is looked at."""
    sent = request.form if request.method == "POST" else request.args
    given = sent.to_dict(flat=False)
    return {name: values for name, values in given.items() if name in TEXTS or "." in name}


def _asked(draft_id: str) -> InstrumentDraft:
    return find_draft(current_actor(), draft_id) or abort(404)


def _worded(files: Files, locale: str) -> CompiledInstrument | None:
    """The text, where it can be shown in this language."""
    compiled = _shown(files)
    return compiled if compiled and locale in compiled.instrument.languages else None


def _shown(files: Files) -> CompiledInstrument | None:
    """The text once everything in it fits and it has its words."""
    compiled = check_files(files).compiled
    return compiled if compiled and compiled.instrument.has_item_texts else None
