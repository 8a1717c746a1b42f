"""A counsellor lets site staff print summaries: whose, which rendering, how often, until when."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns.models import Campaign
from app.cases.domain.printing import Rendering
from app.cases.models import SummaryRelease
from app.cases.queries.releases import runs_of
from app.cases.service.print_runs import end_run
from app.people.models import Cohort, Site, Student
from app.platform import audit, clock, ids
from app.platform.db import db

PASSWORD_GROUPS = 4
PASSWORD_GROUP = 4


@dataclass(frozen=True)
class Released:
    """A new release, and the password that is seen once; letters have none."""

    release: SummaryRelease
    password: str | None


def release_summaries(
    *,
    actor: Actor,
    campaign: Campaign,
    site: Site,
    cohort: Cohort | None,
    students: Sequence[Student],
    rendering: Rendering,
    locale: str,
    has_names: bool,
    copies: int,
    days: int,
) -> Released:
    """Let the site's staff print these students' summaries `copies` times within `days`.

    Without a class they are students of several classes of the site.
    """
    require(actor, Permission.RELEASE_PRINTS, cohort or site)
    password = _new_password() if rendering.holds_results else None
    now = clock.now()
    release = SummaryRelease(
        public_id=ids.new_public_id(),
        site_id=site.id,
        campaign_id=campaign.id,
        cohort_id=cohort.id if cohort else None,
        has_names=has_names,
        rendering=rendering,
        locale=locale,
        released_by_id=actor.user_id,
        released_at=now,
        expires_at=now + timedelta(days=days),
        copies_left=copies,
    )
    release.password = password
    release.students = list(students)
    db.session.add(release)
    audit.record(
        actor,
        "release_summaries",
        release,
        rendering=rendering.value,
        names=has_names,
        students=[student.id for student in students],
        copies=copies,
        days=days,
    )
    return Released(release, password)


def withdraw_release(*, actor: Actor, release: SummaryRelease) -> None:
    """Nothing more can be printed from it."""
    require(actor, Permission.RELEASE_PRINTS, release)
    release.expires_at = min(release.expires_at, clock.now())
    audit.record(actor, "withdraw_release", release)
    for run in runs_of(release):
        end_run(run)


def _new_password() -> str:
    groups = (
        "".join(secrets.choice(ids.CODE_ALPHABET) for _ in range(PASSWORD_GROUP))
        for _ in range(PASSWORD_GROUPS)
    )
    return "-".join(groups)
