"""What people wrote at the end: to the counsellor, who should not come, how to reach them."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.assessments.domain import CLOSING
from app.assessments.models import Response
from app.assessments.queries import current_responses
from app.results.models import Flag


@dataclass(frozen=True, repr=False)
class ClosingWords:
    """The words at the end of one sitting; empty where nothing was said."""

    message: str
    not_by: str
    contact: str


def closings_of(flags: Iterable[Flag]) -> list[ClosingWords]:
    """The words at the end of every sitting that raised one of the flags, the newest first."""
    sittings = {flag.assessment_id for flag in flags}
    return [_closing_of(sitting) for sitting in sorted(sittings, reverse=True)]


def _closing_of(assessment_id: int) -> ClosingWords:
    answers = current_responses(assessment_id).get(CLOSING, {})
    return ClosingWords(
        message=_text(answers.get("message")),
        not_by=_text(answers.get("not_by")),
        contact=_text(answers.get("contact")),
    )


def _text(response: Response | None) -> str:
    return (response.text or "") if response else ""
