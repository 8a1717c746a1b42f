"""Review meetings (研判会) of a school.

GET  /reviews                       index
GET  /reviews/new                   new_review
POST /reviews                       record_review
GET  /reviews/<id>                  review
GET  /reviews/<id>/minutes.pdf      review_pdf
POST /review-decisions/<id>/done    finish_decision
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.meetings.agenda import agenda_of
from app.meetings.domain import MeetingRefusedError, SchoolYear
from app.meetings.forms import MeetingForm
from app.meetings.models import ReviewMeeting
from app.meetings.printing import print_review
from app.meetings.queries import meetings as queries
from app.meetings.queries.figures import figures_of
from app.meetings.routes.blueprint import asked_site, bp
from app.meetings.service import meetings as service
from app.people.models import Site
from app.people.queries import visible_sites
from app.platform import audit, clock
from app.platform.db import db
from app.platform.i18n import choose_locale
from app.platform.printed import pdf_or_back


@bp.get("/reviews")
@requires(Permission.SEE_REVIEWS)
def index() -> ResponseReturnValue:
    """The meetings of a school, and what they left to do."""
    actor, site = current_actor(), asked_site()
    return render_template(
        "meetings/reviews/index.html",
        site=site,
        sites=db.session.scalars(visible_sites(actor)).all(),
        meetings=queries.meetings_of(actor, site),
        left=queries.open_decisions(actor, site, clock.today()),
    )


@bp.get("/reviews/new")
@requires(Permission.HOLD_REVIEWS)
def new_review() -> ResponseReturnValue:
    """This year's figures and agenda, and the form for minutes and decisions."""
    site = asked_site()
    return _prepared(site, MeetingForm(formdata=None, held_on=clock.today()))


@bp.post("/reviews")
@requires(Permission.HOLD_REVIEWS)
def record_review() -> ResponseReturnValue:
    """Write a meeting down."""
    site, form = asked_site(), MeetingForm()
    meeting = _record(site, form) if form.validate_on_submit() else None
    if meeting is None:
        return _prepared(site, form), 422
    flash(_("The meeting is written down, with the figures as they stand today."), "success")
    return redirect(url_for("meetings.review", review_id=meeting.public_id))


@bp.get("/reviews/<review_id>")
@requires(Permission.SEE_REVIEWS, audits=True)
def review(review_id: str) -> ResponseReturnValue:
    """One meeting: figures, minutes, decisions."""
    meeting = _find(review_id)
    audit.record(current_actor(), "see_review_meeting", meeting)
    return render_template("meetings/reviews/show.html", meeting=meeting)


@bp.get("/reviews/<review_id>/minutes.pdf")
@requires(Permission.SEE_REVIEWS, audits=True)
def review_pdf(review_id: str) -> ResponseReturnValue:
    """The minutes on paper."""
    meeting = _find(review_id)
    audit.record(current_actor(), "print_review_meeting", meeting)
    locale = choose_locale()
    return pdf_or_back(
        lambda: print_review(meeting, locale=locale, printed_by=current_user.name),
        back=url_for("meetings.review", review_id=review_id),
        name="review-meeting.pdf",
    )


@bp.post("/review-decisions/<decision_id>/done")
@requires(Permission.HOLD_REVIEWS)
def finish_decision(decision_id: str) -> ResponseReturnValue:
    """A decision has been carried out."""
    decision = queries.find_decision(current_actor(), decision_id) or abort(404)
    service.finish_decision(actor=current_actor(), decision=decision)
    flash(_("Noted as done."), "success")
    return redirect(url_for("meetings.index", site=decision.meeting.site.code))


def _find(review_id: str) -> ReviewMeeting:
    return queries.find_meeting(current_actor(), review_id) or abort(404)


def _record(site: Site, form: MeetingForm) -> ReviewMeeting | None:
    try:
        return service.record_meeting(
            actor=current_actor(),
            site=site,
            held_on=form.held_on.data,
            present=form.present.data,
            minutes=form.minutes.data,
            decided=list(form.decided()),
        )
    except MeetingRefusedError:
        form.held_on.errors = [
            _("A meeting is written down after it was held, with at least one decision.")
        ]
        return None


def _prepared(site: Site, form: MeetingForm) -> str:
    year = SchoolYear.of(clock.today())
    figures = figures_of(site, year)
    left = queries.open_decisions(current_actor(), site, clock.today())
    return render_template(
        "meetings/reviews/new.html",
        site=site,
        form=form,
        year=year,
        figures=figures.as_json(),
        agenda=agenda_of(figures, left_open=len(left)),
        left=left,
    )
