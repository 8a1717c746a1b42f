"""What a class teacher and a family may be told: fixed phrases, chosen by a person."""

from datetime import timedelta
from enum import StrEnum

from app.cases.domain.interviews import Answers

#: A care notice is for the weeks after a talk, no mark that stays on a student.
NOTICE_LASTS = timedelta(days=14)


class CarePhrase(StrEnum):
    """What a class teacher is asked for; never why."""

    KEEP_AN_EYE = "keep_an_eye"
    NO_PUBLIC_CRITICISM = "no_public_criticism"
    TELL_ME_LEAVING = "tell_me_leaving"
    TELL_ME_ABSENT = "tell_me_absent"
    NOT_ALONE = "not_alone"
    LIGHTER_LOAD = "lighter_load"
    CALL_ME = "call_me"


class Topic(StrEnum):
    """What was talked about, as a family may read it."""

    FEELINGS = "feelings"
    SCHOOL_WORK = "school_work"
    FRIENDS = "friends"
    HOME = "home"
    SLEEP = "sleep"
    STRENGTHS = "strengths"


class Ask(StrEnum):
    """What a family is asked for."""

    COMPANY = "company"
    SAFE_HOME = "safe_home"
    LISTEN = "listen"
    REST = "rest"
    COME_AND_TALK = "come_and_talk"
    SEE_A_DOCTOR = "see_a_doctor"
    TELL_US = "tell_us"


#: Ticked when the page opens; the counsellor changes it.
USUAL_PHRASES = (CarePhrase.KEEP_AN_EYE, CarePhrase.NO_PUBLIC_CRITICISM, CarePhrase.TELL_ME_LEAVING)
USUAL_ASKS = (Ask.COMPANY, Ask.SAFE_HOME, Ask.LISTEN, Ask.COME_AND_TALK, Ask.TELL_US)

#: Which answers to “what weighs” are which topic.
_TOPICS = {
    Topic.SCHOOL_WORK: {1},
    Topic.HOME: {2, 6},
    Topic.FRIENDS: {3, 4, 5, 8},
    Topic.SLEEP: {7},
}
_TO_A_DOCTOR = {1, 2}


def topics_of(answers: Answers) -> list[Topic]:
    """The topics that an interview touched, to begin the letter with."""
    weighs = answers.get("triggers", [])
    touched = {
        t for t, values in _TOPICS.items() if isinstance(weighs, list) and values & {*weighs}
    }
    touched |= {Topic.FEELINGS}
    touched |= {Topic.STRENGTHS} if answers.keys() & {"reasons", "helps", "supports"} else set()
    return [topic for topic in Topic if topic in touched]


def asks_of(answers: Answers) -> list[Ask]:
    """The usual requests; the doctor where the counsellor decided so."""
    asks = {*USUAL_ASKS}
    if answers.get("decision") in _TO_A_DOCTOR:
        asks.add(Ask.SEE_A_DOCTOR)
    return [ask for ask in Ask if ask in asks]
