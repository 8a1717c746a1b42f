"""The wording of a draft in its languages, side by side; what is missing comes first.

GET  /instruments/drafts/<draft_id>/translations   translations
POST /instruments/drafts/<draft_id>/translations   save_translations
POST /instruments/drafts/<draft_id>/languages      add_language
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.authoring import service, words
from app.authoring.domain import DraftChangedError, DraftStateError
from app.authoring.forms.drafts import LanguageForm, OriginForm
from app.authoring.models import InstrumentDraft
from app.authoring.routes.blueprint import asked_draft, bp
from app.instruments.loader import INSTRUMENT_FILE
from app.instruments.passages import (
    GROUPS,
    NotPlaceableError,
    languages_of,
    missing_in,
    passages_of,
    translation_of,
    with_language,
    with_origin,
    with_texts,
)
from app.platform.i18n import LOCALES
from app.platform.web import long_form


@bp.get("/instruments/drafts/<draft_id>/translations")
@requires(Permission.SEE_DRAFTS)
def translations(draft_id: str) -> ResponseReturnValue:
    """How complete each language is, and one of them beside the original."""
    draft = asked_draft(draft_id)
    language = _asked_language(draft)
    return _page(draft, language, _origin(draft, language))


@bp.post("/instruments/drafts/<draft_id>/translations")
@requires(Permission.WRITE_INSTRUMENTS)
@long_form
def save_translations(draft_id: str) -> ResponseReturnValue:
    """Put the words into the file, which otherwise stays as it is."""
    draft, form = asked_draft(draft_id), OriginForm()
    language = _asked_language(draft)
    form.status.choices = _status_choices()
    if not form.validate_on_submit():
        return _page(draft, language, form), 422
    try:
        service.save_draft(
            actor=current_actor(),
            draft=draft,
            files={**draft.files, INSTRUMENT_FILE: _written(draft, language, form)},
            revision=form.revision.data,
        )
    except DraftChangedError:
        flash(_("The draft was saved in another window meanwhile; please type it again."), "error")
    except DraftStateError:
        abort(409)
    except NotPlaceableError:
        flash(_("Some words have no place in the file yet; write them into the text."), "error")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for("authoring.translations", draft_id=draft_id, language=language), 303)


@bp.post("/instruments/drafts/<draft_id>/languages")
@requires(Permission.WRITE_INSTRUMENTS)
def add_language(draft_id: str) -> ResponseReturnValue:
    """Claim one language more; from then on its missing texts are counted and stop publishing."""
    draft, form = asked_draft(draft_id), LanguageForm()
    text = draft.files.get(INSTRUMENT_FILE, "")
    form.language.choices = _unclaimed(languages_of(text))
    if not form.validate_on_submit():
        abort(400)
    try:
        service.save_draft(
            actor=current_actor(),
            draft=draft,
            files={**draft.files, INSTRUMENT_FILE: with_language(text, form.language.data)},
            revision=form.revision.data,
        )
    except (DraftChangedError, DraftStateError):
        flash(_("The draft has changed meanwhile; please look at it again."), "error")
    except NotPlaceableError:
        flash(_("The text does not say yet in which languages it is written."), "error")
    else:
        flash(_("Added. Everything that is missing in it stands below."), "success")
    return redirect(
        url_for("authoring.translations", draft_id=draft_id, language=form.language.data), 303
    )


def _written(draft: InstrumentDraft, language: str, form: OriginForm) -> str:
    text = draft.files.get(INSTRUMENT_FILE, "")
    typed = {
        passage.at: request.form.get(f"t.{passage.field}", "").replace("\r\n", "\n").strip()
        for passage in passages_of(text)
    }
    text = with_texts(text, language, typed)
    return with_origin(text, language, status=form.status.data, source=form.source.data.strip())


def _page(draft: InstrumentDraft, language: str, form: OriginForm) -> str:
    text = draft.files.get(INSTRUMENT_FILE, "")
    passages, claimed = passages_of(text), languages_of(text)
    return render_template(
        "authoring/draft/translations.html",
        draft=draft,
        language=language,
        original=_original(text, claimed, language),
        claimed=claimed,
        total=len(passages),
        missing={each: len(missing_in(text, each)) for each in claimed},
        origins={each: translation_of(text, each) for each in claimed},
        groups=[(group, [one for one in passages if one.group == group]) for group in GROUPS],
        form=form,
        more=_language_form(draft, claimed),
    )


def _language_form(draft: InstrumentDraft, claimed: tuple[str, ...]) -> LanguageForm | None:
    """The languages that could be added, where there are any."""
    form = LanguageForm(formdata=None, revision=draft.revision)
    form.language.choices = _unclaimed(claimed)
    return form if form.language.choices and claimed else None


def _unclaimed(claimed: tuple[str, ...]) -> list[SelectChoice]:
    return [
        SelectChoice(each, words.language_name(each)) for each in LOCALES if each not in claimed
    ]


def _asked_language(draft: InstrumentDraft) -> str:
    """The language that the address asks for, else the one in which most is missing."""
    text = draft.files.get(INSTRUMENT_FILE, "")
    claimed = languages_of(text)
    asked = request.args.get("language")
    if asked in claimed:
        return asked
    return max(claimed, key=lambda each: len(missing_in(text, each)), default="")


def _original(text: str, claimed: tuple[str, ...], language: str) -> str:
    """What stands on the left: the original wording, or else another language."""
    others = [each for each in claimed if each != language]
    marked = [each for each in others if translation_of(text, each).get("status") == "original"]
    return next(iter([*marked, *others]), language)


def _origin(draft: InstrumentDraft, language: str) -> OriginForm:
    about = translation_of(draft.files.get(INSTRUMENT_FILE, ""), language)
    form = OriginForm(
        formdata=None,
        revision=draft.revision,
        status=about.get("status", "unvalidated"),
        source=about.get("source", ""),
    )
    form.status.choices = _status_choices()
    return form


def _status_choices() -> list[SelectChoice]:
    return [
        SelectChoice(each, words.translation_status(each)) for each in words.TRANSLATION_STATUSES
    ]
