"""Cases: the list, the story of one, and what is written into it.

GET  /cases                        index
GET  /cases/<id>                   show
POST /cases/<id>/note-flags        note_flags
"""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.domain.queue import EntryLinksAsked
from app.cases.models import Case, Measure
from app.cases.queries import cases as queries
from app.cases.queries.closing import closings_of
from app.cases.queries.measures import due_measures
from app.cases.queries.owners import orphaned
from app.cases.queries.papers import papers_of
from app.cases.queries.queue import entry_of_case, hand_overs_of
from app.cases.queries.referrals import overdue_replies
from app.cases.queries.replies import cases_with_news
from app.cases.queries.signals import SignalReader
from app.cases.queries.tags import may_see_tags
from app.cases.routes.blueprint import bp
from app.cases.routes.pages import find_case
from app.cases.routes.standing import what_stands
from app.cases.service import cases as service
from app.cases.service.queue import note_in_case
from app.people.queries import latest_consent
from app.platform import audit, clock, events
from app.platform.web import page_number


@bp.get("/cases")
@requires(Permission.WORK_CASE, audits=True)
def index() -> ResponseReturnValue:
    """The cases, the one whose date is first or overdue on top."""
    chosen = queries.CaseFilter(
        whose=request.args.get("whose", "mine"),
        page=page_number(),
    )
    found = queries.page_of_cases(current_actor(), chosen)
    audit.record(current_actor(), "see_cases", shown=min(len(found), queries.PAGE))
    return render_template(
        "cases/cases/index.html",
        cases=found[: queries.PAGE],
        late=overdue_replies(current_actor()) if chosen.whose == "mine" else (),
        news=cases_with_news([case.id for case in found]),
        has_more=len(found) > queries.PAGE,
        chosen=chosen,
        orphaned=orphaned(current_actor()),
        due_measures=_due_measures(chosen),
    )


@bp.get("/cases/<case_id>")
@requires(Permission.WORK_CASE, audits=True)
def show(case_id: str) -> ResponseReturnValue:
    """One case: who, what happened, what can be done."""
    case = find_case(case_id)
    service.see_case(actor=current_actor(), case=case)
    return _page(case)


@bp.post("/cases/<case_id>/note-flags")
@requires(Permission.WORK_CASE)
def note_flags(case_id: str) -> ResponseReturnValue:
    """The new flags were looked at."""
    entry = entry_of_case(find_case(case_id)) or abort(404)
    note_in_case(actor=current_actor(), entry=entry)
    flash(_("Noted in the case."), "success")
    return redirect(url_for("cases.show", case_id=case_id))


def _due_measures(chosen: queries.CaseFilter) -> Sequence[Measure]:
    if chosen.whose != "mine":
        return []
    return due_measures(current_actor(), clock.today())


def _page(case: Case) -> str:
    reader, flags = SignalReader(), queries.flags_of_case(case)
    return render_template(
        "cases/cases/show.html",
        case=case,
        consent=latest_consent(case.student),
        story=queries.story_of(current_actor(), case),
        reasons=[(flag, reader.reasons(flag)) for flag in flags],
        closings=closings_of(flags),
        reports=queries.reports_of_case(case),
        new_entry=entry_of_case(case),
        may_see_tags=may_see_tags(current_actor(), case.student),
        hand_overs=hand_overs_of(case),
        papers=papers_of(current_actor(), case),
        entry_links=[
            (entry, events.ask(EntryLinksAsked(entry.public_id))) for entry in case.entries
        ],
        **what_stands(case),
    )
