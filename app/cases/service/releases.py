"""A counsellor lets site staff print summaries: whose, which rendering, how often, until when."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.campaigns.models import Campaign
from app.cases.domain.printing import ReleaseOverError, Rendering
from app.cases.models import SummaryRelease
from app.cases.queries import profiles
from app.cases.queries.guardians import may_be_written_home
from app.cases.queries.profiles import StudentProfile
from app.people.models import Cohort, Student
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
    cohort: Cohort,
    students: Sequence[Student],
    rendering: Rendering,
    locale: str,
    copies: int,
    days: int,
) -> Released:
    """Let the site's staff print these students' summaries `copies` times within `days`."""
    require(actor, Permission.RELEASE_PRINTS, cohort)
    password = _new_password() if rendering.holds_results else None
    now = clock.now()
    release = SummaryRelease(
        public_id=ids.new_public_id(),
        site_id=cohort.site_id,
        campaign_id=campaign.id,
        cohort_id=cohort.id,
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


def take_released(*, actor: Actor, release: SummaryRelease) -> list[StudentProfile]:
    """Use up one copy and hand over the profiles; each student's printing is recorded."""
    require(actor, Permission.PRINT_RELEASED, release)
    if not release.is_open_at(clock.now()):
        raise ReleaseOverError
    students = release.students
    if release.rendering is Rendering.GUARDIAN:
        students = may_be_written_home(students)
    if not students:
        raise ReleaseOverError
    release.copies_left -= 1
    found = profiles.profiles_of(actor, students, locale=release.locale, campaign=release.campaign)
    audit.record(
        actor,
        "print_release",
        release,
        rendering=release.rendering.value,
        students=[one.student.id for one in found],
    )
    return found


def give_back(*, actor: Actor, release: SummaryRelease) -> None:
    """The engine failed and no paper came out: the copy can be printed again."""
    require(actor, Permission.PRINT_RELEASED, release)
    release.copies_left += 1
    audit.record(actor, "give_back_copy", release)


def _new_password() -> str:
    groups = (
        "".join(secrets.choice(ids.CODE_ALPHABET) for _ in range(PASSWORD_GROUP))
        for _ in range(PASSWORD_GROUPS)
    )
    return "-".join(groups)
