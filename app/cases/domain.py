"""Words of the counselling queue and of cases, and which step may follow which."""

from datetime import date, timedelta
from enum import StrEnum

from app.triage.domain import RiskLevel


class EntryState(StrEnum):
    """A flagged student waits, is claimed by a person, and is settled by a case or a reason."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SETTLED = "settled"


class SettlingReason(StrEnum):
    """How an entry of the queue came to its end."""

    CASE_OPENED = "case_opened"
    NOTED_IN_CASE = "noted_in_case"
    TALKED_NO_NEED = "talked_no_need"
    NOBODY_TO_REACH = "nobody_to_reach"
    HELP_GIVEN = "help_given"


#: The reasons a person may give without opening a case: a student is talked to, a nameless visitor
#: may be out of reach.
REASONS_WITH_A_NAME = (SettlingReason.TALKED_NO_NEED,)
REASONS_WITHOUT_A_NAME = (SettlingReason.NOBODY_TO_REACH, SettlingReason.HELP_GIVEN)


def may_settle_without_case(risk_level: RiskLevel, *, is_anonymous: bool) -> bool:
    """Whether a note is enough; a student in the two highest levels always gets a case."""
    return is_anonymous or risk_level.urgency < RiskLevel.HIGH.urgency


class CaseState(StrEnum):
    """The life of a case."""

    OPEN = "open"
    ASSESSING = "assessing"
    SUPPORTING = "supporting"
    MONITORING = "monitoring"
    TRANSFERRED = "transferred"
    CLOSED = "closed"

    @property
    def is_over(self) -> bool:
        """Whether nobody owes the student a next date any more."""
        return not STEPS[self]


STEPS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset(
        {CaseState.ASSESSING, CaseState.SUPPORTING, CaseState.TRANSFERRED, CaseState.CLOSED}
    ),
    CaseState.ASSESSING: frozenset(
        {CaseState.SUPPORTING, CaseState.MONITORING, CaseState.TRANSFERRED, CaseState.CLOSED}
    ),
    CaseState.SUPPORTING: frozenset(
        {CaseState.ASSESSING, CaseState.MONITORING, CaseState.TRANSFERRED, CaseState.CLOSED}
    ),
    CaseState.MONITORING: frozenset(
        {CaseState.ASSESSING, CaseState.SUPPORTING, CaseState.TRANSFERRED, CaseState.CLOSED}
    ),
    CaseState.TRANSFERRED: frozenset(),
    CaseState.CLOSED: frozenset(),
}
"""Which step may follow which. Back to assessing is always possible: people change."""


ENDS = frozenset(state for state in CaseState if state.is_over)
"""A case that has come to one of these is over."""


def working_steps(state: CaseState) -> list[CaseState]:
    """The state itself and those that a contact may lead to; ending a case is a step of its own."""
    return [step for step in CaseState if step is state or step in STEPS[state] - ENDS]


class Modality(StrEnum):
    """How a contact took place."""

    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"


#: How many days a person in an open case may wait for the next date, by the level a person set.
#: The times are ours, for a clinician to sign; 72 hours is when a crisis is looked at again.
LONGEST_WAIT = {
    RiskLevel.IMMINENT: timedelta(days=3),
    RiskLevel.HIGH: timedelta(days=14),
    RiskLevel.MODERATE: timedelta(days=31),
    RiskLevel.LOW: timedelta(days=100),
    RiskLevel.NONE: timedelta(days=100),
}


def check_next_date(next_on: date, *, today: date, latest: date) -> None:
    """Raise `NextDateError` unless the date is today or later and not past `latest`."""
    if not today <= next_on <= max(latest, today):
        raise NextDateError(max(latest, today))


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


class Rendering(StrEnum):
    """For whom a profile summary is written."""

    COUNSELLOR = "counsellor"
    GUARDIAN = "guardian"
    REFERRAL = "referral"


class Happening(StrEnum):
    """What a line of a case's story tells."""

    OPENED = "opened"
    FLAGS_JOINED = "flags_joined"
    FLAGS_NOTED = "flags_noted"
    NEXT_DATE_SET = "next_date_set"
    RISK_SET = "risk_set"
    MOVED = "moved"
    CLOSED = "closed"
    REFERRED = "referred"
    REFERRAL_MOVED = "referral_moved"


class AlreadyClaimedError(Exception):
    """A colleague was quicker; `name` says who."""

    def __init__(self, name: str = "") -> None:
        super().__init__("already claimed")
        self.name = name


class EntryStateError(Exception):
    """The entry has moved on since the page was shown."""


class NotClaimedError(EntryStateError):
    """Only who has claimed an entry can settle it."""


class CaseNeededError(EntryStateError):
    """This entry cannot be settled without a case, or already belongs to one."""


class CaseError(ValueError):
    """What was asked for cannot be; `field` names the entry of the form that would mend it."""

    field = ""


class NextDateError(CaseError):
    """The next date lies in the past, or later than the student may wait (until `latest`)."""

    field = "next_on"

    def __init__(self, latest: date) -> None:
        super().__init__("next date out of range")
        self.latest = latest


class ContactTimeError(CaseError):
    """A contact that has not taken place yet."""

    field = "held_at"


class AnswerDateError(CaseError):
    """An answer cannot have been due before it was asked for."""

    field = "answer_due_on"


class StepError(CaseError):
    """A case or referral cannot go from its state to that one."""

    field = "state"


class FlagsWaitError(CaseError):
    """A case with new flags that nobody has looked at cannot be closed."""

    field = "reason"


class ReferralWaitsError(CaseError):
    """A case whose referral has no answer yet cannot be closed."""

    field = "reason"


class LegalBasisError(CaseError):
    """A minor cannot consent alone to what a hospital is told."""

    field = "legal_basis"


class ReleaseOverError(Exception):
    """All copies are printed, or the release has expired."""
