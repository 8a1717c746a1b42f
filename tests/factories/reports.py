"""Closed campaigns from which group reports are made."""

from collections.abc import Sequence
from typing import Any

from app.access.permissions import Role
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, CampaignCohort, CampaignSite
from app.people.domain import Sex
from app.platform import clock, events
from app.platform.db import db
from app.statistics.models import CampaignCount, CohortCount, ScaleCount
from tests.factories import people, results

CALM, MILD, HIGH = [0] * 9, [1] * 6 + [0] * 3, [2] * 6 + [0] * 3
BANDS = ("minimal", "mild", "moderate", "moderately_severe", "severe")
#: In each class 12 calm, 6 mild and 6 high.
TWO_CLASSES = 2 * [6 * [CALM, CALM, MILD, HIGH]]


def closed(classes: list[list[list[int]]]) -> Campaign:
    """A closed campaign of PHQ-9 at one school."""
    site = people.site()
    made = results.campaign("phq9")
    responder = people.user(Role.COUNSELLOR, site.id)
    made.sites = [CampaignSite(site_id=site.id, first_responder_id=responder.id)]
    for answers in classes:
        cohort = people.cohort(site)
        made.cohorts.append(CampaignCohort(site_id=site.id, cohort_id=cohort.id))
        for number, given in enumerate(answers):
            sex = Sex.FEMALE if number % 2 else Sex.MALE
            answered(made, people.student(cohort, name=f"生{number}", sex=sex), given)
    made.state = CampaignState.CLOSED
    db.session.flush()
    return made


def answered(campaign, student, given):
    sitting = results.sitting(campaign, student)
    results.answers(sitting, "phq9", results.values(given))
    events.publish(results.submitted(sitting))
    return sitting


def counted(classes: Sequence[Sequence[int]], **chosen: Any) -> Campaign:
    """A closed campaign of PHQ-9 as if it had been counted: students by band for each class."""
    site = people.site()
    made = results.campaign("phq9", state=CampaignState.CLOSED)
    made.sites = [CampaignSite(site_id=site.id)]
    place = {"campaign_id": made.id, "site_id": site.id}
    total = sum(map(sum, classes))
    db.session.add(
        CampaignCount(
            **place,
            counted_at=clock.now(),
            invited=total + 10,
            finished=total,
            answered=total,
            careless=0,
        )
    )
    for bands in classes:
        cohort = people.cohort(site, **chosen)
        made.cohorts.append(CampaignCohort(site_id=site.id, cohort_id=cohort.id))
        took_part = dict.fromkeys(("invited", "finished", "answered"), sum(bands))
        db.session.add(CohortCount(**place, cohort_id=cohort.id, **took_part))
        for band, n in zip(BANDS, bands, strict=False):
            scale = {"instrument_code": "phq9", "scale": "total", "band": band}
            sums = {"total": 8.0 * n, "squares": 70.0 * n}
            db.session.add(ScaleCount(**place, cohort_id=cohort.id, n=n, **scale, **sums))
    db.session.flush()
    return made
