"""What this room does when it hears of something upstream."""

from app.assessments.service import expire_campaign
from app.campaigns.domain import CampaignClosed
from app.platform import events


def on_campaign_closed(event: CampaignClosed) -> None:
    expire_campaign(campaign_id=event.campaign_id)


def subscribe() -> None:
    """Listen."""
    events.subscribe(CampaignClosed, on_campaign_closed)
