"""How the items of an instrument did in closed campaigns, for those who write instruments.

Authors and reviewers belong to no school: a campaign is told of as a whole, by its day of closing.
Each campaign stands by itself. Figures over several would change when another one closes, and the
difference would tell of its few students.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.assessments.models import Assessment
from app.authoring.models import InstrumentVersion
from app.authoring.queries import compiled_of
from app.campaigns.domain import CampaignKind, CampaignState
from app.campaigns.models import BatteryPart, Campaign
from app.platform.db import db
from app.results.domain import FEWEST_IN_FIGURES
from app.results.measurement import InstrumentMeasure, measure
from app.results.models import Administration
from app.results.queries import first_sittings
from app.results.sampling import samples

#: So many campaigns are told of, the newest first, and so many students of each drawn.
MOST_CAMPAIGNS = 4
MOST_STUDENTS = 5000


@dataclass(frozen=True)
class ItemFigures:
    """One closed campaign: when it ended, the version that it asked, and what that version did."""

    closed_on: date
    version: InstrumentVersion
    measured: InstrumentMeasure


def item_figures(code: str) -> Sequence[ItemFigures]:
    """The newest closed campaigns with the instrument in which enough students answered it."""
    found = []
    for campaign, version in _closed_with(code):
        within = Assessment.campaign_id == campaign.id
        sample = samples({code: version}, first_sittings(within), most=MOST_STUDENTS)[code]
        if len(sample.answers) >= FEWEST_IN_FIGURES:
            measured = measure(compiled_of(version), sample)
            found.append(ItemFigures(campaign.closes_on, version, measured))
    return found


def _closed_with(code: str) -> Sequence[tuple[Campaign, InstrumentVersion]]:
    answered = (
        select(func.count(Administration.assessment_id.distinct()))
        .where(
            Administration.campaign_id == Campaign.id,
            Administration.instrument_code == code,
            Administration.student_id.is_not(None),
        )
        .scalar_subquery()
    )
    query = (
        select(Campaign, InstrumentVersion)
        .join(BatteryPart, BatteryPart.battery_id == Campaign.battery_id)
        .join(InstrumentVersion, InstrumentVersion.id == BatteryPart.instrument_version_id)
        .where(
            InstrumentVersion.code == code,
            Campaign.kind == CampaignKind.SCREENING,
            Campaign.state == CampaignState.CLOSED,
            answered >= FEWEST_IN_FIGURES,
        )
        .order_by(Campaign.closed_at.desc(), Campaign.id.desc())
        .limit(MOST_CAMPAIGNS)
    )
    return [(campaign, version) for campaign, version in db.session.execute(query)]
