"""What people wrote: as answers, to the counsellor, who should not come, how to reach them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.assessments.domain import CLOSING
from app.assessments.given import Given
from app.assessments.models import Assessment
from app.assessments.queries import current_responses
from app.instruments.model import Instrument, Text
from app.platform.db import db
from app.results.models import Flag
from app.results.queries import pinned_in


@dataclass(frozen=True, repr=False)
class ClosingWords:
    """The words of one sitting, empty where nothing was said; `written` with the questions."""

    written: tuple[tuple[Text, str], ...]
    message: str
    not_by: str
    contact: str


def closings_of(flags: Iterable[Flag]) -> list[ClosingWords]:
    """The words at the end of every sitting that raised one of the flags, the newest first."""
    sittings = {flag.assessment_id for flag in flags}
    return [_closing_of(sitting) for sitting in sorted(sittings, reverse=True)]


def written_in(
    instruments: Iterable[Instrument], answers: Mapping[tuple[str, str], Given]
) -> tuple[tuple[Text, str], ...]:
    """The free questions of the instruments that were answered in words, with the words."""
    return tuple(
        (item.text, words)
        for instrument in instruments
        for item in instrument.items
        if item.kind == "text" and item.text is not None
        if (words := _text(answers.get((instrument.code, item.code))))
    )


def _closing_of(assessment_id: int) -> ClosingWords:
    stored = current_responses(assessment_id)
    sitting = db.session.get_one(Assessment, assessment_id)
    asked = [one.compiled.instrument for one in pinned_in(sitting.campaign_id).values()]
    given = {(code, item): row for code, items in stored.items() for item, row in items.items()}
    answers = stored.get(CLOSING, {})
    return ClosingWords(
        written=written_in(asked, given),
        message=_text(answers.get("message")),
        not_by=_text(answers.get("not_by")),
        contact=_text(answers.get("contact")),
    )


def _text(response: Given | None) -> str:
    return (response.text or "") if response else ""
