"""Counting a campaign: from scores and answers to rows that name nobody."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, func, insert, or_, select
from sqlalchemy.orm import aliased

from app.access.actor import Actor
from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment, Response
from app.campaigns.models import Campaign, CampaignSite
from app.campaigns.queries import counts_at, counts_by_cohort
from app.platform import audit, clock
from app.platform.db import db
from app.results import quality
from app.results.models import Administration, ScaleScore
from app.results.queries import is_latest, versions_of
from app.statistics.models import CampaignCount, CohortCount, ItemCount, ScaleCount
from app.statistics.queries.sittings import counted_sittings

Rows = list[dict[str, Any]]


def count_campaign(*, actor: Actor, campaign: Campaign) -> None:
    """Count a closed campaign at every school where it has not been counted."""
    for site_id in _uncounted(campaign):
        count_school(actor=actor, campaign=campaign, site_id=site_id)


def count_school(*, actor: Actor, campaign: Campaign, site_id: int) -> None:
    """Count a closed campaign at one school, once: what was counted stays as it is.

    Nobody reads a report before every school is counted, and no two reports differ by one.
    """
    for table, found in counts_of(campaign.id, site_id).items():
        if found:
            db.session.execute(insert(table), found)
    db.session.flush()
    audit.record(actor, "count_campaign", campaign, site_id=site_id)


def counts_of(campaign_id: int, site_id: int) -> Mapping[type, Rows]:
    """What is counted at one school, computed from the scores and answers themselves."""
    sittings = counted_sittings(campaign_id, site_id)
    return {
        CampaignCount: [_campaign_row(campaign_id, site_id, sittings)],
        CohortCount: _cohort_rows(campaign_id, site_id, sittings),
        ScaleCount: _scale_rows(campaign_id, site_id, sittings),
        ItemCount: _item_rows(campaign_id, site_id, sittings),
    }


def _uncounted(campaign: Campaign) -> Sequence[int]:
    counted = select(CampaignCount.site_id).where(CampaignCount.campaign_id == campaign.id)
    query = select(CampaignSite.site_id).where(
        CampaignSite.campaign_id == campaign.id, CampaignSite.site_id.not_in(counted)
    )
    return db.session.scalars(query.order_by(CampaignSite.site_id)).all()


def _is_as_asked(campaign_id: int) -> ColumnElement[bool]:
    """The condition that it is the newest scoring by the version that the campaign asked.

    A report names the bands of that version, whatever another one has said of the answers since.
    """
    asked = [version.id for version in versions_of(campaign_id).values()]
    newer = aliased(Administration)
    newest = (
        select(func.max(newer.id))
        .where(
            newer.assessment_id == Administration.assessment_id,
            newer.instrument_version_id == Administration.instrument_version_id,
        )
        .scalar_subquery()
    )
    return and_(Administration.instrument_version_id.in_(asked), Administration.id == newest)


def _scale_rows(campaign_id: int, site_id: int, sittings: CTE) -> Rows:
    keys = (
        sittings.c.cohort_id,
        sittings.c.sex,
        Administration.instrument_code,
        ScaleScore.scale,
        ScaleScore.band,
    )
    sums = (
        func.count().label("n"),
        func.sum(ScaleScore.score).label("total"),
        func.sum(ScaleScore.score * ScaleScore.score).label("squares"),
    )
    query = (
        select(*keys, *sums)
        .join(Administration, Administration.assessment_id == sittings.c.id)
        .join(ScaleScore, ScaleScore.administration_id == Administration.id)
        .where(_is_as_asked(campaign_id), ScaleScore.score.is_not(None))
        .group_by(*keys)
        .order_by(*keys)
    )
    return _rows(campaign_id, site_id, query)


def _item_rows(campaign_id: int, site_id: int, sittings: CTE) -> Rows:
    """The last answer before the sitting was handed in counts; a later one fills a gap."""
    is_open = Assessment.state != AssessmentState.SUBMITTED
    in_time = or_(is_open, Response.received_at <= Assessment.finished_at)
    last = (
        select(func.coalesce(func.max(Response.id).filter(in_time), func.min(Response.id)))
        .select_from(Response)
        .join(sittings, sittings.c.id == Response.assessment_id)
        .join(Assessment, Assessment.id == Response.assessment_id)
        .group_by(Response.assessment_id, Response.instrument_code, Response.item_code)
    )
    scored = (
        select(Administration.instrument_code)
        .where(Administration.campaign_id == campaign_id)
        .distinct()
    )
    keys = (Response.instrument_code, Response.item_code, Response.value)
    query = (
        select(*keys, func.count().label("n"))
        .where(
            Response.id.in_(last),
            Response.value.is_not(None),
            Response.instrument_code.in_(scored),
        )
        .group_by(*keys)
        .order_by(*keys)
    )
    return _rows(campaign_id, site_id, query)


def _campaign_row(campaign_id: int, site_id: int, sittings: CTE) -> dict[str, Any]:
    slips = counts_at(campaign_id, site_id)
    notes = db.session.execute(
        select(Administration.assessment_id, Administration.quality)
        .join(sittings, sittings.c.id == Administration.assessment_id)
        .where(is_latest())
    ).all()
    return {
        "campaign_id": campaign_id,
        "site_id": site_id,
        "counted_at": clock.now(),
        "invited": slips.invited,
        "finished": slips.finished,
        "answered": len({sitting for sitting, _notes in notes}),
        "careless": len({sitting for sitting, found in notes if quality.poor(found)}),
    }


def _cohort_rows(campaign_id: int, site_id: int, sittings: CTE) -> Rows:
    """Of a slip the class of whoever holds it; of a sitting the class of whose it is."""
    slips = counts_by_cohort(campaign_id, site_id)
    scored = (
        select(sittings.c.cohort_id, func.count(Administration.assessment_id.distinct()))
        .join(Administration, Administration.assessment_id == sittings.c.id)
        .where(is_latest())
        .group_by(sittings.c.cohort_id)
    )
    answered = {row[0]: row[1] for row in db.session.execute(scored)}
    return [
        {
            "campaign_id": campaign_id,
            "site_id": site_id,
            "cohort_id": cohort_id,
            "invited": slips[cohort_id].invited if cohort_id in slips else 0,
            "finished": slips[cohort_id].finished if cohort_id in slips else 0,
            "answered": answered.get(cohort_id, 0),
        }
        for cohort_id in sorted(slips.keys() | answered.keys())
    ]


def _rows(campaign_id: int, site_id: int, query: Any) -> Rows:
    place = {"campaign_id": campaign_id, "site_id": site_id}
    return [{**place, **row._mapping} for row in db.session.execute(query)]
