"""What cannot be done to a case, and which field of the form would mend it."""

from datetime import date


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


class LevelReasonError(CaseError):
    """Another level or a looser way than proposed needs a reason."""

    field = "reason"


class ColleagueError(CaseError):
    """Only a colleague of the same school who works with the queue can take it on."""

    field = "colleague"


class FlagsWaitError(CaseError):
    """A case with new flags that nobody has looked at cannot be closed."""

    field = "reason"


class ReferralWaitsError(CaseError):
    """A case whose referral has no answer yet cannot be closed."""

    field = "reason"


class LegalBasisError(CaseError):
    """A minor cannot consent alone to what a hospital is told."""

    field = "legal_basis"
