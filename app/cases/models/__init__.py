"""Tables of the queue, of cases and of everything around them, one module a noun."""

from app.cases.models.cases import Case, CaseEvent, Contact
from app.cases.models.conferences import Conference, ConferenceAction, ConferenceMember
from app.cases.models.endings import CaseEnding
from app.cases.models.guardians import GuardianStep
from app.cases.models.hand_overs import HandOver
from app.cases.models.holidays import HolidayCover
from app.cases.models.interviews import InterviewDraft, InterviewRecord
from app.cases.models.leaves import Leave, ReturnContact
from app.cases.models.letters import GuardianLetter
from app.cases.models.measures import Measure, MeasureSlip
from app.cases.models.notices import CareNotice, CareNoticeReading
from app.cases.models.partners import PartnerPlace
from app.cases.models.plans import PlanRevision
from app.cases.models.queue import (
    LevelDecision,
    QueueEntry,
    QueueEntryFlag,
    QueueEntryReport,
)
from app.cases.models.referrals import (
    Referral,
    ReferralReply,
    ReferralStep,
    ReplyLink,
)
from app.cases.models.releases import PrintRun, SummaryRelease, SummaryReleaseStudent
from app.cases.models.student_words import StudentReply
from app.cases.models.tags import StudentTag

__all__ = [
    "CareNotice",
    "CareNoticeReading",
    "Case",
    "CaseEnding",
    "CaseEvent",
    "Conference",
    "ConferenceAction",
    "ConferenceMember",
    "Contact",
    "GuardianLetter",
    "GuardianStep",
    "HandOver",
    "HolidayCover",
    "InterviewDraft",
    "InterviewRecord",
    "Leave",
    "LevelDecision",
    "Measure",
    "MeasureSlip",
    "PartnerPlace",
    "PlanRevision",
    "PrintRun",
    "QueueEntry",
    "QueueEntryFlag",
    "QueueEntryReport",
    "Referral",
    "ReferralReply",
    "ReferralStep",
    "ReplyLink",
    "ReturnContact",
    "StudentReply",
    "StudentTag",
    "SummaryRelease",
    "SummaryReleaseStudent",
]
