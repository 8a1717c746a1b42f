"""Words of the counselling queue and of cases, and which step may follow which."""

from enum import StrEnum


class EntryState(StrEnum):
    """A flagged student waits, is claimed by a person, and is settled by a case or a reason."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SETTLED = "settled"


class CaseState(StrEnum):
    """The life of a case."""

    OPEN = "open"
    ASSESSING = "assessing"
    SUPPORTING = "supporting"
    MONITORING = "monitoring"
    TRANSFERRED = "transferred"
    CLOSED = "closed"


class Modality(StrEnum):
    """How a contact took place."""

    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"


class ClosingReason(StrEnum):
    """Why a case ends."""

    GOALS_REACHED = "goals_reached"
    NO_NEED_FOUND = "no_need_found"
    IN_TREATMENT = "in_treatment"
    MOVED_AWAY = "moved_away"
    DECLINED_SUPPORT = "declined_support"


class Partner(StrEnum):
    """To whom a student is referred."""

    HOSPITAL = "hospital"
    LINE_12355 = "line_12355"
    POLICE = "police"
    CIVIL_AFFAIRS = "civil_affairs"
    LEGAL_AID = "legal_aid"


class ReferralState(StrEnum):
    """PENDING → ACCEPTED / DECLINED → ATTENDED → ANSWERED, or REVOKED."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ATTENDED = "attended"
    ANSWERED = "answered"
    REVOKED = "revoked"


class LegalBasis(StrEnum):
    """What allows sharing with the partner."""

    GUARDIAN_CONSENT = "guardian_consent"
    ADULT_CONSENT = "adult_consent"
    DANGER = "danger"


class Rendering(StrEnum):
    """For whom a profile summary is written."""

    COUNSELLOR = "counsellor"
    GUARDIAN = "guardian"
    REFERRAL = "referral"
