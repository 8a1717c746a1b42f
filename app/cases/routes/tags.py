"""Special tags of a student, for the few who may see them.

GET  /students/<id>/tags[?proposed=KIND]   tags
POST /students/<id>/tags                   set_tag
POST /tags/<id>/end                        end_tag
"""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.domain.tags import TagKind
from app.cases.forms.tags import TagForm
from app.cases.queries import tags as queries
from app.cases.routes.blueprint import bp
from app.cases.routes.refusals import carry_out
from app.cases.service import tags as service
from app.cases.words.tags import proposal_words, tag_word
from app.people.models import Student
from app.platform import clock

#: What the form proposes; a school year has two terms.
HALF_A_YEAR = timedelta(days=180)


@bp.get("/students/<student_id>/tags")
@requires(Permission.SEE_TAGS, audits=True)
def tags(student_id: str) -> ResponseReturnValue:
    """The tags of one student; the look is kept in the log."""
    student, today = _find(student_id), clock.today()
    form = TagForm(formdata=None, since_on=today, review_on=today + HALF_A_YEAR)
    for proposal in queries.proposals(current_actor(), student):
        if proposal.code == request.args.get("proposed"):
            form.kind.data = TagKind(proposal.code)
            form.reason.data = proposal_words(proposal)
    return _page(student, form)


@bp.post("/students/<student_id>/tags")
@requires(Permission.SEE_TAGS)
def set_tag(student_id: str) -> ResponseReturnValue:
    """Set one more."""
    student, form = _find(student_id), TagForm()
    done = carry_out(
        form,
        lambda: service.set_tag(
            actor=current_actor(),
            student=student,
            kind=form.kind.data,
            reason=form.reason.data,
            since_on=form.since_on.data,
            review_on=form.review_on.data,
        ),
    )
    if done is None:
        return _page(student, form), 422
    flash(_("The tag is set."), "success")
    return redirect(url_for("cases.tags", student_id=student_id), 303)


@bp.post("/tags/<tag_id>/end")
@requires(Permission.SEE_TAGS)
def end_tag(tag_id: str) -> ResponseReturnValue:
    """It holds no longer."""
    tag = queries.find_tag(current_actor(), tag_id) or abort(404)
    service.end_tag(actor=current_actor(), tag=tag)
    flash(_("The tag has ended."), "success")
    return redirect(url_for("cases.tags", student_id=tag.student.public_id), 303)


def _find(student_id: str) -> Student:
    return queries.find_tagged(current_actor(), student_id) or abort(404)


def _page(student: Student, form: TagForm) -> str:
    service.see_tags(actor=current_actor(), student=student)
    return render_template(
        "cases/tags/index.html",
        student=student,
        form=form,
        tags=queries.tags_of(student),
        tag_word=tag_word,
        proposals=queries.proposals(current_actor(), student),
        proposal_words=proposal_words,
    )
