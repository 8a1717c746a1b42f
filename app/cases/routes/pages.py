"""What the pages of one case share: finding it, drawing a step's own page, and going back."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor
from app.cases.models import Case
from app.cases.queries import cases as queries
from app.platform import audit
from app.platform.forms import Form


def find_case(case_id: str) -> Case:
    """The case of that id; 404 where it is not there or not the actor's."""
    return queries.find_case(current_actor(), case_id) or abort(404)


def step_page(template: str, case: Case, form: Form, **more: object) -> str:
    """The page of one step: the form, and whom it is about; showing the case is kept in the log."""
    audit.record(current_actor(), "see_case", case)
    return render_template(template, case=case, form=form, **more)


def go_on(
    case: Case, outcome: object, message: str, template: str, form: Form, **more: object
) -> ResponseReturnValue:
    """Back to the case, or the step's page again with the form that could not be carried out."""
    if outcome is None:
        return step_page(template, find_case(case.public_id), form, **more), 422
    flash(message, "success")
    return redirect(url_for("cases.show", case_id=case.public_id))
