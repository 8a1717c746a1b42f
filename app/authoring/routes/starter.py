"""New questionnaires without YAML: from a form, from an Excel or Word file, words for a shell.

GET  /instruments/drafts/form    starter
POST /instruments/drafts/form    create_from_form
GET  /instruments/drafts/paste   paste
POST /instruments/drafts/paste   read_paste
POST /instruments/drafts/words   create_from_words
"""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.authoring import queries, service
from app.authoring.domain import DraftOrigin, UnknownInstrumentError
from app.authoring.forms import PasteForm, ShellForm, StarterForm
from app.authoring.models import InstrumentDraft, InstrumentVersion
from app.authoring.paste.files import PasteFileError, file_rows
from app.authoring.paste.findings import Findings
from app.authoring.paste.prefill import fields_of
from app.authoring.paste.recognise import recognise
from app.authoring.paste.rows import Row, text_rows
from app.authoring.routes.blueprint import bp
from app.authoring.starter.examples import examples_text
from app.authoring.starter.fields import read_fields
from app.authoring.starter.filling import fill, reversed_numbers
from app.authoring.starter.sheet import ScaleSheet
from app.authoring.starter.writing import instrument_text
from app.authoring.words import licence_terms
from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE
from app.platform.db import end_write
from app.platform.i18n import choose_locale
from app.platform.web import long_form


@bp.get("/instruments/drafts/form")
@requires(Permission.WRITE_INSTRUMENTS)
def starter() -> ResponseReturnValue:
    """The empty form of a Likert scale."""
    return _starter_page(StarterForm(formdata=None))


@bp.post("/instruments/drafts/form")
@requires(Permission.WRITE_INSTRUMENTS)
@long_form
def create_from_form() -> ResponseReturnValue:
    """Write the YAML and begin the draft; with anything to mend, show the form as it was."""
    form = StarterForm()
    is_valid = form.validate_on_submit()
    sheet, problems = read_fields(form.typed)
    form.show(problems)
    if not is_valid or sheet is None:
        return _starter_page(form), 422
    if "look" in request.form:
        return _starter_page(form, sheet=sheet)
    draft = service.start_draft(
        actor=current_actor(),
        files={INSTRUMENT_FILE: instrument_text(sheet, _), EXAMPLES_FILE: examples_text(sheet, _)},
        origin=DraftOrigin.PASTE if form.origin.data == "paste" else DraftOrigin.STARTER,
        title=sheet.title["zh_Hans"],
        licence_proof=sheet.licence.proof or licence_terms(sheet.licence.terms),
    )
    return _to(draft)


@bp.get("/instruments/drafts/paste")
@requires(Permission.WRITE_INSTRUMENTS)
def paste() -> ResponseReturnValue:
    """Choose a file or paste a table."""
    return _paste_page(_paste_form())


@bp.post("/instruments/drafts/paste")
@requires(Permission.WRITE_INSTRUMENTS)
@long_form
def read_paste() -> ResponseReturnValue:
    """Show what was understood in the form, where it is corrected; the file is not kept."""
    form = _paste_form()
    if not form.validate_on_submit():
        return _paste_page(form), 422
    if not form.file.data and not (form.text.data or "").strip():
        form.file.errors = [_("Choose a file, or paste the scale below.")]
        return _paste_page(form), 422
    end_write()
    try:
        found = recognise(_rows(form))
    except PasteFileError as error:
        form.file.errors = [_(str(error))]
        return _paste_page(form), 422
    if not found.questions:
        given = form.file if form.file.data else form.text
        given.errors = [_("No questions were found; number them, one a line or row.")]
        return _paste_page(form), 422
    if form.instrument.data:
        return _words_page(_shell(form.instrument.data), _prefilled_words(form, found), found)
    values = fields_of(found) | {"origin": "paste", "file_name": _file_name(form)}
    return _starter_page(StarterForm(formdata=None, data=values), found=found)


@bp.post("/instruments/drafts/words")
@requires(Permission.WRITE_INSTRUMENTS)
@long_form
def create_from_words() -> ResponseReturnValue:
    """Begin a draft of a licensed instrument with the words of the owner's copy."""
    form = ShellForm()
    version = _shell(form.instrument.data or "")
    is_valid = form.validate_on_submit()
    filled, problems = fill(queries.instrument_of(version), form.typed, _)
    form.show(problems)
    if not is_valid or filled is None:
        return _words_page(version, form), 422
    draft = service.start_draft(
        actor=current_actor(),
        files={**version.files, INSTRUMENT_FILE: filled.text},
        origin=DraftOrigin.PASTE,
        title=queries.instrument_of(version).title.get(),
        licence_proof=filled.licence.proof,
        base=version,
    )
    return _to(draft)


def _to(draft: InstrumentDraft) -> ResponseReturnValue:
    return redirect(url_for("authoring.draft", draft_id=draft.public_id), 303)


def _starter_page(
    form: StarterForm, *, sheet: ScaleSheet | None = None, found: Findings | None = None
) -> str:
    return render_template("authoring/starter/form.html", form=form, sheet=sheet, found=found)


def _words_page(version: InstrumentVersion, form: ShellForm, found: Findings | None = None) -> str:
    instrument = queries.instrument_of(version)
    return render_template(
        "authoring/starter/words.html",
        form=form,
        found=found,
        instrument=instrument,
        reversed=reversed_numbers(instrument),
        locale=choose_locale(),
    )


def _paste_page(form: PasteForm) -> str:
    return render_template("authoring/starter/paste.html", form=form)


def _paste_form() -> PasteForm:
    form = PasteForm()
    form.instrument.choices = [
        SelectChoice("", _("another one")),
        *(
            SelectChoice(version.code, instrument.title.get(choose_locale()))
            for version in queries.library()
            if not (instrument := queries.instrument_of(version)).has_item_texts
        ),
    ]
    return form


def _prefilled_words(form: PasteForm, found: Findings) -> ShellForm:
    wanted = ("english", "options", "questions_zh", "questions_en")
    values = {name: value for name, value in fields_of(found).items() if name in wanted}
    values |= {"instrument": form.instrument.data, "file_name": _file_name(form)}
    return ShellForm(formdata=None, data=values)


def _rows(form: PasteForm) -> list[Row]:
    if form.file.data:
        return file_rows(form.file.data.read())
    return text_rows(form.text.data or "")


def _file_name(form: PasteForm) -> str:
    return form.file.data.filename[:120] if form.file.data else ""


def _shell(code: str) -> InstrumentVersion:
    """The licensed instrument that waits for its words, or 404."""
    try:
        version = queries.current_version(code)
    except UnknownInstrumentError:
        abort(404)
    return version if not queries.instrument_of(version).has_item_texts else abort(404)
