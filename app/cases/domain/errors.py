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


class OutcomeError(CaseError):
    """The outcome is not borne out by the file, or an acute case needs a stronger one."""

    field = "outcome"


class PromisesWaitError(CaseError):
    """A student who has come back is still owed talks."""

    field = "reason"


class ProofError(CaseError):
    """A consent without who gave it and when allows nothing."""

    field = "given_by"


class ProofDateError(CaseError):
    """Nobody agrees tomorrow."""

    field = "given_on"


class ReasonLengthError(CaseError):
    """The reason does not fit on one sheet."""

    field = "reason"


class EndingWaitsError(CaseError):
    """The case already waits for its second signature."""

    field = "note"


class OwnSignatureError(CaseError):
    """The second signature is another person's."""

    field = "note"


class SamePersonError(CaseError):
    """Who proposed the end of an acute case cannot sign it too."""


class HandOverDateError(CaseError):
    """A hand-over is not dated in the future."""

    field = "handed_on"


class ReopenError(CaseError):
    """Too long ago, or the student has another open case, or has left."""

    field = "reason"


class NewOwnerError(CaseError):
    """The new owner cannot look after a case of this school, or has it already."""

    field = "owner"


class GoalsError(CaseError):
    """A plan without a goal."""


class ReviewDateError(CaseError):
    """The plan is looked at again in the future, within a quarter of a year."""

    field = "review_on"


class InstrumentError(CaseError):
    """The instrument cannot be shown on the students' pages, or is repeated already."""

    field = "instrument"


class MeasureDateError(CaseError):
    """The first repetition is not in the past, and the last not before it."""

    field = "first_on"


class GuardianFieldError(CaseError):
    """What this answer of a guardian asks for is missing."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is missing")
        self.field = field


class NoFearError(CaseError):
    """Nobody has written down that the student fears a guardian: there is nothing to lift."""

    field = "answer"


class FearedConsentError(CaseError):
    """A guardian whom the student fears is not asked, and cannot consent."""

    field = "legal_basis"


class LeaveDateError(CaseError):
    """A leave ends after it began; a return does not lie in the future or before the leave."""

    field = "on"


class ReplyIncompleteError(CaseError):
    """A reply without what its first answer asks for."""

    field = "on"


class CoverError(CaseError):
    """The date lies outside the break, or the person cannot look after the school."""


class AssessedMissingError(ReplyIncompleteError):
    """Who was seen was assessed in some way."""

    field = "assessed"


class UnansweredError(CaseError):
    """An interview whose essential questions are not all answered; `codes` says which."""

    field = "note"

    def __init__(self, codes: list[str]) -> None:
        super().__init__("essential answers are missing")
        self.codes = codes


class NothingChosenError(CaseError):
    """A notice or letter without a phrase says nothing."""

    field = "phrases"


class GuardianFearedError(CaseError):
    """Nothing goes to a guardian of whom the student is afraid."""

    field = "asks"
