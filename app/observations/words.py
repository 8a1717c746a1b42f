"""The room's words as people read them."""

from flask_babel import gettext as _

from app.observations.domain import Since


def since_word(since: Since) -> str:
    """Since when something has been noticed."""
    names: dict[Since, str] = {
        Since.TODAY: _("Today"),
        Since.THIS_WEEK: _("This week"),
        Since.LONGER: _("Longer"),
    }
    return names[since]
