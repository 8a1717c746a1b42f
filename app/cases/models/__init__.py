"""Tables of the queue, cases, contacts, referrals and released summaries, one module a noun."""

from app.cases.models.cases import Case, CaseEvent, Contact
from app.cases.models.hand_overs import HandOver
from app.cases.models.queue import LevelDecision, QueueEntry, QueueEntryFlag
from app.cases.models.referrals import Referral
from app.cases.models.releases import SummaryRelease, SummaryReleaseStudent

__all__ = [
    "Case",
    "CaseEvent",
    "Contact",
    "HandOver",
    "LevelDecision",
    "QueueEntry",
    "QueueEntryFlag",
    "Referral",
    "SummaryRelease",
    "SummaryReleaseStudent",
]
