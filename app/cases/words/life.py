"""The words of a case's life: contacts, ends, plans, measures, guardians, leaves and breaks."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from flask import g
from flask_babel import gettext as _

from app.authoring.queries import instrument_of
from app.cases.domain.cases import Counterpart
from app.cases.domain.endings import EndingKind, Outcome, ReopeningReason, TransferBasis
from app.cases.domain.errors import (
    CaseError,
    CoverError,
    EndingWaitsError,
    GoalsError,
    GuardianFieldError,
    HandOverDateError,
    InstrumentError,
    LeaveDateError,
    MeasureDateError,
    NewOwnerError,
    NoFearError,
    OutcomeError,
    PromisesWaitError,
    ReopenError,
    ReviewDateError,
    SamePersonError,
)
from app.cases.domain.guardians import GuardianAnswer, PaperForm
from app.cases.domain.leaves import LeaveKind
from app.cases.domain.measures import Every
from app.cases.domain.plans import Doer, GoalState
from app.cases.domain.story import Happening
from app.cases.queries.measures import measurable
from app.platform.i18n import as_day, choose_locale
from app.profiles.reasons import short_title


def counterpart_word(whom: StrEnum) -> str:
    names: dict[Counterpart, str] = {
        Counterpart.STUDENT: _("the student"),
        Counterpart.GUARDIAN: _("the guardian"),
        Counterpart.CLASS_TEACHER: _("the class teacher"),
        Counterpart.HOSPITAL: _("the hospital"),
        Counterpart.OTHER: _("somebody else"),
    }
    return names[Counterpart(whom)]


def ending_word(kind: StrEnum) -> str:
    names: dict[EndingKind, str] = {
        EndingKind.CLOSING: _("Close the case"),
        EndingKind.TRANSFER: _("Hand the case over"),
    }
    return names[EndingKind(kind)]


def outcome_word(outcome: StrEnum) -> str:
    names: dict[Outcome, str] = {
        Outcome.FOLLOWED_UP: _("The student was met again and is steady"),
        Outcome.TAKEN_OVER: _("A partner looks after the student and has said so"),
        Outcome.NO_FOLLOW_UP: _("No follow-up is needed"),
    }
    return names[Outcome(outcome)]


def transfer_word(basis: StrEnum) -> str:
    names: dict[TransferBasis, str] = {
        TransferBasis.GUARDIAN_CONSENT: _("The guardian agrees"),
        TransferBasis.ADULT_CONSENT: _("The student is 18 or older and agrees"),
        TransferBasis.DANGER: _("Danger to life (Mental Health Law, article 28)"),
    }
    return names[TransferBasis(basis)]


def reopening_word(reason: StrEnum) -> str:
    names: dict[ReopeningReason, str] = {
        ReopeningReason.STUDENT_ASKED: _("The student asks for it"),
        ReopeningReason.NEW_WORRY: _("Somebody at school worries again"),
        ReopeningReason.GUARDIAN_ASKED: _("The guardian asks for it"),
        ReopeningReason.PARTNER_ASKED: _("A hospital or partner asks for it"),
    }
    return names[ReopeningReason(reason)]


def goal_state_word(state: StrEnum) -> str:
    names: dict[GoalState, str] = {
        GoalState.RUNNING: _("Running"),
        GoalState.REACHED: _("Goal reached"),
        GoalState.CHANGED: _("Goal changed"),
        GoalState.DROPPED: _("Dropped"),
    }
    return names[GoalState(state)]


def doer_word(doer: StrEnum) -> str:
    names: dict[Doer, str] = {
        Doer.STUDENT: _("The student does"),
        Doer.COUNSELLOR: _("The counsellor does"),
        Doer.TEACHER: _("The class teacher does"),
        Doer.FAMILY: _("The family does"),
    }
    return names[Doer(doer)]


def every_word(days: int) -> str:
    names: dict[Every, str] = {
        Every.WEEK: _("every week"),
        Every.TWO_WEEKS: _("every two weeks"),
        Every.FOUR_WEEKS: _("every four weeks"),
        Every.EIGHT_WEEKS: _("every eight weeks"),
        Every.TWELVE_WEEKS: _("every twelve weeks"),
    }
    return names[Every(days)]


def answer_word(answer: StrEnum) -> str:
    names: dict[GuardianAnswer, str] = {
        GuardianAnswer.INFORMED: _("Informed, has not decided yet"),
        GuardianAnswer.AGREES: _("Agrees to support"),
        GuardianAnswer.REFUSES: _("Refuses"),
        GuardianAnswer.UNREACHABLE: _("Out of reach"),
        GuardianAnswer.FEARED_SOURCE: _("The student fears them: do not call"),
        GuardianAnswer.FEAR_LIFTED: _("Looked into: the student does not fear them any more"),
    }
    return names[GuardianAnswer(answer)]


def paper_word(paper: StrEnum) -> str:
    names: dict[PaperForm, str] = {
        PaperForm.SIGNED: _("The guardian signed the form"),
        PaperForm.REFUSED_TO_SIGN: _("The guardian would not sign; a witness did"),
    }
    return names[PaperForm(paper)]


def leave_word(kind: StrEnum) -> str:
    names: dict[LeaveKind, str] = {
        LeaveKind.TREATMENT: _("for treatment"),
        LeaveKind.REST: _("to rest at home"),
        LeaveKind.FAMILY: _("for family reasons"),
        LeaveKind.OTHER: _("for another reason"),
    }
    return names[LeaveKind(kind)]


def questionnaire_word(code: str) -> str:
    """What people call a questionnaire, “PHQ-9”; its code where no version is in service."""
    if "questionnaires" not in g:  # asked once for all lines of a page
        g.questionnaires = {version.code: instrument_of(version) for version in measurable()}
    known = g.questionnaires.get(code)
    return short_title(known, choose_locale()) if known else code.upper()


def lines(detail: Mapping[str, Any]) -> dict[Happening, Callable[[], str]]:
    """What each line of the story says of these things."""

    def day(name: str) -> str:
        return as_day(date.fromisoformat(detail[name]))

    return {
        Happening.PLAN_REVISED: lambda: _("Support plan, version %(n)s", n=detail["number"]),
        Happening.MEASURE_PLANNED: lambda: _(
            "Repeated measure planned: %(code)s, %(every)s",
            code=questionnaire_word(detail["instrument"]),
            every=every_word(detail["days"]),
        ),
        Happening.MEASURE_GIVEN: lambda: _(
            "A slip was made: %(code)s", code=questionnaire_word(detail["instrument"])
        ),
        Happening.MEASURE_ENDED: lambda: _(
            "Repeated measure ended: %(code)s", code=questionnaire_word(detail["instrument"])
        ),
        Happening.GUARDIAN_STEP: lambda: _(
            "Guardian: %(answer)s", answer=answer_word(detail["answer"])
        ),
        Happening.LEAVE_BEGAN: lambda: _(
            "Leave from school %(why)s, back by %(day)s",
            why=leave_word(detail["kind"]),
            day=day("expected_on"),
        ),
        Happening.RETURNED: lambda: _("Back at school on %(day)s", day=day("on")),
        Happening.ENDING_PROPOSED: lambda: (
            _("Proposed to close the case; a second person is asked")
            if detail["kind"] == EndingKind.CLOSING
            else _("Proposed to hand the case over; a second person is asked")
        ),
        Happening.ENDING_WITHDRAWN: lambda: _("The case goes on"),
        Happening.TRANSFERRED: lambda: _(
            "Case handed over: %(basis)s", basis=transfer_word(detail["basis"])
        ),
        Happening.REOPENED: lambda: _(
            "Case opened again: %(reason)s", reason=reopening_word(detail["reason"])
        ),
        Happening.REASSIGNED: lambda: _("The case has another owner"),
        Happening.COVERED: lambda: _("Holiday cover: contact on %(day)s", day=day("contact_on")),
    }


def refusals() -> dict[type[CaseError], str]:
    """What was wrong, and how to mend it."""
    return {
        OutcomeError: _(
            "The file does not show this yet: write down the talk or the partner’s answer first. "
            "A case that was acute needs one of the two."
        ),
        PromisesWaitError: _("Talks promised after the return are still owed."),
        EndingWaitsError: _("The case waits for its second signature already."),
        SamePersonError: _("Somebody else has to sign this."),
        HandOverDateError: _("Enter the day on which the file was handed over, today or earlier."),
        ReopenError: _(
            "This case cannot be opened again: it was closed more than a year ago, or the student "
            "has another open case or has left."
        ),
        NewOwnerError: _("Choose another counsellor of this school."),
        GoalsError: _("Write at least one goal."),
        ReviewDateError: _("Choose a day within the next three months."),
        InstrumentError: _("This questionnaire is repeated already, or cannot be given alone."),
        MeasureDateError: _("Choose today or later; the last day cannot lie before the first."),
        GuardianFieldError: _("This answer of the guardian needs it."),
        NoFearError: _("Nobody has written down that the student fears a guardian."),
        LeaveDateError: _("Check the days: the leave, the return and today follow one another."),
        CoverError: _("Choose a day of the break and somebody who answers for this school."),
    }
