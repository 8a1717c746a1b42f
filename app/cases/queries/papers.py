"""What the case page shows of interviews, notices and letters."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.access.actor import Actor
from app.cases.models import CareNotice, Case, GuardianLetter, InterviewDraft, InterviewRecord
from app.cases.queries.interviews import draft_of, records_of
from app.cases.queries.letters import last_notice, letters_of, teachers_of
from app.people.models import User


@dataclass(frozen=True)
class Papers:
    """Everything that was written beside the story, and what waits for the actor's signature."""

    draft: InterviewDraft | None
    records: Sequence[InterviewRecord]
    letters: Sequence[GuardianLetter]
    notice: CareNotice | None
    teachers: Sequence[User]


def papers_of(actor: Actor, case: Case) -> Papers:
    """The papers of a case that the actor sees."""
    notice = last_notice(case)
    return Papers(
        draft=draft_of(actor, case),
        records=records_of(case),
        letters=letters_of(case),
        notice=notice,
        teachers=teachers_of(case) if notice else (),
    )
