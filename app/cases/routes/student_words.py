"""A word for the student, left from the entry or from the case.

GET  /queue/<id>/word    word_of_entry
POST /queue/<id>/word    leave_word_of_entry
GET  /cases/<id>/word    word_of_case
POST /cases/<id>/word    leave_word_of_case
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.forms.student_words import WordForm
from app.cases.queries.cases import find_case
from app.cases.queries.hearing import hearing_of, replies_to
from app.cases.queries.queue import find_entry
from app.cases.routes.blueprint import bp
from app.cases.routes.refusals import carry_out
from app.cases.service.student_words import leave_word
from app.cases.words.student_words import reply_text
from app.people.models import Student
from app.platform import audit, clock


@bp.get("/queue/<entry_id>/word")
@requires(Permission.WORK_QUEUE, audits=True)
def word_of_entry(entry_id: str) -> ResponseReturnValue:
    """Choose a sentence for the student who waits."""
    back = url_for("cases.entry", entry_id=entry_id)
    return _page(_student_of_entry(entry_id), _fresh(), back)


@bp.post("/queue/<entry_id>/word")
@requires(Permission.WORK_QUEUE)
def leave_word_of_entry(entry_id: str) -> ResponseReturnValue:
    """Leave it."""
    back = url_for("cases.entry", entry_id=entry_id)
    return _leave(_student_of_entry(entry_id), back)


@bp.get("/cases/<case_id>/word")
@requires(Permission.WORK_CASE, audits=True)
def word_of_case(case_id: str) -> ResponseReturnValue:
    """Choose a sentence for the student of the case."""
    return _page(_student_of_case(case_id), _fresh(), url_for("cases.show", case_id=case_id))


@bp.post("/cases/<case_id>/word")
@requires(Permission.WORK_CASE)
def leave_word_of_case(case_id: str) -> ResponseReturnValue:
    """Leave it."""
    return _leave(_student_of_case(case_id), url_for("cases.show", case_id=case_id))


def _leave(student: Student, back: str) -> ResponseReturnValue:
    form = WordForm()
    left = carry_out(
        form,
        lambda: leave_word(
            actor=current_actor(), student=student, phrase=form.phrase.data, day=form.day.data
        ),
    )
    if left is None:
        return _page(student, form, back), 422
    flash(_("The student can read it with slip and PIN."), "success")
    return redirect(back, 303)


def _page(student: Student, form: WordForm, back: str) -> str:
    audit.record(current_actor(), "see_words_for_student", student)
    return render_template(
        "cases/student_words/new.html",
        student=student,
        form=form,
        back=back,
        hearing=hearing_of(student.id),
        replies=replies_to(student.id),
        reply_text=reply_text,
    )


def _fresh() -> WordForm:
    return WordForm(formdata=None, day=clock.today())


def _student_of_entry(entry_id: str) -> Student:
    entry = find_entry(current_actor(), entry_id)
    return (entry.student if entry else None) or abort(404)


def _student_of_case(case_id: str) -> Student:
    case = find_case(current_actor(), case_id) or abort(404)
    return case.student
