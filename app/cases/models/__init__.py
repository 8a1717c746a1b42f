"""Tables of the queue, cases, contacts, referrals and released summaries, one module a noun."""

from app.cases.models.cases import Case, CaseEvent, Contact
from app.cases.models.partners import PartnerPlace
from app.cases.models.queue import QueueEntry, QueueEntryFlag
from app.cases.models.referrals import Referral, ReferralReply, ReferralStep, ReplyLink
from app.cases.models.releases import SummaryRelease, SummaryReleaseStudent

__all__ = [
    "Case",
    "CaseEvent",
    "Contact",
    "PartnerPlace",
    "QueueEntry",
    "QueueEntryFlag",
    "Referral",
    "ReferralReply",
    "ReferralStep",
    "ReplyLink",
    "SummaryRelease",
    "SummaryReleaseStudent",
]
