"""The fixed sentences for students, as counsellors choose them and as students read them."""

from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from app.cases.domain.student_words import Phrase
from app.cases.models import StudentReply
from app.platform.i18n import as_near_day


def phrase_word(phrase: StrEnum) -> str:
    """The sentence in the list of choices, its day still open."""
    # Translators: stands in a sentence where the day will be: “I come on … in the long break.”
    return phrase_text(Phrase(phrase), _("(day)"))


def reply_text(reply: StudentReply) -> str:
    """The sentence with its day, for the student."""
    return phrase_text(reply.phrase, _day(reply.day))


def phrase_text(phrase: Phrase, day: str) -> str:
    """The sentence with a day in words."""
    sentences: dict[Phrase, str] = {
        Phrase.COMING_AT_BREAK: _(
            "I have seen it. I come to you on %(day)s in the long break; do not worry.", day=day
        ),
        Phrase.COMING_AT_NOON: _(
            "I have seen it. I come to you on %(day)s at noon; do not worry.", day=day
        ),
        Phrase.COMING_AFTER_SCHOOL: _(
            "I have seen it. I wait for you on %(day)s after school; do not worry.", day=day
        ),
        Phrase.COME_ANY_TIME: _("Please come to the counselling room whenever you like."),
        Phrase.MISSED_YOU: _("I came to you and did not meet you. I come again."),
    }
    return sentences[phrase]


def _day(day: date | None) -> str:
    return as_near_day(day) if day else ""
