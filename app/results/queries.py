"""Reads of scores and flags; every list starts from what the actor may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    Subquery,
    bindparam,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased, defer, joinedload, selectinload

from app.access.actor import Actor
from app.access.grants import Scope, granted
from app.assessments.domain import AssessmentState, AttributionKind
from app.assessments.models import Assessment, Attribution
from app.assessments.queries import (
    NEWEST_ATTRIBUTIONS,
    given_in,
    is_attributed,
    owned_by,
    owner_of,
)
from app.authoring.models import InstrumentVersion
from app.authoring.queries import compiled_of
from app.campaigns.models import BatteryPart, Campaign
from app.people.models import Student
from app.people.queries import visible_students
from app.platform.db import db
from app.results.models import (
    Administration,
    Flag,
    LocalNorm,
    MixUpReport,
    ScaleScore,
    SwapDismissal,
)
from app.scoring import CompiledInstrument

Scoped = TypeVar("Scoped", Administration, Flag)


@dataclass(frozen=True)
class Pinned:
    """The version of an instrument that a campaign uses, ready to score."""

    version_id: int
    compiled: CompiledInstrument

    @cached_property
    def critical(self) -> frozenset[str]:
        """The items whose answers cannot wait for the end."""
        return frozenset(item.code for item in self.compiled.instrument.items if item.critical)


#: Built once: every end of a sitting asks both, every watched answer the first.
_ANY_FLAG_OF = select(Flag.id).where(Flag.assessment_id == bindparam("sitting")).limit(1)
_FLAGS_OF = select(Flag).where(Flag.assessment_id == bindparam("sitting")).order_by(Flag.id)
_SCORINGS_OF = (
    select(Administration)
    .where(Administration.assessment_id == bindparam("sitting"))
    .order_by(Administration.id)
    .options(selectinload(Administration.scores))
)

#: By database and campaign. What an open campaign asks never changes, so nothing goes stale.
_pinned: WeakKeyDictionary[Engine, dict[int, Mapping[str, Pinned]]] = WeakKeyDictionary()


def visible_to(actor: Actor, kind: type[Scoped]) -> Select[Scoped]:
    """Results of the actor's sites, and of students (or anonymous sittings) whom a grant opens."""
    return select(kind).where(_in_scope(actor, kind))


def flags_of(actor: Actor, *, student_ids: Sequence[int]) -> Sequence[Flag]:
    """Every flag of what these students answered themselves, the oldest first."""
    query = (
        visible_to(actor, Flag)
        .where(owned_by(Flag.assessment_id, Flag.student_id, student_ids))
        .order_by(Flag.raised_at, Flag.id)
        .options(joinedload(Flag.assessment).joinedload(Assessment.campaign))
    )
    return db.session.scalars(query).all()


def history(actor: Actor, *, student_ids: Sequence[int]) -> Sequence[Administration]:
    """The latest scoring of everything these students ever answered, the oldest first."""
    query = (
        visible_to(actor, Administration)
        .join(Administration.assessment)
        .where(
            owned_by(Administration.assessment_id, Administration.student_id, student_ids),
            is_latest(),
        )
        .order_by(Assessment.started_at, Administration.id)
        .options(
            selectinload(Administration.scores),
            joinedload(Administration.assessment).joinedload(Assessment.campaign),
            joinedload(Administration.instrument_version).defer(InstrumentVersion.source),
            joinedload(Administration.rescoring),
        )
    )
    return db.session.scalars(query).all()


def flags_of_sitting(assessment_id: int) -> Sequence[Flag]:
    """Every flag of one sitting, for the service that adds to them.

    Most sittings have none, which a glance tells for a third of what reading objects costs.
    """
    asked = {"sitting": assessment_id}
    if db.session.connection().execute(_ANY_FLAG_OF, asked).first() is None:
        return ()
    return db.session.scalars(_FLAGS_OF, asked).all()


def latest_of_sitting(assessment_id: int) -> Sequence[Administration]:
    """The newest scoring of each instrument of one sitting, by whatever version."""
    rows = db.session.scalars(_SCORINGS_OF, {"sitting": assessment_id})
    return list({row.instrument_code: row for row in rows}.values())


def scores_before(assessment: Assessment, *, instrument_code: str) -> Mapping[str, float]:
    """By scale, the student's scores in the last earlier sitting with this instrument."""
    owner = owner_of(assessment)
    if owner is None:
        return {}
    last = (
        select(Administration.id)
        .join(Administration.assessment)
        .where(
            owned_by(Administration.assessment_id, Administration.student_id, [owner]),
            Administration.instrument_code == instrument_code,
            Assessment.started_at < assessment.started_at,
        )
        .order_by(Assessment.started_at.desc(), Administration.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(ScaleScore.scale, ScaleScore.score).where(ScaleScore.administration_id == last)
    return {scale: score for scale, score in db.session.execute(query) if score is not None}


def took_part(campaign_id: int) -> ColumnElement[bool]:
    """The condition on a student that scores or flags of the campaign are theirs."""
    scored = select(Administration.student_id).where(
        Administration.campaign_id == campaign_id, ~is_attributed(Administration.assessment_id)
    )
    flagged = select(Flag.student_id).where(
        Flag.campaign_id == campaign_id, ~is_attributed(Flag.assessment_id)
    )
    given = given_in(campaign_id)
    return or_(Student.id.in_(scored), Student.id.in_(flagged), Student.id.in_(given))


def versions_of(campaign_id: int) -> dict[str, InstrumentVersion]:
    """The instruments of a campaign's battery by code, in their order, pinned to their version."""
    query = (
        select(InstrumentVersion)
        .join(BatteryPart, BatteryPart.instrument_version_id == InstrumentVersion.id)
        .join(Campaign, Campaign.battery_id == BatteryPart.battery_id)
        .where(Campaign.id == campaign_id)
        .order_by(BatteryPart.position)
        .options(defer(InstrumentVersion.source))
    )
    return {version.code: version for version in db.session.scalars(query)}


def pinned_in(campaign_id: int) -> Mapping[str, Pinned]:
    """The same, ready to score; asked at every tap, so that it is read once a process."""
    known = _pinned.setdefault(db.engine, {})
    if campaign_id not in known:
        known[campaign_id] = {
            code: Pinned(version.id, compiled_of(version))
            for code, version in versions_of(campaign_id).items()
        }
    return known[campaign_id]


def first_sittings(*within: ColumnElement[bool]) -> Subquery:
    """Whoever is counted is counted once: with the first scored sitting that is theirs.

    Reports, measurements and norms all count by this rule. A second sitting comes after a talk
    about the first; a sitting that belongs to nobody (detached, or by an open link) is in none.
    """
    said = aliased(
        Attribution, select(Attribution).where(Attribution.id.in_(NEWEST_ATTRIBUTIONS)).subquery()
    )
    owner = func.coalesce(said.student_id, Assessment.student_id)
    return (
        select(func.min(Assessment.id).label("id"), owner.label("student_id"))
        .outerjoin(said, said.assessment_id == Assessment.id)
        .join(Administration, Administration.assessment_id == Assessment.id)
        .where(*within, owner.is_not(None), or_(said.id.is_(None), said.student_id.is_not(None)))
        .group_by(owner)
        .subquery()
    )


def sittings_around(actor: Actor, student: Student) -> Sequence[Assessment]:
    """Sittings with the student's slip and those given to them, newest first."""
    is_theirs = owned_by(Assessment.id, Assessment.student_id, [student.id])
    query = (
        select(Assessment)
        .where(or_(Assessment.student_id == student.id, is_theirs), at_own_site(actor))
        .order_by(Assessment.started_at.desc(), Assessment.id.desc())
        .options(joinedload(Assessment.campaign), joinedload(Assessment.student))
    )
    return db.session.scalars(query).all()


def find_sitting(actor: Actor, public_id: str) -> Assessment | None:
    """One sitting with a slip, at a school of the actor's."""
    query = select(Assessment).where(
        Assessment.public_id == public_id,
        Assessment.student_id.is_not(None),
        at_own_site(actor),
    )
    return db.session.scalar(query)


def classmates(actor: Actor, student: Student) -> Sequence[Student]:
    """The others of the class, in the order of its list."""
    query = visible_students(actor).where(
        Student.cohort_id == student.cohort_id, Student.id != student.id
    )
    return db.session.scalars(query).all()


def mix_ups(actor: Actor, campaign: Campaign) -> Sequence[MixUpReport]:
    """Which slips were reported to have been in other hands, newest first."""
    query = (
        select(MixUpReport)
        .where(MixUpReport.campaign_id == campaign.id)
        .order_by(MixUpReport.id.desc())
        .options(
            joinedload(MixUpReport.student),
            joinedload(MixUpReport.other),
            joinedload(MixUpReport.user),
        )
    )
    if not actor.everywhere:
        query = query.where(MixUpReport.site_id.in_(actor.site_ids))
    return db.session.scalars(query).all()


def swap_dismissals(campaign: Campaign) -> Sequence[SwapDismissal]:
    """Pairs of the campaign at which somebody has looked, in order."""
    query = (
        select(SwapDismissal)
        .where(SwapDismissal.campaign_id == campaign.id)
        .order_by(SwapDismissal.id)
        .options(joinedload(SwapDismissal.user))
    )
    return db.session.scalars(query).all()


def standing_norms(site_ids: Collection[int]) -> Sequence[LocalNorm]:
    """The schools' own norms that profiles show: at most one a school and instrument."""
    query = (
        select(LocalNorm)
        .where(
            LocalNorm.site_id.in_(site_ids),
            LocalNorm.approved_at.is_not(None),
            LocalNorm.retired_at.is_(None),
        )
        .options(
            joinedload(LocalNorm.campaign),
            selectinload(LocalNorm.further),
            joinedload(LocalNorm.instrument_version).defer(InstrumentVersion.source),
        )
    )
    return db.session.scalars(query).all()


def waiting_norms(site_id: int, campaign_id: int, instrument_code: str) -> Sequence[LocalNorm]:
    """Norms of one school, campaign and instrument that nobody has approved yet."""
    query = select(LocalNorm).where(
        LocalNorm.site_id == site_id,
        LocalNorm.campaign_id == campaign_id,
        LocalNorm.instrument_code == instrument_code,
        LocalNorm.approved_at.is_(None),
        LocalNorm.retired_at.is_(None),
    )
    return db.session.scalars(query).all()


def norms_of(actor: Actor, campaign: Campaign) -> Sequence[LocalNorm]:
    """Norms of the actor's schools that were made of the campaign, or of it too; none retired."""
    made_of = or_(
        LocalNorm.campaign_id == campaign.id, LocalNorm.further.any(Campaign.id == campaign.id)
    )
    query = (
        _visible_norms(actor)
        .where(made_of, LocalNorm.retired_at.is_(None))
        .order_by(LocalNorm.site_id, LocalNorm.id)
        .options(
            joinedload(LocalNorm.site),
            joinedload(LocalNorm.campaign),
            selectinload(LocalNorm.further),
            joinedload(LocalNorm.instrument_version),
            joinedload(LocalNorm.made_by),
            joinedload(LocalNorm.approved_by),
        )
    )
    return db.session.scalars(query).all()


def find_norm(actor: Actor, public_id: str) -> LocalNorm | None:
    """One of them."""
    return db.session.scalar(_visible_norms(actor).where(LocalNorm.public_id == public_id))


def _visible_norms(actor: Actor) -> Select[LocalNorm]:
    query = select(LocalNorm)
    return query if actor.everywhere else query.where(LocalNorm.site_id.in_(actor.site_ids))


def undecided(actor: Actor) -> Select[Assessment]:
    """Sittings that were stopped as somebody else's and about which no person has decided."""
    decided = select(Attribution.assessment_id).where(Attribution.kind != AttributionKind.DISOWNED)
    return (
        select(Assessment)
        .where(
            Assessment.state == AssessmentState.DISPUTED,
            Assessment.id.not_in(decided),
            at_own_site(actor),
        )
        .order_by(Assessment.id)
        .options(joinedload(Assessment.student).joinedload(Student.cohort))
    )


def undecided_of(actor: Actor, campaign: Campaign) -> Sequence[Assessment]:
    """Those of one campaign."""
    query = undecided(actor).where(Assessment.campaign_id == campaign.id)
    return db.session.scalars(query).all()


def at_own_site(actor: Actor) -> ColumnElement[bool]:
    """The condition that a sitting is of a school of the actor's."""
    return true() if actor.everywhere else Assessment.site_id.in_(actor.site_ids)


def is_latest() -> ColumnElement[bool]:
    """The condition that no newer scoring of the instrument stands, by whatever version."""
    newer = Administration.__table__.alias("newer")
    newest = (
        select(func.max(newer.c.id))
        .where(
            newer.c.assessment_id == Administration.assessment_id,
            newer.c.instrument_code == Administration.instrument_code,
        )
        .scalar_subquery()
    )
    return Administration.id == newest


def _in_scope(actor: Actor, kind: type[Scoped]) -> ColumnElement[bool]:
    if actor.everywhere:
        return true()
    return or_(
        kind.site_id.in_(actor.site_ids),
        owned_by(kind.assessment_id, kind.student_id, granted(actor, Scope.STUDENT)),
        kind.assessment_id.in_(granted(actor, Scope.ASSESSMENT)),
    )
