"""The figures of a school year as rows of words and counts, for page and paper alike."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from app.cases.domain.cases import CaseState
from app.cases.domain.referrals import ReferralState
from app.cases.words import level_word, referral_word, state_word
from app.triage.domain import RiskLevel


def figure_rows(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was counted, and the count as it is shown."""
    return [
        (_("Students invited"), count_text(figures["invited"])),
        (_("of whom took part"), count_text(figures["taken_part"])),
        (_("Students for whom a talk was suggested"), count_text(figures["flagged"])),
        *_rows(_("suggested level: %(word)s"), figures["by_level"], RiskLevel, level_word),
        (_("Hours until half of them were taken on"), _hours(figures["hours_to_claim"])),
        (_("still waiting"), count_text(figures["waiting"])),
        (_("of whom past the time"), count_text(figures["overdue"])),
        *_rows(_("open case: %(word)s"), figures["cases_open"], CaseState, state_word),
        (_("Cases ended this year"), count_text(figures["cases_ended"])),
        *_rows(_("referral: %(word)s"), figures["referrals"], ReferralState, referral_word),
    ]


def count_text(count: int | None) -> str:
    """A count; one that could point at somebody is not shown."""
    # Translators: stands for a count from 0 to 4, or one that would give such a count away
    text: str = _("not shown") if count is None else str(count)
    return text


def _rows(
    phrase: str,
    counts: Mapping[str, int | None],
    kind: type[StrEnum],
    word: Callable[[StrEnum], str],
) -> Iterator[tuple[str, str]]:
    for code, count in counts.items():
        yield phrase % {"word": word(kind(code))}, count_text(count)


def _hours(hours: float | None) -> str:
    return "–" if hours is None else f"{hours:g}"
