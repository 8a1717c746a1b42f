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
    """An answer is due between today and a longest term (until `latest`)."""

    field = "answer_due_on"

    def __init__(self, latest: date) -> None:
        super().__init__("answer date out of range")
        self.latest = latest


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


class ProofError(CaseError):
    """A consent without who gave it and when allows nothing."""

    field = "given_by"


class ProofDateError(CaseError):
    """Nobody agrees tomorrow."""

    field = "given_on"


class ReasonLengthError(CaseError):
    """The reason does not fit on one sheet."""

    field = "reason"


class OwnSignatureError(CaseError):
    """The second signature is another person's."""

    field = "note"


class ReplyIncompleteError(CaseError):
    """A reply without what its first answer asks for."""

    field = "on"


class AssessedMissingError(ReplyIncompleteError):
    """Who was seen was assessed in some way."""

    field = "assessed"
