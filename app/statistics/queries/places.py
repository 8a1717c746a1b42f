"""The places of a campaign as a tree, and which of them an actor may read about."""

from collections.abc import Collection, Sequence
from itertools import groupby

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from app.access.actor import Actor
from app.campaigns.domain import CampaignKind, CampaignState
from app.campaigns.models import Campaign, CampaignCohort, CampaignSite
from app.campaigns.queries import visible_campaigns
from app.people.models import CLASSES_IN_ORDER, Cohort, Site
from app.platform.db import db
from app.statistics.domain.report import Place, PlaceKind
from app.statistics.models import CampaignCount

CAMPAIGN = "campaign"


def closed_campaigns(actor: Actor) -> Sequence[Campaign]:
    """Campaigns that can be reported on, newest first."""
    query = (
        visible_campaigns(actor)
        .where(Campaign.state == CampaignState.CLOSED)
        .options(selectinload(Campaign.sites).joinedload(CampaignSite.site))
    )
    return db.session.scalars(query).all()


def find_campaign(actor: Actor, public_id: str) -> Campaign | None:
    """A closed campaign of the actor's."""
    query = visible_campaigns(actor).where(
        Campaign.public_id == public_id, Campaign.state == CampaignState.CLOSED
    )
    return db.session.scalar(query)


def campaigns_before(campaign: Campaign, site_ids: Collection[int]) -> Sequence[Campaign]:
    """Screenings counted at one of these schools that opened earlier, newest first."""
    counted = select(CampaignCount.campaign_id).where(CampaignCount.site_id.in_(site_ids))
    not_yet = _uncounted().with_only_columns(CampaignSite.campaign_id)
    query = (
        select(Campaign)
        .where(
            Campaign.id.in_(counted),
            Campaign.id.not_in(not_yet),
            Campaign.id != campaign.id,
            Campaign.opens_on < campaign.opens_on,
        )
        .order_by(Campaign.opens_on.desc(), Campaign.id.desc())
    )
    return db.session.scalars(query).all()


def sites_of(actor: Actor, campaign: Campaign) -> Sequence[Site]:
    """The schools of a campaign whose own report the actor may read."""
    return [
        part.site for part in campaign.sites if actor.everywhere or part.site_id in actor.site_ids
    ]


def is_whole(actor: Actor, campaign: Campaign) -> bool:
    """Whether the actor answers for every school of the campaign, and there is more than one."""
    schools = {part.site_id for part in campaign.sites}
    return len(schools) > 1 and (actor.everywhere or schools <= actor.site_ids)


def counties_of(actor: Actor, campaign: Campaign) -> Sequence[str]:
    """The counties of a campaign for whose every school there the actor answers, if it has any."""
    schools: dict[str | None, set[int]] = {}
    for part in campaign.sites:
        schools.setdefault(part.site.district, set()).add(part.site_id)
    if len(schools) < 2 or None in schools:  # noqa: PLR2004 -- one county is the whole
        return []
    own = [name for name, ids in schools.items() if actor.everywhere or ids <= actor.site_ids]
    return sorted(name for name in own if name)


def tree_of(campaign: Campaign) -> Place:
    """Campaign ⊃ county ⊃ school ⊃ grade ⊃ class, in the order of the lists; never a ranking."""
    query = (
        select(Cohort)
        .join(CampaignCohort, CampaignCohort.cohort_id == Cohort.id)
        .join(Cohort.site)
        .where(CampaignCohort.campaign_id == campaign.id, Cohort.is_synthetic.is_(False))
        .order_by(Site.district.nulls_first(), Site.id, *CLASSES_IN_ORDER)
        .options(contains_eager(Cohort.site))
    )
    schools = [
        (site, _school(site, list(cohorts)))
        for site, cohorts in groupby(db.session.scalars(query), key=lambda cohort: cohort.site)
    ]
    return Place(CAMPAIGN, PlaceKind.CAMPAIGN, campaign.title, _by_county(schools))


def _by_county(schools: Sequence[tuple[Site, Place]]) -> tuple[Place, ...]:
    counties = [
        (district, [place for _site, place in inside])
        for district, inside in groupby(schools, key=lambda school: school[0].district)
    ]
    if len(counties) < 2 or any(district is None for district, _places in counties):  # noqa: PLR2004 -- one county is the whole
        return tuple(place for _site, place in schools)
    return tuple(
        Place(county_key(district or ""), PlaceKind.COUNTY, district or "", tuple(places))
        for district, places in counties
    )


def _school(site: Site, cohorts: Sequence[Cohort]) -> Place:
    grades = [
        (grade, [class_place(cohort) for cohort in inside])
        for grade, inside in groupby(cohorts, key=lambda cohort: cohort.grade)
    ]
    if len(grades) == 1 or any(grade is None for grade, _classes in grades):
        children = tuple(place for _grade, classes in grades for place in classes)
    else:
        children = tuple(
            Place(f"{site_key(site)}:grade:{grade}", PlaceKind.GRADE, str(grade), tuple(classes))
            for grade, classes in grades
        )
    return Place(site_key(site), PlaceKind.SITE, site.name, children)


def county_key(name: str) -> str:
    """The key of a county in the tree."""
    return f"county:{name}"


def site_key(site: Site) -> str:
    """The key of a school in the tree."""
    return f"site:{site.id}"


def class_place(cohort: Cohort) -> Place:
    """A class of the tree."""
    return Place(class_key(cohort.id), PlaceKind.CLASS, cohort.name)


def class_key(cohort_id: int) -> str:
    """The key of a class in the tree."""
    return f"class:{cohort_id}"


def next_uncounted() -> CampaignSite | None:
    """A school of a closed screening that has not been counted."""
    query = (
        _uncounted()
        .join(CampaignSite.campaign)
        .where(Campaign.kind == CampaignKind.SCREENING, Campaign.state == CampaignState.CLOSED)
        .order_by(CampaignSite.campaign_id, CampaignSite.site_id)
        .limit(1)
    )
    return db.session.scalar(query)


def is_counted(campaign: Campaign) -> bool:
    """Whether every school of the campaign has been counted: before, nothing is shown of any."""
    query = _uncounted().where(CampaignSite.campaign_id == campaign.id).limit(1)
    return db.session.scalar(query) is None


def _uncounted() -> Select[CampaignSite]:
    counted = select(CampaignCount.id).where(
        CampaignCount.campaign_id == CampaignSite.campaign_id,
        CampaignCount.site_id == CampaignSite.site_id,
    )
    return select(CampaignSite).where(~counted.exists())
