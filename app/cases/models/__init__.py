"""Tables of the queue, cases, contacts, referrals and released summaries, one module a noun."""

from app.cases.models.cases import Case, CaseEvent, Contact
from app.cases.models.interviews import InterviewDraft, InterviewRecord
from app.cases.models.letters import GuardianLetter
from app.cases.models.notices import CareNotice, CareNoticeReading
from app.cases.models.queue import QueueEntry, QueueEntryFlag
from app.cases.models.referrals import Referral
from app.cases.models.releases import SummaryRelease, SummaryReleaseStudent

__all__ = [
    "CareNotice",
    "CareNoticeReading",
    "Case",
    "CaseEvent",
    "Contact",
    "GuardianLetter",
    "InterviewDraft",
    "InterviewRecord",
    "QueueEntry",
    "QueueEntryFlag",
    "Referral",
    "SummaryRelease",
    "SummaryReleaseStudent",
]
