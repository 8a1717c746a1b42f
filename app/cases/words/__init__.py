"""The room's words, waiting times and refusals as people read them."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.cases.domain.cases import CaseState, ClosingReason, Modality
from app.cases.domain.conferences import MeetingDateError, TooFewError
from app.cases.domain.errors import (
    AnswerDateError,
    AssessedMissingError,
    CaseError,
    ColleagueError,
    ContactTimeError,
    FearedConsentError,
    FlagsWaitError,
    GuardianFearedError,
    LegalBasisError,
    LevelReasonError,
    NextDateError,
    NothingChosenError,
    OwnSignatureError,
    ProofDateError,
    ProofError,
    ReasonLengthError,
    ReferralWaitsError,
    ReplyIncompleteError,
    UnansweredError,
)
from app.cases.domain.queue import SettlingReason
from app.cases.domain.referrals import LegalBasis, Partner, ReferralState
from app.cases.domain.story import Happening
from app.cases.domain.student_words import ReplyDayError
from app.cases.domain.tags import TagDateError, TagSetError
from app.cases.models import CaseEvent
from app.cases.words import life
from app.observations.content import sign_text
from app.observations.words import since_word as since_word
from app.people.domain import ConsentStatus
from app.platform import clock
from app.platform.i18n import as_day, choose_locale
from app.results.words import level_word as level_word
from app.triage.domain import Lane

Word = Callable[[StrEnum], str]


_LANES: dict[Lane, str] = {Lane.FAST: _l("within minutes"), Lane.SAME_DAY: _l("same school day")}
_MODALITIES: dict[Modality, str] = {
    Modality.PHONE: _l("by phone"),
    Modality.VIDEO: _l("by video"),
    Modality.IN_PERSON: _l("in person"),
    Modality.MESSAGE: _l("by message"),
    Modality.HOME_VISIT: _l("at home"),
}


def lane_word(lane: str) -> str:
    return str(_LANES[Lane(lane)])


def channel_word(channel: StrEnum) -> str:
    """The least by which somebody is met, with the same words as how a contact took place."""
    return modality_word(channel)


def modality_word(modality: StrEnum) -> str:
    return str(_MODALITIES[Modality(modality)])


def sign_word(code: str) -> str:
    return sign_text(code, choose_locale())


def state_word(state: StrEnum) -> str:
    names: dict[CaseState, str] = {
        CaseState.OPEN: _("Open"),
        CaseState.ASSESSING: _("Assessing"),
        CaseState.SUPPORTING: _("Supporting"),
        CaseState.MONITORING: _("Monitoring"),
        CaseState.TRANSFERRED: _("Handed over"),
        CaseState.CLOSED: _("Closed"),
    }
    return names[CaseState(state)]


def settling_word(reason: StrEnum) -> str:
    names: dict[SettlingReason, str] = {
        SettlingReason.CASE_OPENED: _("A case was opened"),
        SettlingReason.NOTED_IN_CASE: _("Noted in the open case"),
        SettlingReason.TALKED_NO_NEED: _("Talked with the student; no case is needed now"),
        SettlingReason.NOBODY_TO_REACH: _("Nobody can be reached: no contact was left"),
        SettlingReason.HELP_GIVEN: _("The visitor was reached and helped"),
        SettlingReason.RETEST_PLANNED: _("The answers are asked for again"),
        SettlingReason.DRILL_OVER: _("The drill is over"),
    }
    return names[SettlingReason(reason)]


def closing_word(reason: StrEnum) -> str:
    names: dict[ClosingReason, str] = {
        ClosingReason.GOALS_REACHED: _("The goals were reached"),
        ClosingReason.NO_NEED_FOUND: _("The talk showed no need for more"),
        ClosingReason.IN_TREATMENT: _("Others look after the student now"),
        ClosingReason.MOVED_AWAY: _("The student has left the school"),
        ClosingReason.DECLINED_SUPPORT: _("The student does not wish for more support"),
        ClosingReason.DRILL_OVER: _("The drill is over"),
    }
    return names[ClosingReason(reason)]


def partner_word(partner: StrEnum) -> str:
    names: dict[Partner, str] = {
        Partner.HOSPITAL: _("Hospital (green channel)"),
        Partner.LINE_12355: _("Youth line 12355"),
        Partner.POLICE: _("Police"),
        Partner.CIVIL_AFFAIRS: _("Civil affairs"),
        Partner.LEGAL_AID: _("Legal aid"),
    }
    return names[Partner(partner)]


def basis_word(basis: StrEnum) -> str:
    names: dict[LegalBasis, str] = {
        LegalBasis.GUARDIAN_CONSENT: _("The guardian agrees"),
        LegalBasis.ADULT_CONSENT: _("The student is 18 or older and agrees"),
        LegalBasis.DANGER: _("Danger to life (Mental Health Law, article 28)"),
    }
    return names[LegalBasis(basis)]


def referral_word(state: StrEnum) -> str:
    names: dict[ReferralState, str] = {
        ReferralState.PENDING: _("Waiting for an answer"),
        ReferralState.ACCEPTED: _("Accepted"),
        ReferralState.DECLINED: _("Not accepted"),
        ReferralState.ATTENDED: _("The student went"),
        ReferralState.ANSWERED: _("Answered"),
        ReferralState.REVOKED: _("Withdrawn"),
    }
    return names[ReferralState(state)]


def consent_word(status: StrEnum) -> str:
    names: dict[ConsentStatus, str] = {
        ConsentStatus.GIVEN: _("The guardian agrees to screening"),
        ConsentStatus.REFUSED: _("The guardian does not agree to screening"),
        ConsentStatus.WITHDRAWN: _("The guardian has withdrawn consent"),
    }
    return names[ConsentStatus(status)]


def happening_word(event: CaseEvent) -> str:
    """One line of a case's story."""
    detail = event.detail
    lines: dict[Happening, Callable[[], str]] = {
        Happening.OPENED: lambda: _("Case opened: %(level)s", level=level_word(detail["level"])),
        Happening.FLAGS_JOINED: lambda: _("New flags came in (%(n)s)", n=detail["flags"]),
        Happening.REPORT_JOINED: lambda: _("An observation report came in"),
        Happening.FLAGS_NOTED: lambda: _("New flags were looked at"),
        Happening.NEXT_DATE_SET: lambda: _(
            "Next date: %(day)s", day=as_day(date.fromisoformat(detail["next_on"]))
        ),
        Happening.RISK_SET: lambda: _(
            "Level changed from “%(before)s” to “%(after)s”",
            before=level_word(detail["before"]),
            after=level_word(detail["level"]),
        ),
        Happening.MOVED: lambda: _("Case moved on: %(state)s", state=state_word(detail["state"])),
        Happening.CLOSED: lambda: _(
            "Case closed: %(reason)s", reason=closing_word(detail["reason"])
        ),
        Happening.HANDED_OVER: lambda: _("Case handed over to a colleague"),
        Happening.REFERRED: lambda: _(
            "Referred: %(partner)s", partner=partner_word(detail["partner"])
        ),
        Happening.REFERRAL_MOVED: lambda: _(
            "Referral to %(partner)s: %(state)s",
            partner=partner_word(detail["partner"]),
            state=referral_word(detail["state"]),
        ),
        Happening.CONFERRED: lambda: _(
            "Case conference held, agreed actions: %(n)s", n=detail["actions"]
        ),
        Happening.REFERRAL_SIGNED: lambda: _(
            "Referral to %(partner)s: a second person has signed",
            partner=partner_word(detail["partner"]),
        ),
        Happening.REFERRAL_CHASED: lambda: _(
            "Referral to %(partner)s: asked about the answer",
            partner=partner_word(detail["partner"]),
        ),
        Happening.REFERRAL_NO_SHOW: lambda: _(
            "Referral to %(partner)s: the student did not go",
            partner=partner_word(detail["partner"]),
        ),
        Happening.REFERRAL_REPLY: lambda: _(
            "Referral to %(partner)s: a reply came", partner=partner_word(detail["partner"])
        ),
        Happening.INTERVIEW_CORRECTED: lambda: _(
            "Interview corrected (revision %(n)s)", n=detail["revision"]
        ),
        Happening.CARE_NOTICE_SENT: lambda: _("Care notice sent to the class teacher"),
        Happening.CARE_NOTICE_WITHDRAWN: lambda: _("Care notice withdrawn"),
        Happening.GUARDIAN_LETTER_WRITTEN: lambda: _("Letter to the guardian written"),
        Happening.GUARDIAN_LETTER_RETURNED: lambda: (
            _("The guardian's receipt came back; a talk is wanted")
            if detail["wants_talk"]
            else _("The guardian's receipt came back")
        ),
        Happening.INTERVIEW_MISSED: lambda: _("The student did not come to the interview"),
    }
    return (lines | life.lines(detail))[Happening(event.what)]()


def explain(error: CaseError) -> str:
    """What was wrong, and how to mend it."""
    refusals: dict[type[CaseError], str] = {
        ContactTimeError: _("This lies in the future. Enter when the contact took place."),
        NextDateError: _(
            "Choose a day from today to %(day)s.",
            day=as_day(getattr(error, "latest", clock.today())),
        ),
        MeetingDateError: _("This day is still to come. Enter when the meeting was held."),
        TooFewError: _("A conference takes at least two people. Tick or name who was there."),
        AnswerDateError: _(
            "Choose a day from today to %(day)s.",
            day=as_day(getattr(error, "latest", clock.today())),
        ),
        ProofError: _("Enter who agreed and on which day."),
        ProofDateError: _("This day lies in the future."),
        ReasonLengthError: _("This does not fit on one page. Make it shorter."),
        OwnSignatureError: _("The second signature has to be a colleague’s."),
        ReplyIncompleteError: _("Enter the day on which the student was seen, or is to be seen."),
        AssessedMissingError: _("Choose what comes closest."),
        LevelReasonError: _("Say why, when you choose another level or way than suggested."),
        ColleagueError: _("Choose a colleague of this school who works with the queue."),
        TagDateError: _("It began today or earlier; choose a later day to look again."),
        TagSetError: _("This tag is set already. End it first to set it anew."),
        ReplyDayError: _("Choose a day within the next two weeks."),
        FlagsWaitError: _("New flags wait. Look at them and note them first."),
        ReferralWaitsError: _(
            "A referral has no answer yet. Note its outcome or withdraw it first."
        ),
        UnansweredError: _(
            "No answer yet: %(what)s. Go back; “not talked about” is an answer too.",
            what=_(", ").join(_essential_word(code) for code in getattr(error, "codes", ())),
        ),
        NothingChosenError: _("Choose at least one phrase."),
        GuardianFearedError: _(
            "The student is afraid of the guardian: nothing goes home. Report instead."
        ),
        FearedConsentError: _(
            "The student fears a guardian: do not ask them. Choose another basis, or write down "
            "first that it was looked into."
        ),
        LegalBasisError: _(
            "The student is under 18, or has no birth date here. Choose another basis."
        ),
    }
    otherwise: str = _("This step is not possible now. Reload the page to see what is.")
    return (refusals | life.refusals()).get(type(error), otherwise)


def _essential_word(code: str) -> str:
    """A question of the interview that cannot be passed over."""
    names: dict[str, str] = {
        "thoughts": _("thoughts of not wanting to live"),
        "plan": _("plan"),
        "means": _("means at hand"),
        "past": _("earlier acts"),
        "decision": _("your decision"),
    }
    return names[code]


def waited(span: timedelta) -> str:
    """A waiting time in its two largest units, as queue.js goes on writing it: 5d 20h, 2h 5m."""
    minutes = max(0, int(span.total_seconds())) // 60
    hours, days = minutes // 60, minutes // (24 * 60)
    text: str
    if days:
        # Translators: a waiting time, short: %(days)s天%(hours)s小时
        text = _("%(days)sd %(hours)sh", days=days, hours=hours % 24)
    elif hours:
        text = _("%(hours)sh %(minutes)sm", hours=hours, minutes=minutes % 60)
    else:
        text = _("%(minutes)sm", minutes=minutes)
    return text
