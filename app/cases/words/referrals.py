"""The words of referrals, replies and of what falls silent."""

from enum import StrEnum

from flask_babel import gettext as _

from app.cases.domain.referrals import Need, Partner, ProofMeans, StepKind
from app.cases.domain.replies import Advice, Assessed, Seen
from app.cases.domain.stale import StaleKind, StaleRow


def need_word(need: StrEnum) -> str:
    names: dict[Need, str] = {
        Need.LIVING_AID: _("Help with the cost of living"),
        Need.CARE_AT_HOME: _("Care for a child whose parents are away"),
        Need.GUARDIANSHIP: _("A guardian does not do their part"),
        Need.RIGHTS: _("Protection of the student’s rights"),
        Need.OTHER: _("Something else, see the reason"),
    }
    return names[Need(need)]


def means_word(means: StrEnum) -> str:
    names: dict[ProofMeans, str] = {
        ProofMeans.SIGNED_PAPER: _("on a signed paper that the school keeps"),
        ProofMeans.GUARDIAN_STEP: _("in the talk with the guardian, noted in the case"),
        ProofMeans.SPOKEN: _("spoken, noted in the case"),
    }
    return names[ProofMeans(means)]


def step_word(kind: StrEnum) -> str:
    names: dict[StepKind, str] = {
        StepKind.MADE: _("Referral written"),
        StepKind.ACCEPTED: _("The partner has accepted"),
        StepKind.DECLINED: _("The partner has not accepted"),
        StepKind.ATTENDED: _("The student went"),
        StepKind.ANSWERED: _("The partner has answered"),
        StepKind.REVOKED: _("The referral was withdrawn"),
        StepKind.NO_SHOW: _("The student did not go"),
        StepKind.CHASED: _("The partner was asked about the answer"),
        StepKind.SIGNED: _("Signed by a second person"),
        StepKind.PRINTED: _("Slip printed"),
        StepKind.LINK_REVOKED: _("The link on the slip was withdrawn"),
        StepKind.REPLY_CAME: _("A reply came by the link on the slip"),
        StepKind.REPLY_READ: _("The reply was read"),
        StepKind.GOES_ON: _("Another partner was asked"),
        StepKind.NO_FURTHER: _("No other partner is asked, with a reason"),
    }
    return names[StepKind(kind)]


def place_label(partner: Partner) -> str:
    """What the field for the name of the place is called."""
    names: dict[Partner, str] = {
        Partner.HOSPITAL: _("Hospital"),
        Partner.POLICE: _("Police station"),
        Partner.CIVIL_AFFAIRS: _("Civil affairs office"),
        Partner.LEGAL_AID: _("Legal aid centre"),
        Partner.LINE_12355: _("Youth line 12355"),
    }
    return names[partner]


def seen_word(seen: StrEnum) -> str:
    names: dict[Seen, str] = {
        Seen.SEEN: _("Yes, the student was seen"),
        Seen.DID_NOT_COME: _("No, the student did not come"),
        Seen.APPOINTMENT: _("Not yet, there is an appointment"),
    }
    return names[Seen(seen)]


def assessed_word(assessed: StrEnum) -> str:
    names: dict[Assessed, str] = {
        Assessed.NO_ACUTE_DANGER: _("No acute danger seen"),
        Assessed.OUTPATIENT: _("Needs treatment as an outpatient"),
        Assessed.ADMITTED: _("Admitted to hospital"),
        Assessed.OTHER: _("Something else"),
    }
    return names[Assessed(assessed)]


def advice_word(advice: StrEnum) -> str:
    names: dict[Advice, str] = {
        Advice.LISTEN: _("Go on with talks at school"),
        Advice.COMPANY: _("Do not leave the student alone for now"),
        Advice.LESS_LOAD: _("Less homework and pressure for some weeks"),
        Advice.MEDICINE: _("Medicine is prescribed: the family looks after it"),
        Advice.GUARDIAN: _("Talk with the guardian about care at home"),
        Advice.URGENT_SIGNS: _("Bring the student back at once if it gets worse"),
    }
    return names[Advice(advice)]


def stale_word(row: StaleRow) -> str:
    """Why the row stands in the list; rooms downstream bring their own sentence."""
    if row.label:
        return row.label
    names: dict[StaleKind, str] = {
        StaleKind.NO_OWNER: _("Nobody has taken the student on"),
        StaleKind.NOT_ACTED_ON: _("Taken on, but nothing followed"),
        StaleKind.PROMISE_OVERDUE: _("Asked for a talk and has not been met"),
        StaleKind.NO_NEXT_DATE: _("The case has no next date, or it is past"),
        StaleKind.OWNER_LEFT: _("The owner of the case has left"),
        StaleKind.REFERRAL_OVERDUE: _("The partner’s answer is overdue"),
        StaleKind.REFERRAL_DECLINED: _("The partner declined and nothing followed"),
        StaleKind.REPLY_UNREAD: _("A reply came and nobody has read it"),
        StaleKind.SIGNATURE_MISSING: _("The second signature is missing"),
        StaleKind.MEASURE_OVERDUE: _("A repeated measure is due and has no slip"),
        StaleKind.RETURN_TALK_MISSED: _("A talk promised after the return was missed"),
        StaleKind.NOT_BACK: _("Was expected back from leave"),
        StaleKind.REFUSAL_NOT_REVIEWED: _("The guardian refuses, and the weekly look is overdue"),
        StaleKind.FEAR_NOT_REPORTED: _("The student fears a guardian, and nobody has reported it"),
        StaleKind.HOLIDAY_UNCOVERED: _("Nobody looks after the case in the coming break"),
        StaleKind.CLOSING_UNSIGNED: _("Closing or hand-over waits for its second signature"),
        StaleKind.AGREED_NOT_DONE: _("What a case conference agreed is not done"),
        StaleKind.OWNER_UNDECIDED: _("Stopped as “not mine”, and nobody has said whose it is"),
    }
    return names[StaleKind(row.kind)]
