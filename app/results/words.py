"""Words about whose answers a sitting's are, and about what speaks for swapped slips."""

from flask_babel import gettext as _

from app.assessments.domain import AssessmentState, AttributionKind
from app.people.domain import Sex
from app.people.words import grade_name, sex_name
from app.profiles import LocalGroup
from app.psychometrics.estimate import Estimate
from app.psychometrics.swaps import Evidence
from app.results.domain import Difference

VERY_LIKELY = 0.9
LIKELY = 0.5
#: Usual bounds for comparing groups, and for reading one score beside other knowledge.
EXACT_FOR_ONE, EXACT_FOR_GROUPS = 0.8, 0.7


def said_word(kind: AttributionKind) -> str:
    """What was said."""
    words: dict[AttributionKind, str] = {
        AttributionKind.DISOWNED: _("Whoever was answering said: this is not mine"),
        AttributionKind.DETACHED: _("Not answered by the student on the slip; counts for nobody"),
        AttributionKind.GIVEN: _("Answered by another student; counts for them"),
        AttributionKind.RETURNED: _("Answered by the student on the slip after all"),
    }
    return words[kind]


def sitting_word(state: AssessmentState) -> str:
    """How a sitting stands; declining looks like finishing."""
    words: dict[AssessmentState, str] = {
        AssessmentState.STARTED: _("under way"),
        AssessmentState.EXPIRED: _("time over"),
        AssessmentState.DISPUTED: _("stopped: “this is not mine”"),
    }
    return words.get(state) or str(_("finished"))


def evidence_word(reason: Evidence) -> str:
    """What speaks for a swap, in words that tell no answer."""
    words: dict[Evidence, str] = {
        Evidence.ANSWERS: _("The answers fit what the other student answered before much better."),
        Evidence.FACTS: _("Facts such as sex or month of birth fit the other student."),
        Evidence.NEIGHBOURS: _("They stand next to each other in the class list."),
        Evidence.IN_A_ROW: _("They began one after the other."),
        Evidence.SAME_BIRTHDAY: _("Same birthday: the check lets both slips through."),
    }
    return words[reason]


def likelihood_word(probability: float) -> str:
    """How likely, without a figure that looks more exact than it is."""
    if probability >= VERY_LIKELY:
        return str(_("very likely"))
    return str(_("likely") if probability >= LIKELY else _("possible"))


def difference_word(found: Difference | None) -> str:
    """Whether an item is answered differently by girls and boys with the same score."""
    words: dict[Difference | None, str] = {
        Difference.NONE: _("alike"),
        Difference.SOME: _("somewhat differently"),
        Difference.LARGE: _("differently"),
        None: "–",
    }
    return words[found]


def exactness_word(alpha: Estimate) -> str:
    """How far the score of one student can be read, by the lower bound."""
    low = alpha.value if alpha.low is None else alpha.low
    if low >= EXACT_FOR_ONE:
        return str(_("Exact enough to read one student’s score, together with a conversation."))
    if low >= EXACT_FOR_GROUPS:
        return str(_("Exact enough to compare groups; one student’s score is a hint only."))
    return str(_("Too inexact to read a single student’s score."))


def cell_name(cell: LocalGroup) -> str:
    """Whom a cell of local norms holds."""
    parts = [grade_name(cell.grade)] if cell.grade is not None else []
    parts += [sex_name(Sex(cell.sex))] if cell.sex else []
    return " · ".join(parts) or str(_("all students"))
