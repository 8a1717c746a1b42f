"""To whom a student is referred, on which basis, and what comes of it."""

from enum import StrEnum


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


REFERRAL_STEPS: dict[ReferralState, frozenset[ReferralState]] = {
    ReferralState.PENDING: frozenset(
        {ReferralState.ACCEPTED, ReferralState.DECLINED, ReferralState.REVOKED}
    ),
    ReferralState.ACCEPTED: frozenset({ReferralState.ATTENDED, ReferralState.REVOKED}),
    ReferralState.ATTENDED: frozenset({ReferralState.ANSWERED}),
    ReferralState.ANSWERED: frozenset(),
    ReferralState.DECLINED: frozenset(),
    ReferralState.REVOKED: frozenset(),
}


class LegalBasis(StrEnum):
    """What allows sharing with the partner."""

    GUARDIAN_CONSENT = "guardian_consent"
    ADULT_CONSENT = "adult_consent"
    DANGER = "danger"
