"""To whom a student is referred, on which basis, and what comes of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil


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
    ReferralState.ACCEPTED: frozenset(
        {ReferralState.ATTENDED, ReferralState.DECLINED, ReferralState.REVOKED}
    ),
    ReferralState.ATTENDED: frozenset({ReferralState.ANSWERED}),
    ReferralState.ANSWERED: frozenset(),
    ReferralState.DECLINED: frozenset(),
    ReferralState.REVOKED: frozenset(),
}
"""Which step may follow which; who has accepted may still have to say no."""

AWAITED = frozenset({ReferralState.PENDING, ReferralState.ACCEPTED, ReferralState.ATTENDED})
"""In these the partner still owes an answer, and the referral a date by which it is looked for."""

#: The straight way from each state to an answer, for a doctor who tells the end at once.
WAY = (
    ReferralState.PENDING,
    ReferralState.ACCEPTED,
    ReferralState.ATTENDED,
    ReferralState.ANSWERED,
)


class LegalBasis(StrEnum):
    """What allows sharing with the partner."""

    GUARDIAN_CONSENT = "guardian_consent"
    ADULT_CONSENT = "adult_consent"
    DANGER = "danger"


class ProofMeans(StrEnum):
    """Where the consent can be looked up."""

    SIGNED_PAPER = "signed_paper"
    GUARDIAN_STEP = "guardian_step"
    SPOKEN = "spoken"


class Need(StrEnum):
    """What civil affairs or legal aid is asked for."""

    LIVING_AID = "living_aid"
    CARE_AT_HOME = "care_at_home"
    GUARDIANSHIP = "guardianship"
    RIGHTS = "rights"
    OTHER = "other"


class StepKind(StrEnum):
    """What a line in a referral's own record tells."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ATTENDED = "attended"
    ANSWERED = "answered"
    REVOKED = "revoked"
    NO_SHOW = "no_show"
    CHASED = "chased"
    SIGNED = "signed"
    PRINTED = "printed"
    LINK_REVOKED = "link_revoked"
    REPLY_CAME = "reply_came"
    REPLY_READ = "reply_read"
    GOES_ON = "goes_on"
    NO_FURTHER = "no_further"


#: Mental Health Law, article 28: one person acts at once, a second looks at it within a day.
SECOND_SIGNATURE_WITHIN = timedelta(hours=24)
#: A chased reply is looked for again after at most so many days; ours, for a clinician to sign.
LONGEST_CHASE = timedelta(days=14)
#: The first term is no longer than this; ours as well.
LONGEST_TERM = timedelta(days=60)
#: After an appointment that a doctor names, the answer is looked for so soon.
AFTER_APPOINTMENT = timedelta(days=3)
#: How long the link on a slip opens.
LINK_LIFE = timedelta(days=30)
#: A reply that nobody has read for so long is listed as forgotten.
READ_WITHIN = timedelta(hours=24)
#: One sheet of A4 holds so much beside the rest; a printed line holds 42 Chinese characters.
MOST_REASON, MOST_REASON_LINES, REASON_LINE = 460, 11, 42

#: What each partner is told beside place and reason, in the order of the form.
FIELDS: dict[Partner, tuple[str, ...]] = {
    Partner.HOSPITAL: ("department", "contact", "phone", "address", "wanted_by"),
    Partner.POLICE: ("contact", "phone", "address", "called_at", "reference"),
    Partner.CIVIL_AFFAIRS: ("department", "contact", "phone", "address", "need"),
    Partner.LEGAL_AID: ("contact", "phone", "address", "need"),
    Partner.LINE_12355: ("contact", "phone", "called_at", "reference"),
}


def lines_on_paper(reason: str) -> int:
    """How many lines the reason takes on the slip, if all of it were Chinese."""
    return sum(max(1, ceil(len(line) / REASON_LINE)) for line in reason.splitlines())


@dataclass(frozen=True, repr=False)
class Details:
    """Where exactly, whom to ask for, until when: what a kind of partner needs to be told."""

    department: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    wanted_by: date | None = None
    called_at: datetime | None = None
    reference: str = ""
    need: Need | None = None


@dataclass(frozen=True, repr=False)
class Proof:
    """Who agreed, on which day, and where that can be looked up."""

    given_by: str
    given_on: date
    means: ProofMeans
