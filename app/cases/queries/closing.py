"""What a student wrote at the end: to the counsellor, and who should not come."""

from dataclasses import dataclass

from app.assessments.domain import CLOSING, Company, Talk
from app.assessments.models import Response
from app.assessments.queries import current_responses


@dataclass(frozen=True)
class ClosingWords:
    """The answers to the closing questions of one sitting; empty where nothing was said."""

    message: str
    not_by: str
    talk: Talk | None
    company: Company | None


def closing_words(assessment_id: int) -> ClosingWords:
    """The current closing answers of a sitting."""
    answers = current_responses(assessment_id).get(CLOSING, {})
    talk, company = _value(answers.get("talk")), _value(answers.get("company"))
    return ClosingWords(
        message=_text(answers.get("message")),
        not_by=_text(answers.get("not_by")),
        talk=None if talk is None else list(Talk)[talk],
        company=None if company is None else list(Company)[company],
    )


def _text(response: Response | None) -> str:
    return (response.text or "") if response else ""


def _value(response: Response | None) -> int | None:
    return None if response is None or response.value is None else int(response.value)
