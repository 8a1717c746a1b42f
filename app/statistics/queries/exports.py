"""Research exports: requests that an actor may see, and the rows that a file is made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import can
from app.assessments.branches import Branches
from app.assessments.models import Assessment
from app.assessments.queries import current_answers_of
from app.authoring.queries import instrument_of
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, CampaignSite
from app.campaigns.queries import visible_campaigns
from app.instruments.model import Instrument
from app.people.domain import Sex, age_on
from app.people.models import Cohort, RoleAssignment, Site, Student, User
from app.people.queries import refused_by_guardians, visible_sites
from app.people.service.logins import actor_of
from app.platform import clock
from app.platform.db import db
from app.results import quality
from app.results.models import Administration, ScaleScore
from app.results.queries import versions_of
from app.statistics.domain.answers import (
    answers_in,
    band_name,
    bands_in_order,
    doubtful_name,
    score_name,
)
from app.statistics.domain.exports import (
    OPEN,
    SCHOOL_LETTERS,
    Detail,
    ExportState,
    Traits,
    age_group,
    pseudonym,
    stage_of,
    weeks_since,
)
from app.statistics.models import ResearchExport, ResearchExportSite
from app.statistics.queries.quality import outcomes_at
from app.statistics.queries.sittings import counted_sittings

#: Sittings whose answers are held at a time: memory stays the same however many there are.
BATCH = 500

_SEX_CODES = {Sex.MALE.value: 1, Sex.FEMALE.value: 2}

#: What stands in a row, by the name of its variable.
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Respondent:
    """A sitting that is exported, and what is known of whose it is."""

    sitting_id: int
    student_id: int
    pseudonym: str
    traits: Traits


def visible_exports(actor: Actor) -> Select[ResearchExport]:
    """Exports that hold answers of one of the actor's schools, newest first.

    Who answers for one school of several sees what is asked of it, and by whom it can be approved;
    approving, stopping and taking is for who answers for all of them.
    """
    query = (
        select(ResearchExport)
        .options(
            joinedload(ResearchExport.asked_by),
            joinedload(ResearchExport.decided_by),
            selectinload(ResearchExport.campaigns),
            selectinload(ResearchExport.sites),
        )
        .order_by(ResearchExport.id.desc())
    )
    if actor.everywhere:
        return query
    here = select(ResearchExportSite.export_id).where(
        ResearchExportSite.site_id.in_(actor.site_ids)
    )
    return query.where(ResearchExport.id.in_(here))


def answers_for_all(actor: Actor, export: ResearchExport) -> bool:
    """Whether every school of the export is the actor's."""
    return actor.everywhere or {site.id for site in export.sites} <= actor.site_ids


def approvers_of(export: ResearchExport) -> list[User]:
    """Everybody but who asked who may approve it in one of their roles, which covers its schools.

    The role decides, not several people together: each would answer for a part that, alone, says
    nothing about how far people stand out in the whole.
    """
    ids = [site.id for site in export.sites]
    near = RoleAssignment.site_id.in_(ids) | RoleAssignment.site_id.is_(None)
    query = (
        select(User)
        .where(
            User.active,
            User.id != export.asked_by_id,
            User.id.in_(select(RoleAssignment.user_id).where(near)),
        )
        .options(selectinload(User.assignments))
    )
    found = [user for user in db.session.scalars(query) if _may_approve(user, export)]
    return sorted(found, key=lambda user: user.name or "")


def _may_approve(user: User, export: ResearchExport) -> bool:
    actors = [actor_of(user, role) for role in {one.role for one in user.assignments}]
    return any(
        all(can(actor, Permission.APPROVE_EXPORTS, site) for site in export.sites)
        for actor in actors
    )


def find_export(actor: Actor, public_id: str) -> ResearchExport | None:
    """One of them."""
    return db.session.scalar(visible_exports(actor).where(ResearchExport.public_id == public_id))


def exportable_campaigns(actor: Actor) -> Sequence[Campaign]:
    """Campaigns in which somebody may have answered, newest first."""
    query = visible_campaigns(actor).where(Campaign.state != CampaignState.DRAFT)
    return db.session.scalars(query).all()


def exportable_sites(actor: Actor) -> Sequence[Site]:
    """The schools of the actor's role."""
    return db.session.scalars(visible_sites(actor)).all()


def instruments_in(campaigns: Sequence[Campaign]) -> dict[str, Instrument]:
    """What the campaigns ask, by code, as the last of them asks it."""
    found: dict[str, Instrument] = {}
    for campaign in sorted(campaigns, key=lambda one: one.opens_on):
        found |= {code: instrument_of(one) for code, one in versions_of(campaign.id).items()}
    return found


def respondents(export: ResearchExport, campaign: Campaign, key: bytes) -> list[Respondent]:
    """Whose answers of one campaign are exported, in the order of their pseudonyms.

    Students whose guardian refused or withdrew are left out; nobody who declined has a score. The
    order of the class list, by which a name could be found again, is gone.
    """
    taking_part = select(CampaignSite.site_id).where(CampaignSite.campaign_id == campaign.id)
    there = set(db.session.scalars(taking_part))
    found = [
        one
        for site in export.sites
        if site.id in there
        for one in _respondents_at(site, campaign, key)
    ]
    return sorted(found, key=lambda one: one.pseudonym)


def _respondents_at(site: Site, campaign: Campaign, key: bytes) -> Iterator[Respondent]:
    sittings = counted_sittings(campaign.id, site.id)
    query = (
        select(
            sittings.c.id,
            Student.id,
            Student.public_id,
            Student.birth_date_sealed,
            sittings.c.sex,
            Cohort.grade,
            Assessment.started_at,
        )
        .join(Assessment, Assessment.id == sittings.c.id)
        .join(Student, Student.id == sittings.c.student_id)
        .join(Cohort, Cohort.id == sittings.c.cohort_id)
    )
    kept_out = refused_by_guardians(select(sittings.c.student_id))
    school = pseudonym(key, site.public_id, SCHOOL_LETTERS)
    for sitting_id, student_id, name, born, sex, grade, started_at in db.session.execute(query):
        if student_id in kept_out:
            continue
        day = clock.local(started_at).date()
        birth_date = Student.birth_date.open(Student, name, born)
        yield Respondent(
            sitting_id,
            student_id,
            pseudonym(key, name),
            Traits(
                school,
                grade,
                sex.value if sex else None,
                age_on(birth_date, day) if birth_date else None,
                weeks_since(campaign.opens_on, day),
            ),
        )


def answered_rows(
    export: ResearchExport, campaign: Campaign, people: Sequence[Respondent]
) -> Iterator[list[Row]]:
    """The rows of these people, some at a time, in the same order."""
    asked = {
        code: instrument
        for code, instrument in instruments_in([campaign]).items()
        if code in export.instruments
    }
    pinned = [one.id for code, one in versions_of(campaign.id).items() if code in asked]
    branches = {code: Branches.of(instrument) for code, instrument in asked.items()}
    outcomes = _outcomes(campaign, export) if export.has_outcome else {}
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        ids = [one.sitting_id for one in some]
        given, scored = current_answers_of(ids), _scores(ids, asked, pinned)
        rows = []
        for one in some:
            row = _traits(one, export.detail)
            for code, instrument in asked.items():
                said = given.get(one.sitting_id, {}).get(code, {})
                hidden = branches[code].hidden(said)
                row |= answers_in(instrument, said, hidden)
            row |= scored.get(one.sitting_id, {})
            if export.has_outcome:
                row["confirmed"] = outcomes.get(one.student_id)
            rows.append(row)
        yield rows


def _traits(one: Respondent, detail: Detail) -> Row:
    traits = one.traits
    row: Row = {"id": one.pseudonym, "sex": _SEX_CODES.get(traits.sex or "")}
    if detail is Detail.STAGES:
        return row | {"stage": stage_of(traits.grade), "age_group": age_group(traits.age)}
    row |= {"week": traits.week, "grade": traits.grade, "age": traits.age}
    return row | {"school": traits.school} if detail is Detail.SCHOOLS else row


def _scores(
    ids: Sequence[int], asked: Mapping[str, Instrument], pinned: Sequence[int]
) -> Mapping[int, Row]:
    """By sitting, the scores and bands that were stored, and whether answers can be relied on.

    Of the versions that were asked (`pinned`), as the codebook describes them, whatever another
    version has said of the same answers since. Of several scorings the newest comes last.
    """
    query = (
        select(
            Administration.assessment_id,
            Administration.instrument_code,
            Administration.quality,
            ScaleScore.scale,
            ScaleScore.score,
            ScaleScore.band,
        )
        .join(ScaleScore, ScaleScore.administration_id == Administration.id)
        .where(
            Administration.assessment_id.in_(ids),
            Administration.instrument_version_id.in_(pinned),
        )
        .order_by(Administration.id)
    )
    numbers = {
        (code, scale.code): bands_in_order(scale)
        for code, instrument in asked.items()
        for scale in instrument.scales
    }
    found: dict[int, Row] = {}
    for sitting, code, notes, scale, score, band in db.session.execute(query):
        row = found.setdefault(sitting, {})
        row[score_name(asked[code], scale)] = score
        row[band_name(asked[code], scale)] = numbers[code, scale].get(band)
        row[doubtful_name(asked[code])] = int(bool(quality.poor(notes)))
    return found


def _outcomes(campaign: Campaign, export: ResearchExport) -> dict[int, int]:
    return {
        student: int(has_need)
        for site in export.sites
        for student, has_need in outcomes_at(campaign.id, site.id).items()
    }


def due_exports(now: datetime) -> Sequence[ResearchExport]:
    """What waits for a decision, a writer or a reader and has waited too long."""
    query = select(ResearchExport).where(
        ResearchExport.state.in_(OPEN), ResearchExport.expires_at <= now
    )
    return db.session.scalars(query).all()


def is_writing() -> bool:
    """Whether any export is to be written, or is being written."""
    query = select(ResearchExport.id).where(ResearchExport.state == ExportState.APPROVED)
    return db.session.scalar(query.limit(1)) is not None


def ready_exports() -> Sequence[ResearchExport]:
    """Whose files wait to be taken."""
    query = select(ResearchExport).where(ResearchExport.state == ExportState.READY)
    return db.session.scalars(query).all()


def stuck_exports(silent_since: datetime) -> Sequence[int]:
    """What is to be weighed or written and at which nobody works any more."""
    unweighed = and_(
        ResearchExport.state == ExportState.ASKED,
        ResearchExport.risks.is_(None),
        ResearchExport.asked_at <= silent_since,
    )
    unwritten = and_(
        ResearchExport.state == ExportState.APPROVED,
        or_(ResearchExport.moved_at.is_(None), ResearchExport.moved_at <= silent_since),
        ResearchExport.decided_at <= silent_since,
    )
    query = select(ResearchExport.id).where(or_(unweighed, unwritten))
    return db.session.scalars(query).all()
