"""Words about whose answers a sitting's are, and about what speaks for swapped slips."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.assessments.domain import AssessmentState, AttributionKind
from app.people.domain import Sex
from app.people.words import grade_name, sex_name
from app.profiles import LocalGroup
from app.psychometrics.estimate import Estimate
from app.psychometrics.swaps import Evidence
from app.results.domain import Difference, RescoringState, WeighingState
from app.scoring.change import NO_BAND, NO_SCORE, NOT_THERE, RAISED, SILENT
from app.triage.domain import RiskLevel

VERY_LIKELY = 0.9
LIKELY = 0.5
#: Usual bounds for comparing groups, and for reading one score beside other knowledge.
EXACT_FOR_ONE, EXACT_FOR_GROUPS = 0.8, 0.7


#: Looked up for every row of a long queue: only the word that is shown is translated.
_LEVELS: dict[RiskLevel, str] = {
    RiskLevel.NONE: _l("No follow-up suggested"),
    RiskLevel.LOW: _l("Keep an eye on"),
    RiskLevel.MODERATE: _l("Needs attention"),
    RiskLevel.HIGH: _l("Needs close attention"),
    RiskLevel.IMMINENT: _l("Act now"),
}


def level_word(level: StrEnum) -> str:
    """How urgent something is."""
    return str(_LEVELS[RiskLevel(level)])


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
        Evidence.ANSWERS: _("The answers fit what the other student answered before better."),
        Evidence.PACE: _("The pace of answering fits the other student better."),
        Evidence.FACTS: _("Facts such as sex or month of birth fit the other student."),
        Evidence.NEIGHBOURS: _("They stand next to each other in the class list."),
        Evidence.BESIDE: _("They sat at neighbouring machines."),
        Evidence.SEAT_ORDER: _("The class sat by its list, and each of them in the other’s place."),
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


def state_word(state: str, bands: Mapping[str, str]) -> str:
    """A state of a scale or a flag; `bands` are the names of the scale's bands."""
    words: dict[str, str] = {
        NO_SCORE: _("no score"),
        NO_BAND: _("a score, in no band"),
        NOT_THERE: _("not in this version"),
        SILENT: _("not raised"),
        RAISED: _("raised"),
        "same_day": _("raised, seen the same day"),
        "fast": _("raised, somebody is called at once"),
    }
    return bands.get(state) or words.get(state, state)


def weighing_word(state: WeighingState) -> str:
    """How far the work has come."""
    words: dict[WeighingState, str] = {
        WeighingState.WAITING: _("being worked out"),
        WeighingState.READY: _("worked out"),
        WeighingState.CANCELLED: _("stopped"),
    }
    return words[state]


def rescoring_word(state: RescoringState) -> str:
    """Where a re-scoring stands."""
    words: dict[RescoringState, str] = {
        RescoringState.PROPOSED: _("proposed, waits for a second person"),
        RescoringState.REFUSED: _("refused, nothing changed"),
        RescoringState.APPROVED: _("approved, under way"),
        RescoringState.DONE: _("done"),
        RescoringState.FAILED: _("failed, waits for a person"),
        RescoringState.WITHDRAWN: _("withdrawn"),
    }
    return words[state]


def shown_number(count: int | None) -> str:
    """How many people, or that it is not shown."""
    return str(_("not shown")) if count is None else format_decimal(count)


def flag_word(code: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """A flag by its code; `names` holds those of the instrument's own flags and of its scales."""
    kind, _sign, about = code.partition("_")
    if code in names["flags"]:
        return names["flags"][code]
    if kind == "cutoff":
        scale = names["scales"].get(about, about)
        return str(_("%(scale)s: reaches its cut-off", scale=scale))
    if kind == "critical":
        return str(_("Item %(item)s: an answer that calls a person", item=about))
    return str(_("Item %(item)s: an answer worth noticing", item=about))
