"""Interviews: one page is keyed in, one note is signed, and four documents follow.

GET  /cases/<id>/interview            interview
POST /cases/<id>/interview            keep_interview
POST /cases/<id>/interview/draft      keep_draft
GET  /cases/<id>/interview/note       interview_note
POST /cases/<id>/interview/sign       sign_interview
POST /cases/<id>/interview/discard    discard_interview
GET  /interview-records/<id>          show_interview
GET  /interview-records/<id>/note.pdf print_interview
"""

from http import HTTPStatus

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.authoring.domain import UnknownInstrumentError
from app.authoring.queries import current_version, instrument_of
from app.cases import papers
from app.cases.domain.errors import StepError
from app.cases.domain.interviews import CODE, StaleDraftError, headed, read_answers
from app.cases.forms.interviews import CorrectionForm, NoteForm, interview_form
from app.cases.models import Case, InterviewDraft, InterviewRecord
from app.cases.queries import cases as case_queries
from app.cases.queries import interviews as queries
from app.cases.queries.guardians import guardian_is_feared
from app.cases.queries.letters import last_notice, letters_of, teachers_of
from app.cases.routes.blueprint import bp
from app.cases.routes.printed import pdf_or_back
from app.cases.routes.refusals import carry_out
from app.cases.service import interviews as service
from app.instruments.model import Instrument
from app.platform import audit, clock, ids
from app.platform.forms import Form
from app.platform.i18n import choose_locale


@bp.errorhandler(StaleDraftError)
def _overtaken(_error: StaleDraftError) -> ResponseReturnValue:
    """Two pages would write over each other: the one opened last goes on."""
    flash(_("This interview was opened on another page. Here is how it stands."), "error")
    return redirect(_form_address((request.view_args or {})["case_id"]))


@bp.errorhandler(UnknownInstrumentError)
def _no_form(_error: UnknownInstrumentError) -> ResponseReturnValue:
    """The library of this installation is older than the form."""
    flash(_("The interview form is not published yet. Ask your administrator."), "error")
    return redirect(url_for("cases.show", case_id=(request.view_args or {})["case_id"]))


@bp.get("/cases/<case_id>/interview")
@requires(Permission.WORK_CASE, audits=True)
def interview(case_id: str) -> ResponseReturnValue:
    """The form, with what is known of the case or was keyed in before."""
    case, corrects, writer = _find(case_id), _corrected(case_id), ids.new_public_id()
    try:
        instrument, draft = service.open_interview(
            actor=current_actor(), case=case, corrects=corrects, writer=writer
        )
    except StepError:
        flash(_("This case is over"), "error")
        return redirect(url_for("cases.show", case_id=case_id))
    return _form_page(case, corrects, instrument, draft, writer)


@bp.post("/cases/<case_id>/interview")
@requires(Permission.WORK_CASE)
def keep_interview(case_id: str) -> ResponseReturnValue:
    """Keep the answers and go on to the note."""
    _keep_answers(_find(case_id), _corrected(case_id))
    return redirect(_note_address(case_id))


@bp.post("/cases/<case_id>/interview/draft")
@requires(Permission.WORK_CASE)
def keep_draft(case_id: str) -> ResponseReturnValue:
    """Keep what is keyed in so far; the page itself asks for it at every pause."""
    case, corrects = _find(case_id), _corrected(case_id)
    try:
        if "note" in request.form:
            _keep_note(case, _draft_or_404(case, corrects))
        else:
            _keep_answers(case, corrects)
    except StaleDraftError:
        return Response(status=HTTPStatus.CONFLICT)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.get("/cases/<case_id>/interview/note")
@requires(Permission.WORK_CASE, audits=True)
def interview_note(case_id: str) -> ResponseReturnValue:
    """The note that the answers make, to be changed and signed."""
    case, corrects = _find(case_id), _corrected(case_id)
    draft = _draft_or_404(case, corrects)
    return _note_page(case, corrects, draft, _fresh_note_form(case, corrects, draft))


@bp.post("/cases/<case_id>/interview/sign")
@requires(Permission.WORK_CASE)
def sign_interview(case_id: str) -> ResponseReturnValue:
    """From draft to contact and record, or the correction of one."""
    case, corrects = _find(case_id), _corrected(case_id)
    draft = _draft_or_404(case, corrects)
    form = CorrectionForm() if corrects else NoteForm().offer(case.state)
    _keep_note(case, draft)
    signed = carry_out(form, lambda: _sign(case, corrects, draft, form))
    if signed is None:
        return _note_page(case, corrects, draft, form), 422
    flash(_("Signed. The other documents begin with these answers."), "success")
    return redirect(url_for("cases.show_interview", interview_id=signed.public_id))


@bp.post("/cases/<case_id>/interview/discard")
@requires(Permission.WORK_CASE)
def discard_interview(case_id: str) -> ResponseReturnValue:
    """Throw the draft away."""
    case = _find(case_id)
    draft = _draft_or_404(case, _corrected(case_id))
    service.discard_draft(actor=current_actor(), case=case, draft=draft)
    flash(_("The draft is gone."), "success")
    return redirect(url_for("cases.show", case_id=case_id))


@bp.get("/interview-records/<interview_id>")
@requires(Permission.WORK_CASE, audits=True)
def show_interview(interview_id: str) -> ResponseReturnValue:
    """A signed interview with its revisions and what follows from it."""
    record, locale = _record_or_404(interview_id), choose_locale()
    service.see_interview(actor=current_actor(), record=record)
    instrument = instrument_of(record.instrument_version)
    return render_template(
        "cases/interviews/show.html",
        record=record,
        case=record.case,
        parts=queries.parts_of(instrument, record.answers, locale),
        revisions=queries.revisions_of(record),
        facts=queries.referral_facts(record.case, locale),
        notice=last_notice(record.case),
        teachers=teachers_of(record.case),
        letters=letters_of(record.case),
        feared=guardian_is_feared(record.case),
    )


@bp.get("/interview-records/<interview_id>/note.pdf")
@requires(Permission.WORK_CASE, audits=True)
def print_interview(interview_id: str) -> ResponseReturnValue:
    """The signed note on paper."""
    record, locale = _record_or_404(interview_id), choose_locale()
    service.see_interview(actor=current_actor(), record=record)
    document = papers.note_document(record, locale=locale, printed_by=current_user.name)
    back = url_for("cases.show_interview", interview_id=interview_id)
    return pdf_or_back(document, locale=locale, back=back)


def _find(case_id: str) -> Case:
    return case_queries.find_case(current_actor(), case_id) or abort(404)


def _record_or_404(public_id: str) -> InterviewRecord:
    return queries.find_record(current_actor(), public_id) or abort(404)


def _corrected(case_id: str) -> InterviewRecord | None:
    """The signed interview that the page corrects, if its address names one of this case."""
    named = request.values.get("corrects")
    if not named:
        return None
    record = _record_or_404(named)
    return record if record.case.public_id == case_id else abort(404)


def _draft_or_404(case: Case, corrects: InterviewRecord | None) -> InterviewDraft:
    return queries.draft_of(current_actor(), case, corrects) or abort(404)


def _form_address(case_id: str) -> str:
    return url_for("cases.interview", case_id=case_id, corrects=request.values.get("corrects"))


def _note_address(case_id: str) -> str:
    return url_for("cases.interview_note", case_id=case_id, corrects=request.values.get("corrects"))


def _keep_answers(case: Case, corrects: InterviewRecord | None) -> InterviewDraft:
    draft = queries.draft_of(current_actor(), case, corrects)
    standing = draft or corrects
    version = standing.instrument_version if standing else current_version(CODE)
    return service.keep_draft(
        actor=current_actor(),
        case=case,
        corrects=corrects,
        writer=request.form.get("writer", ""),
        answers=read_answers(instrument_of(version), request.form.to_dict(flat=False)),
    )


def _keep_note(case: Case, draft: InterviewDraft) -> None:
    service.keep_note(
        actor=current_actor(),
        case=case,
        draft=draft,
        writer=request.form.get("writer", ""),
        note=request.form.get("note", ""),
    )


def _sign(
    case: Case, corrects: InterviewRecord | None, draft: InterviewDraft, form: Form
) -> InterviewRecord:
    actor, note = current_actor(), form.note.data
    if corrects:
        return service.sign_correction(actor=actor, record=corrects, draft=draft, note=note)
    return service.sign_interview(
        actor=actor,
        case=case,
        draft=draft,
        note=note,
        modality=form.modality.data,
        held_at=form.held_at.data.replace(tzinfo=clock.zone()),
        risk_level=form.risk_level.data,
        state=form.state.data,
        next_on=form.next_on.data,
    )


def _form_page(
    case: Case,
    corrects: InterviewRecord | None,
    instrument: Instrument,
    draft: InterviewDraft | None,
    writer: str,
) -> str:
    locale = choose_locale()
    if draft:
        answers = draft.answers
    else:
        answers = corrects.answers if corrects else queries.known_of(case, locale)
    return render_template(
        "cases/interviews/form.html",
        case=case,
        corrects=corrects,
        instrument=instrument,
        form=interview_form(instrument, answers, locale),
        headed=headed,
        draft=draft,
        writer=writer,
        locale=locale,
    )


def _fresh_note_form(case: Case, corrects: InterviewRecord | None, draft: InterviewDraft) -> Form:
    instrument = instrument_of(draft.instrument_version)
    note = draft.note or queries.note_text(instrument, draft.answers, choose_locale())
    if corrects:
        return CorrectionForm(formdata=None, note=note)
    return NoteForm(
        formdata=None,
        modality="in_person",
        held_at=clock.local(draft.started_at),
        note=note,
        risk_level=case.risk_level,
        state=case.state,
        next_on=case.next_on if case.next_on and case.next_on > clock.today() else None,
    ).offer(case.state)


def _note_page(
    case: Case, corrects: InterviewRecord | None, draft: InterviewDraft, form: Form
) -> str:
    audit.record(current_actor(), "see_interview_draft", case)
    return render_template(
        "cases/interviews/note.html",
        case=case,
        corrects=corrects,
        draft=draft,
        form=form,
        back=_form_address(case.public_id),
    )
