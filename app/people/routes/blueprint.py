"""The blueprint that every page of this room hangs on."""

from flask import Blueprint
from flask.sansio.blueprints import BlueprintSetupState

from app.people import words
from app.people.queries import logins_by_ref

bp = Blueprint("people", "app.people", template_folder="templates")


@bp.record_once
def _name_people(state: BlueprintSetupState) -> None:
    """The audit page lies upstream of this room and knows references only."""
    state.app.jinja_env.globals.update(logins_by_ref=logins_by_ref)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        name: getattr(words, name)
        for name in (
            "age",
            "column_name",
            "consent_name",
            "means_name",
            "must_ask",
            "outcome_name",
            "problem_text",
            "sex_name",
        )
    }
