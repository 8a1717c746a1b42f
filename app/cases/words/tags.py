"""The words of special tags."""

from enum import StrEnum

from flask_babel import gettext as _

from app.cases.domain.tags import TagKind
from app.platform.i18n import as_day, choose_locale
from app.results.proposals import Proposal


def tag_word(kind: StrEnum) -> str:
    """The circumstance in the reader's language."""
    names: dict[TagKind, str] = {
        TagKind.LEFT_BEHIND: _("Parents work away from home"),
        TagKind.IN_DIFFICULTY: _("Family in difficulty"),
        TagKind.STUDY_DIFFICULTY: _("School work is hard"),
        TagKind.SETTLING_DIFFICULTY: _("Hard to settle in"),
        TagKind.SOCIAL_DIFFICULTY: _("Hard to get along with others"),
        TagKind.LAW_CONFLICT: _("Involved in a matter of law"),
    }
    return names[TagKind(kind)]


def proposal_words(proposal: Proposal) -> str:
    """Where the proposal comes from, as the form's reason begins."""
    locale = choose_locale()
    words: str = _(
        "Answered by the student on %(day)s (%(instrument)s): %(title)s.",
        day=as_day(proposal.day),
        instrument=proposal.instrument.get(locale),
        title=proposal.title.get(locale),
    )
    return words
