"""Counting a campaign: from scores and answers to rows that name nobody."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, case, func, insert, or_, select

from app.access.actor import Actor
from app.assessments.domain import AssessmentState
from app.assessments.models import Assessment, Response
from app.campaigns.models import Campaign, CampaignSite
from app.campaigns.queries import counts_at
from app.people.models import Student
from app.platform import audit, clock
from app.platform.db import db
from app.results import quality
from app.results.models import Administration, ScaleScore
from app.results.queries import first_sittings, is_latest
from app.statistics.models import CampaignCount, ItemCount, ScaleCount

Rows = list[dict[str, Any]]


def count_campaign(*, actor: Actor, campaign: Campaign) -> None:
    """Count a closed campaign, once for each of its schools; counted schools stay as they are."""
    for site_id in _uncounted(campaign):
        rows = counts_of(campaign.id, site_id)
        for table, found in rows.items():
            if found:
                db.session.execute(insert(table), found)
    db.session.flush()
    audit.record(actor, "count_campaign", campaign)


def counts_of(campaign_id: int, site_id: int) -> Mapping[type, Rows]:
    """What is counted at one school, computed from the scores and answers themselves.

    A student counts once: with the first sitting that is theirs. A sitting that belongs to nobody
    (detached, or by an open link) is not counted.
    """
    sittings = _sittings(campaign_id, site_id)
    return {
        CampaignCount: [_campaign_row(campaign_id, site_id, sittings)],
        ScaleCount: _scale_rows(campaign_id, site_id, sittings),
        ItemCount: _item_rows(campaign_id, site_id, sittings),
    }


def _uncounted(campaign: Campaign) -> Sequence[int]:
    counted = select(CampaignCount.site_id).where(CampaignCount.campaign_id == campaign.id)
    query = select(CampaignSite.site_id).where(
        CampaignSite.campaign_id == campaign.id, CampaignSite.site_id.not_in(counted)
    )
    return db.session.scalars(query.order_by(CampaignSite.site_id)).all()


def _sittings(campaign_id: int, site_id: int) -> CTE:
    """The sittings that count, each with its student's class and sex."""
    first = first_sittings(Assessment.campaign_id == campaign_id, Assessment.site_id == site_id)
    query = (
        select(first.c.id, _cohort().label("cohort_id"), Student.sex.label("sex"))
        .join(Assessment, Assessment.id == first.c.id)
        .join(Student, Student.id == first.c.student_id)
        .where(Student.is_synthetic.is_(False))
    )
    return query.cte("sittings")


def _cohort() -> ColumnElement[int]:
    """The class as it was then; of a sitting given to somebody else, that student's class."""
    own = case((Assessment.student_id == Student.id, Assessment.cohort_id))
    return func.coalesce(own, Student.cohort_id)


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
        .where(is_latest(), ScaleScore.score.is_not(None))
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


def _rows(campaign_id: int, site_id: int, query: Any) -> Rows:
    place = {"campaign_id": campaign_id, "site_id": site_id}
    return [{**place, **row._mapping} for row in db.session.execute(query)]
