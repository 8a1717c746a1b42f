"""The words of special tags."""

from enum import StrEnum

from flask_babel import gettext as _

from app.cases.domain.tags import TagKind


def tag_word(kind: StrEnum) -> str:
    """The circumstance in the reader's language."""
    names: dict[TagKind, str] = {
        TagKind.LEFT_BEHIND: _("Parents work away from home"),
        TagKind.IN_DIFFICULTY: _("Family in difficulty"),
        TagKind.LAW_CONFLICT: _("Involved in a matter of law"),
    }
    return names[TagKind(kind)]
