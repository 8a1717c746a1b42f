"""What a device sends together, at the tap or days later: stored once, acted upon, scored anew."""

from collections.abc import Sequence

from app.assessments import queries
from app.assessments.domain import (
    Answer,
    AssessmentState,
    AssessmentSubmitted,
    Deed,
    Parcel,
    UnknownAnswerError,
)
from app.assessments.given import Given
from app.assessments.kinds import way_of
from app.assessments.models import Assessment
from app.assessments.service.presence import note_move
from app.assessments.service.responses import Kept, check_answer, store_responses
from app.assessments.service.sittings import request_talk, submit
from app.campaigns.service import want_help
from app.platform import events

OPEN = {AssessmentState.STARTED, AssessmentState.EXPIRED}
SCORED = {AssessmentState.SUBMITTED, AssessmentState.EXPIRED}


def take_parcel(*, assessment: Assessment, parcel: Parcel) -> list[Given | Kept]:
    """Store the answers, then do what was asked for; the rows in the order of the answers.

    It never matters how late this is. Answers to a sitting that was scored already are scored in;
    those that come after it was handed in alert like any other, but what was handed in stands
    (`queries.current_responses`).
    """
    rows = store_responses(assessment=assessment, answers=parcel.answers)
    deeds = set(parcel.deeds.values())
    if Deed.TALK in deeds:
        request_talk(assessment=assessment)
    if Deed.HELP in deeds and assessment.invitation and assessment.state is AssessmentState.STARTED:
        want_help(assessment.invitation)
    if Deed.FINISH in deeds and assessment.state in OPEN:
        submit(assessment=assessment)
    elif came_late(assessment, rows):
        events.publish(AssessmentSubmitted(assessment.id))
    # Last, because a wish reads the sitting anew.
    if _moves_on(assessment, parcel):
        note_move(assessment=assessment)
    return rows


def _moves_on(assessment: Assessment, parcel: Parcel) -> bool:
    """Whether a choice was made, or left out.

    A wish to talk is no move, nor are words, written or left out: who watches the class could tell
    the one from the other.
    """
    plan = queries.plan_for(assessment)
    asked = (plan.item(answer.instrument_code, answer.item_code) for answer in parcel.answers)
    return any(item is not None and not way_of(item).is_words for item in asked)


def fitting(assessment: Assessment, parcel: Parcel) -> Parcel:
    """The parcel without answers that this sitting never asked for."""
    plan = queries.plan_for(assessment)

    def fits(answer: Answer) -> bool:
        try:
            check_answer(plan, answer)
        except UnknownAnswerError:
            return False
        return True

    return Parcel(tuple(filter(fits, parcel.answers)), parcel.deeds)


def came_late(assessment: Assessment, rows: Sequence[Given | Kept]) -> bool:
    """Whether the sitting has to be scored again: it was, before some of these answers came."""
    over = assessment.finished_at if assessment.state in SCORED else None
    if over is None or assessment.neutral:
        return False
    return any(row.received_at > over for row in rows)
