"""States of a campaign, and what stands in its way, as people read them."""

from datetime import timedelta

from flask_babel import gettext as _

from app.authoring.queries import instrument_of
from app.campaigns.domain import CampaignState, Obstacle, ObstacleKind, minutes_needed
from app.campaigns.models import Campaign
from app.platform.i18n import as_moment, as_near_day, choose_locale


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
    """What is missing, and how to mend it; a room downstream brings its own sentence."""
    if obstacle.kind is ObstacleKind.OTHER:
        return obstacle.sentence
    words: dict[ObstacleKind, str] = {
        ObstacleKind.NO_RESPONDER: _(
            "%(site)s: nobody is named who answers when a student needs help at once. "
            "Choose a first responder under “Change the plan”.",
            site=obstacle.site,
        ),
        ObstacleKind.NO_SECOND_RESPONDER: _(
            "%(site)s: only one person is named who answers. When that person does not, a second "
            "must: choose another second responder under “Change the plan”.",
            site=obstacle.site,
        ),
        ObstacleKind.RESPONDER_LEFT: _(
            "%(site)s: a responder’s account is closed, or the person no longer works here as "
            "counsellor or crisis lead. Choose another person under “Change the plan”.",
            site=obstacle.site,
        ),
        ObstacleKind.NO_DUTY_PHONE: _(
            "%(site)s: the school has no duty phone. Students see this number on their help page. "
            "Enter it under “Schools”.",
            site=obstacle.site,
        ),
        ObstacleKind.NO_HOSPITAL: _(
            "%(site)s: no hospital with its telephone number is entered for emergencies. "
            "Enter both under “Schools”.",
            site=obstacle.site,
        ),
        ObstacleKind.NO_GUARDIAN_RULE: _(
            "%(site)s: nobody has written down who calls guardians, and when. "
            "Write it under “Schools”.",
            site=obstacle.site,
        ),
        ObstacleKind.DUTY_GAP: _gap_words(obstacle),
        ObstacleKind.UNSIGNED_WORDING: _(
            "%(title)s asks about suicide in a Chinese wording that is our own and not validated. "
            "Until a named clinician has signed it in the instrument's file, or the official "
            "wording takes its place, it runs in the demo only. Choose another battery.",
            title=obstacle.instrument.get(choose_locale()) if obstacle.instrument else "",
        ),
        ObstacleKind.ENDED: _("The last day has passed. Choose later dates."),
    }
    return words[obstacle.kind]


def group_words(campaign: Campaign) -> str:
    """What a class teacher can send to the whole class: it names nobody and asks for no reason.

    The title of the campaign stays out: families read such groups, and it may speak of health.
    """
    words: str = _(
        "Hello everybody. The questionnaire is open until %(last)s and takes about %(minutes)s "
        "minutes. "
        "If you have not done it yet and would like to: please use your own slip, at a moment when "
        "nobody can see your screen. It is up to you whether you take part, and nobody will ask "
        "why. If you cannot find your slip, or the page does not open, just come to me. Whoever is "
        "done need not do anything.",
        last=as_near_day(campaign.closes_on),
        minutes=minutes_of(campaign),
    )
    return words


def minutes_of(campaign: Campaign) -> int:
    """About how long the battery takes."""
    versions = [part.instrument_version for part in campaign.battery.parts]
    return minutes_needed(sum(len(instrument_of(version).items) for version in versions))


def _gap_words(obstacle: Obstacle) -> str:
    """Where nobody is on duty first, and how long in all."""
    gap = obstacle.gap
    if gap is None:
        return ""
    words: str = _(
        "%(site)s: nobody is on duty from %(since)s to %(until)s. In all, %(total)s are not "
        "covered while students can answer. Put somebody on duty under “Duty”.",
        site=obstacle.site,
        since=as_moment(gap.starts_at),
        until=as_moment(gap.ends_at),
        total=_hours(gap.total),
    )
    return words


def _hours(length: timedelta) -> str:
    hours, minutes = divmod(round(length.total_seconds() / 60), 60)
    words: str = _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    return words
