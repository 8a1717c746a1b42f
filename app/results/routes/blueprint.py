"""The blueprint that every page of this room hangs on, and the words that they share."""

from flask import Blueprint

from app.people.words import grade_name, sex_name
from app.results import words
from app.results.local_norms import read_figures

bp = Blueprint("results", "app.results", template_folder="templates")


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "said_word": words.said_word,
        "sitting_word": words.sitting_word,
        "evidence_word": words.evidence_word,
        "likelihood_word": words.likelihood_word,
        "exactness_word": words.exactness_word,
        "state_word": words.state_word,
        "weighing_word": words.weighing_word,
        "rescoring_word": words.rescoring_word,
        "level_word": words.level_word,
        "flag_word": words.flag_word,
        "shown_number": words.shown_number,
        "difference_word": words.difference_word,
        "cell_name": words.cell_name,
        "read_figures": read_figures,
        "grade_name": grade_name,
        "sex_name": sex_name,
    }
