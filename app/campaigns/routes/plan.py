"""Between the form of a plan and the words of the service."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from app.access.guards import current_actor
from app.authoring.queries import instrument_of, library
from app.campaigns import default_texts, queries
from app.campaigns.forms import PER_SITE, CampaignForm, campaign_form
from app.campaigns.models import Battery, Campaign
from app.campaigns.starters import Offer, offers, starters
from app.people.models import Cohort
from app.people.queries import visible_cohorts, visible_sites
from app.platform import clock
from app.platform.db import db
from app.platform.i18n import choose_locale

TEXTS = ("notice_zh", "notice_en", "assent_zh", "assent_en")
#: A new plan proposes to begin in a week and to take two.
LEAD_TIME, DURATION = timedelta(days=7), timedelta(days=14)


def plan_form(data: dict[str, Any]) -> CampaignForm:
    """The form with every school, class and person that the planner may choose."""
    actor = current_actor()
    cohorts: dict[int, list[Cohort]] = defaultdict(list)
    for cohort in db.session.scalars(visible_cohorts(actor)):
        cohorts[cohort.site_id].append(cohort)
    return campaign_form(
        sites=db.session.scalars(visible_sites(actor)).all(),
        cohorts=cohorts,
        responders=queries.possible_responders(actor),
        batteries=queries.batteries(),
        locale=choose_locale(),
        data=data,
    )


def new_plan() -> dict[str, Any]:
    """What a new campaign proposes."""
    first = clock.today() + LEAD_TIME
    return {
        "code": f"{first:%Y-%m}",
        "opens_on": first,
        "closes_on": first + DURATION,
        "notice_zh": default_texts.NOTICE_ZH,
        "notice_en": default_texts.NOTICE_EN,
        "assent_zh": default_texts.ASSENT_ZH,
        "assent_en": default_texts.ASSENT_EN,
    }


def starter_offers() -> list[Offer]:
    """The starters that the published instruments allow."""
    wanted = {code for starter in starters() for code in starter.instruments}
    known = [version for version in library() if version.code in wanted]
    return offers({version.code: instrument_of(version) for version in known})


def plan_of(campaign: Campaign) -> dict[str, Any]:
    """A draft's plan, to be changed."""
    plan = {name: getattr(campaign, name) for name in ("code", "title", *TEXTS)}
    plan |= {"opens_on": campaign.opens_on, "closes_on": campaign.closes_on}
    plan["battery"] = campaign.battery.public_id
    for part in campaign.sites:
        plan[f"{PER_SITE}{part.site.public_id}"] = {
            "cohorts": [c.cohort.public_id for c in campaign.cohorts if c.site_id == part.site_id],
            "first": part.first_responder.public_id if part.first_responder else "",
            "second": part.second_responder.public_id if part.second_responder else "",
        }
    return plan


def decided(form: CampaignForm) -> dict[str, Any]:
    """What the filled form asks of the service."""
    chosen = form.chosen_cohorts()
    visible = db.session.scalars(visible_cohorts(current_actor()))
    return {
        "title": form.title.data,
        "battery": db.session.query(Battery).filter_by(public_id=form.battery.data).one(),
        "cohorts": [cohort for cohort in visible if cohort.public_id in chosen],
        "responders": _responders(form),
        "opens_on": form.opens_on.data,
        "closes_on": form.closes_on.data,
        **{name: getattr(form, name).data for name in TEXTS},
    }


def _responders(form: CampaignForm) -> dict[int, tuple[int | None, int | None]]:
    sites = {site.id: site for site in db.session.scalars(visible_sites(current_actor()))}
    chosen = form.responders()
    found: dict[int, tuple[int | None, int | None]] = {}
    for site_id, people in queries.possible_responders(current_actor()).items():
        ids = {user.public_id: user.id for user in people}
        first, second = chosen[sites[site_id].public_id]
        found[site_id] = (ids.get(first), ids.get(second))
    return found
