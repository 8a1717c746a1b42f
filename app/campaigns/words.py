"""States of a campaign, and what stands in its way, as people read them."""

from flask_babel import gettext as _

from app.campaigns.domain import CampaignState, Obstacle, ObstacleKind


def state_name(state: CampaignState) -> str:
    """The state in the reader's language."""
    names: dict[CampaignState, str] = {
        # Translators: state of a campaign: planned, nobody invited yet
        CampaignState.DRAFT: _("planned"),
        # Translators: state of a campaign: students can take part
        CampaignState.OPEN: _("running"),
        # Translators: state of a campaign: over
        CampaignState.CLOSED: _("ended"),
    }
    return names[state]


def obstacle_words(obstacle: Obstacle) -> str:
    """What is missing, and how to mend it."""
    words: dict[ObstacleKind, str] = {
        ObstacleKind.NO_RESPONDER: _(
            "%(site)s: nobody is named who answers when a student needs help at once. "
            "Choose a first responder under “Change the plan”.",
            site=obstacle.site,
        ),
        ObstacleKind.RESPONDER_LEFT: _(
            "%(site)s: the first responder’s account is closed. "
            "Choose another person under “Change the plan”.",
            site=obstacle.site,
        ),
        ObstacleKind.NO_DUTY_PHONE: _(
            "%(site)s: the school has no duty phone. Students see this number on their help page. "
            "Enter it under “Duty”.",
            site=obstacle.site,
        ),
        ObstacleKind.ENDED: _("The last day has passed. Choose later dates."),
    }
    return words[obstacle.kind]
