"""Tables of the queue, cases, contacts, referrals, releases, replies, tags; one module a noun."""

from app.cases.models.cases import Case, CaseEvent, Contact
from app.cases.models.queue import QueueEntry, QueueEntryFlag, QueueEntryReport
from app.cases.models.referrals import Referral
from app.cases.models.releases import SummaryRelease, SummaryReleaseStudent
from app.cases.models.student_words import StudentReply
from app.cases.models.tags import StudentTag

__all__ = [
    "Case",
    "CaseEvent",
    "Contact",
    "QueueEntry",
    "QueueEntryFlag",
    "QueueEntryReport",
    "Referral",
    "StudentReply",
    "StudentTag",
    "SummaryRelease",
    "SummaryReleaseStudent",
]
