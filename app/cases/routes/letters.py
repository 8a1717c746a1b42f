"""What leaves the desk: care notices to the class teacher, letters to the guardian.

GET  /cases/<id>/care-notice             care_notice
POST /cases/<id>/care-notice             send_care_notice
POST /cases/<id>/care-notice/withdraw    withdraw_care_notice
GET  /cases/<id>/care-notice.pdf         print_care_notice
GET  /care-notices                       care_notices
GET  /care-notices/<id>                  read_care_notice
GET  /cases/<id>/guardian-letter         guardian_letter
POST /cases/<id>/guardian-letter         write_guardian_letter
GET  /guardian-letters/<id>              show_guardian_letter
GET  /guardian-letters/<id>/letter.pdf   print_guardian_letter
POST /guardian-letters/<id>/receipt      note_letter_receipt
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases import papers
from app.cases.domain.errors import GuardianFearedError
from app.cases.domain.letters import USUAL_PHRASES, CarePhrase, asks_of, topics_of
from app.cases.forms.letters import CareNoticeForm, LetterForm, ReceiptForm
from app.cases.models import Case, GuardianLetter
from app.cases.queries import cases as case_queries
from app.cases.queries import interviews
from app.cases.queries import letters as queries
from app.cases.queries.guardians import guardian_is_feared
from app.cases.routes.blueprint import bp
from app.cases.routes.printed import pdf_or_back
from app.cases.routes.refusals import carry_out
from app.cases.service import cases as case_service
from app.cases.service import letters as service
from app.cases.words import letters as phrases
from app.platform import audit, clock
from app.platform.i18n import choose_locale


@bp.app_template_filter("care_phrase")
def _care_phrase(phrase: str) -> str:
    return phrases.care_phrase(CarePhrase(phrase))


@bp.errorhandler(GuardianFearedError)
def _nothing_goes_home(_error: GuardianFearedError) -> ResponseReturnValue:
    """The letter was open while somebody noted the fear: it is not shown any more."""
    letter = _letter_or_404((request.view_args or {})["letter_id"])
    return redirect(url_for("cases.guardian_letter", case_id=letter.case.public_id))


@bp.get("/cases/<case_id>/care-notice")
@requires(Permission.WORK_CASE, audits=True)
def care_notice(case_id: str) -> ResponseReturnValue:
    """Choose phrases for the class teacher; who has read the last ones."""
    case = _find(case_id)
    standing = queries.live_notice(case)
    chosen = standing.phrases if standing else USUAL_PHRASES
    return _notice_page(case, CareNoticeForm(formdata=None, phrases=chosen))


@bp.post("/cases/<case_id>/care-notice")
@requires(Permission.WORK_CASE)
def send_care_notice(case_id: str) -> ResponseReturnValue:
    """Send it; an earlier one ends."""
    case, form = _find(case_id), CareNoticeForm()
    sent = carry_out(
        form,
        lambda: service.send_care_notice(
            actor=current_actor(), case=case, phrases=form.phrases.data
        ),
    )
    if sent is None:
        return _notice_page(case, form), 422
    flash(_("The care notice is sent. It ends by itself after 14 days."), "success")
    return redirect(url_for("cases.care_notice", case_id=case_id))


@bp.post("/cases/<case_id>/care-notice/withdraw")
@requires(Permission.WORK_CASE)
def withdraw_care_notice(case_id: str) -> ResponseReturnValue:
    """Take it back."""
    service.withdraw_care_notice(actor=current_actor(), case=_find(case_id))
    flash(_("The care notice is withdrawn."), "success")
    return redirect(url_for("cases.care_notice", case_id=case_id))


@bp.get("/cases/<case_id>/care-notice.pdf")
@requires(Permission.WORK_CASE, audits=True)
def print_care_notice(case_id: str) -> ResponseReturnValue:
    """The standing notice on paper."""
    notice, locale = queries.live_notice(_find(case_id)) or abort(404), choose_locale()
    service.print_care_notice(actor=current_actor(), notice=notice)
    document = papers.notice_document(notice, locale=locale, printed_by=current_user.name)
    back = url_for("cases.care_notice", case_id=case_id)
    return pdf_or_back(document, locale=locale, back=back)


@bp.get("/care-notices")
@requires(Permission.READ_CARE_NOTICES, audits=True)
def care_notices() -> ResponseReturnValue:
    """What the class teacher is asked to look after now."""
    found = queries.notices_for(current_actor())
    audit.record(current_actor(), "see_care_notices", shown=len(found))
    return render_template("cases/letters/notices.html", notices=found)


@bp.get("/care-notices/<notice_id>")
@requires(Permission.READ_CARE_NOTICES, audits=True)
def read_care_notice(notice_id: str) -> ResponseReturnValue:
    """One notice; opening it is the receipt."""
    notice = queries.find_notice(current_actor(), notice_id) or abort(404)
    service.read_care_notice(actor=current_actor(), notice=notice)
    return render_template("cases/letters/notice.html", notice=notice)


@bp.get("/cases/<case_id>/guardian-letter")
@requires(Permission.WORK_CASE, audits=True)
def guardian_letter(case_id: str) -> ResponseReturnValue:
    """Choose phrases for the family, begun with what the interview touched."""
    case = _find(case_id)
    record = interviews.latest_record(case)
    answers = record.answers if record else {}
    form = LetterForm(formdata=None, topics=topics_of(answers), asks=asks_of(answers))
    return _letter_page(case, form)


@bp.post("/cases/<case_id>/guardian-letter")
@requires(Permission.WORK_CASE)
def write_guardian_letter(case_id: str) -> ResponseReturnValue:
    """Write it, unless the guardian is whom the student fears."""
    case, form = _find(case_id), LetterForm()
    meet_at = form.meet_at.data
    letter = carry_out(
        form,
        lambda: service.write_letter(
            actor=current_actor(),
            case=case,
            topics=form.topics.data,
            asks=form.asks.data,
            meet_at=meet_at and meet_at.replace(tzinfo=clock.zone()),
        ),
    )
    if letter is None:
        return _letter_page(case, form), 422
    return redirect(url_for("cases.show_guardian_letter", letter_id=letter.public_id))


@bp.get("/guardian-letters/<letter_id>")
@requires(Permission.WORK_CASE, audits=True)
def show_guardian_letter(letter_id: str) -> ResponseReturnValue:
    """The letter as the family will read it, and its receipt."""
    letter = _letter_or_404(letter_id)
    service.take_letter(actor=current_actor(), letter=letter, action="see_guardian_letter")
    return _receipt_page(letter, ReceiptForm(formdata=None, received_on=clock.today()))


@bp.get("/guardian-letters/<letter_id>/letter.pdf")
@requires(Permission.WORK_CASE, audits=True)
def print_guardian_letter(letter_id: str) -> ResponseReturnValue:
    """The letter with its receipt on one sheet."""
    letter, locale = _letter_or_404(letter_id), choose_locale()
    service.take_letter(actor=current_actor(), letter=letter, action="print_guardian_letter")
    document = papers.letter_document(letter, locale=locale, printed_by=current_user.name)
    back = url_for("cases.show_guardian_letter", letter_id=letter_id)
    return pdf_or_back(document, locale=locale, back=back)


@bp.post("/guardian-letters/<letter_id>/receipt")
@requires(Permission.WORK_CASE)
def note_letter_receipt(letter_id: str) -> ResponseReturnValue:
    """The lower part came back."""
    letter, form = _letter_or_404(letter_id), ReceiptForm()
    if not form.validate_on_submit():
        service.take_letter(actor=current_actor(), letter=letter, action="see_guardian_letter")
        return _receipt_page(letter, form), 422
    service.note_receipt(
        actor=current_actor(),
        letter=letter,
        received_on=form.received_on.data,
        wants_talk=form.wants_talk.data,
    )
    flash(_("The receipt is noted."), "success")
    return redirect(url_for("cases.show", case_id=letter.case.public_id))


def _find(case_id: str) -> Case:
    return case_queries.find_case(current_actor(), case_id) or abort(404)


def _letter_or_404(public_id: str) -> GuardianLetter:
    return queries.find_letter(current_actor(), public_id) or abort(404)


def _notice_page(case: Case, form: CareNoticeForm) -> str:
    case_service.see_case(actor=current_actor(), case=case)
    return render_template(
        "cases/letters/care_notice.html",
        case=case,
        form=form,
        notice=queries.live_notice(case),
        teachers=queries.teachers_of(case),
    )


def _letter_page(case: Case, form: LetterForm) -> str:
    case_service.see_case(actor=current_actor(), case=case)
    return render_template(
        "cases/letters/guardian.html",
        case=case,
        form=form,
        feared=guardian_is_feared(case),
        letters=queries.letters_of(case),
    )


def _receipt_page(letter: GuardianLetter, form: ReceiptForm) -> str:
    words = papers.letter_words(letter, choose_locale())
    return render_template(
        "cases/letters/letter.html", letter=letter, case=letter.case, form=form, letter_words=words
    )
