"""What has to hold before a campaign may be changed: the person in charge, the right state."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns.domain import CampaignState, CampaignStateError
from app.campaigns.models import Campaign


def require_in_charge(actor: Actor, campaign: Campaign) -> None:
    """Who changes a campaign must be in charge of every school that takes part."""
    require(actor, Permission.MANAGE_CAMPAIGNS)
    for part in campaign.sites:
        require(actor, Permission.MANAGE_CAMPAIGNS, part)


def require_state(campaign: Campaign, state: CampaignState) -> None:
    """Each step belongs to one state; doing it twice is refused."""
    if campaign.state is not state:
        raise CampaignStateError(f"the campaign is {campaign.state.value}, not {state.value}.")
