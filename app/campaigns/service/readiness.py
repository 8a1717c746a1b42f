"""The launch gate (P16): nobody is asked while a call for help could go unanswered."""

from collections.abc import Iterator, Sequence
from typing import Any

from app.authoring.queries import instrument_of
from app.campaigns.domain import DutyGap, LaunchAsked, Obstacle, ObstacleKind
from app.campaigns.models import Campaign, CampaignSite
from app.people.duty import Stretch, together
from app.people.models import Site, User
from app.people.queries import duty_gaps, has_demo_accounts, responders
from app.platform import clock, events


def obstacles(campaign: Campaign) -> list[Obstacle]:
    """Everything that keeps the campaign from opening; nothing means ready.

    Every battery ends with the question whether somebody should come at once, so every campaign is
    concerned, whatever its instruments ask.
    """
    found = []
    if campaign.closes_on < clock.today():
        found.append(Obstacle(ObstacleKind.ENDED))
    found += _of_wording(campaign)
    for part in campaign.sites:
        found += _of_people(part)
        found += _of_site(part.site)
        gaps = duty_gaps(part.site, campaign.opens_on, campaign.closes_on)
        found += _of_duty(part.site, gaps)
    return [*found, *events.ask(LaunchAsked(campaign.id))]


def link_obstacles(campaign: Campaign, site: Site) -> list[Obstacle]:
    """What keeps an open link from being made: people answer it at night and on Sundays too."""
    gaps = duty_gaps(site, campaign.opens_on, campaign.closes_on, day_and_night=True)
    return list(_of_duty(site, gaps))


def _of_wording(campaign: Campaign) -> Iterator[Obstacle]:
    """Questions about suicide in our own words are asked nobody but the demo's made-up students."""
    if has_demo_accounts():
        return
    for part in campaign.battery.parts:
        instrument = instrument_of(part.instrument_version)
        if instrument.awaits_signature:
            yield Obstacle(ObstacleKind.UNSIGNED_WORDING, instrument=instrument.title)


def _of_people(part: CampaignSite) -> Iterator[Obstacle]:
    """Two different people are named, and both can answer."""
    named = [user for user in (part.first_responder, part.second_responder) if user is not None]
    if part.first_responder is None:
        yield _at(part.site, ObstacleKind.NO_RESPONDER)
    elif part.second_responder_id in (None, part.first_responder_id):
        yield _at(part.site, ObstacleKind.NO_SECOND_RESPONDER)
    if not _all_able(named, responders(part.site)):
        yield _at(part.site, ObstacleKind.RESPONDER_LEFT)


def _all_able(named: Sequence[User], able: Sequence[User]) -> bool:
    ids = {user.id for user in able}
    return all(user.id in ids for user in named)


def _of_site(site: Site) -> Iterator[Obstacle]:
    if not site.duty_phone:
        yield _at(site, ObstacleKind.NO_DUTY_PHONE)
    if not (site.hospital_name and site.hospital_phone):
        yield _at(site, ObstacleKind.NO_HOSPITAL)
    if not site.guardian_rule_sealed:
        yield _at(site, ObstacleKind.NO_GUARDIAN_RULE)


def _of_duty(site: Site, gaps: Sequence[Stretch]) -> Iterator[Obstacle]:
    if gaps:
        gap = DutyGap(gaps[0].starts_at, gaps[0].ends_at, together(gaps))
        yield _at(site, ObstacleKind.DUTY_GAP, gap=gap)


def _at(site: Site, kind: ObstacleKind, **more: Any) -> Obstacle:
    return Obstacle(kind, site.name, site_code=site.code, **more)
