"""What profiles say in one language: words by their code, and what the rules make of facts."""

from collections.abc import Collection
from datetime import date

from app.profiles.wording import standard
from app.scoring.report import number_text

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def say(locale: str, code: str, **words: object) -> str:
    """Return a word of the file of wording in one language, its braces filled."""
    return standard().words[code].get(locale).format(**words)


def has_word(code: str) -> bool:
    """Whether the file of wording knows the word."""
    return code in standard().words


def told(locale: str, section: str, facts: Collection[str], **words: object) -> tuple[str, ...]:
    """Return the sentences of one list of rules where `facts` hold, their braces filled."""
    said = standard().speak(section, facts)
    return tuple(sentence.get(locale).format(**words) for sentence in said)


def date_text(day: date, locale: str) -> str:
    """Return a date as people write it: 2026年10月12日, 12 Oct 2026."""
    if locale == "zh_Hans":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def score_text(score: float | None, locale: str) -> str:
    """Return a score with up to four decimals, or that there is none."""
    return say(locale, "unscored") if score is None else number_text(score)
