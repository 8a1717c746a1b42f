"""The fixed phrases of notices and letters: warm, plain, and the same for whatever was said."""

from enum import StrEnum

from flask_babel import gettext as _

from app.cases.domain.letters import Ask, CarePhrase, Topic


def care_phrase(phrase: StrEnum) -> str:
    """What the class teacher is asked for."""
    phrases: dict[CarePhrase, str] = {
        CarePhrase.KEEP_AN_EYE: _("Please keep an eye on how the student is doing, quietly."),
        CarePhrase.NO_PUBLIC_CRITICISM: _("Please do not criticise the student before the class."),
        CarePhrase.TELL_ME_LEAVING: _("Please tell me when the student leaves school."),
        CarePhrase.TELL_ME_ABSENT: _(
            "Please tell me the same day when the student is late or missing."
        ),
        CarePhrase.NOT_ALONE: _("Please let the student be with others in breaks and activities."),
        CarePhrase.LIGHTER_LOAD: _("Please allow some slack with homework and tests."),
        CarePhrase.CALL_ME: _("If anything worries you, please call me at once."),
    }
    return phrases[CarePhrase(phrase)]


def topic_phrase(topic: StrEnum) -> str:
    """What was talked about, as the family reads it."""
    phrases: dict[Topic, str] = {
        Topic.FEELINGS: _(
            "How your child has felt lately: it has not been an easy time, and speaking about it "
            "took courage."
        ),
        Topic.SCHOOL_WORK: _("School work and exams, and how the load can be made lighter."),
        Topic.FRIENDS: _("Getting on with classmates and friends."),
        Topic.HOME: _("Things at home that are on your child's mind."),
        Topic.SLEEP: _("Sleep, meals and health."),
        Topic.STRENGTHS: _("People and things that give your child strength."),
    }
    return phrases[Topic(topic)]


def ask_phrase(ask: StrEnum) -> str:
    """What the family is asked for."""
    phrases: dict[Ask, str] = {
        Ask.COMPANY: _(
            "Please stay close in the coming weeks, above all in the evenings and at weekends; "
            "do not leave your child alone for long."
        ),
        Ask.SAFE_HOME: _(
            "Please lock away medicines, pesticides, knives and ropes at home; an adult keeps the "
            "key."
        ),
        Ask.LISTEN: _("Please listen first, without advice, blame or many questions."),
        Ask.REST: _("Please look after sleep and meals; more school work can wait."),
        Ask.COME_AND_TALK: _("Please come to the school and talk with us."),
        Ask.SEE_A_DOCTOR: _(
            "Please go to a hospital with your child and let a doctor have a look; we help with "
            "the appointment."
        ),
        Ask.TELL_US: _("Please tell us when something changes."),
    }
    return phrases[Ask(ask)]
