"""Contacts and the next date.

GET  /cases/<id>/contacts/new      new_contact
POST /cases/<id>/contacts          record_contact
GET  /cases/<id>/next-date         edit_next_date
POST /cases/<id>/next-date         set_next_date
"""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.cases.domain.cases import Counterpart
from app.cases.forms.cases import ContactForm, NextDateForm
from app.cases.queries.promises import latest_date_of
from app.cases.routes.blueprint import bp
from app.cases.routes.pages import find_case, go_on, step_page
from app.cases.routes.refusals import carry_out
from app.cases.service import cases as service
from app.cases.service import contacts
from app.platform import clock

CONTACT, NEXT_DATE = "cases/contacts/new.html", "cases/cases/next_date.html"


@bp.get("/cases/<case_id>/contacts/new")
@requires(Permission.WORK_CASE, audits=True)
def new_contact(case_id: str) -> ResponseReturnValue:
    """The page for a meeting, a call, a message or a visit."""
    case = find_case(case_id)
    form = ContactForm(
        formdata=None,
        prefix="contact",
        held_at=clock.local(clock.now()),
        risk_level=case.risk_level,
        state=case.state,
    )
    return step_page(CONTACT, case, form.offer(case.state), latest=latest_date_of(case))


@bp.post("/cases/<case_id>/contacts")
@requires(Permission.WORK_CASE)
def record_contact(case_id: str) -> ResponseReturnValue:
    """Write a meeting or call down."""
    case = find_case(case_id)
    form = ContactForm(prefix="contact").offer(case.state)
    contact = carry_out(
        form,
        lambda: contacts.record_contact(
            actor=current_actor(),
            case=case,
            modality=form.modality.data,
            held_at=form.held_at.data.replace(tzinfo=clock.zone()),
            reached=form.reached.data == "yes",
            with_whom=form.with_whom.data or Counterpart.STUDENT,
            note=form.note.data,
            is_private=form.is_private.data,
            risk_level=form.risk_level.data,
            state=form.state.data,
            next_on=form.next_on.data,
        ),
    )
    done = _("The contact is written down.")
    return go_on(case, contact, done, CONTACT, form, latest=latest_date_of(case))


@bp.get("/cases/<case_id>/next-date")
@requires(Permission.WORK_CASE, audits=True)
def edit_next_date(case_id: str) -> ResponseReturnValue:
    """The page for another date."""
    case = find_case(case_id)
    form = NextDateForm(formdata=None, prefix="date", next_on=case.next_on)
    return step_page(NEXT_DATE, case, form, latest=latest_date_of(case))


@bp.post("/cases/<case_id>/next-date")
@requires(Permission.WORK_CASE)
def set_next_date(case_id: str) -> ResponseReturnValue:
    """Promise another date."""
    case, form = find_case(case_id), NextDateForm(prefix="date")
    done = carry_out(
        form,
        lambda: service.set_next_date(actor=current_actor(), case=case, next_on=form.next_on.data),
    )
    message = _("The next date is set.")
    return go_on(case, done, message, NEXT_DATE, form, latest=latest_date_of(case))
