"""Reads of what a change would do to past results, and of the ledger of what was scored again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.access.actor import Actor
from app.assessments.models import Assessment
from app.authoring.models import InstrumentVersion
from app.platform.db import db
from app.results.changes import FALLEN
from app.results.domain import OPEN
from app.results.models import Administration, Rescoring, ScoreMove, Weighing
from app.results.queries import at_own_site

#: So many students are named on one page.
MOST_NAMED = 200


def weighings_of(*, code: str | None = None, draft_ref: str | None = None) -> Sequence[Weighing]:
    """What was asked about a version in service (by `code`) or about a draft, the newest first."""
    query = select(Weighing).order_by(Weighing.id.desc()).options(joinedload(Weighing.asked_by))
    if draft_ref is not None:
        query = query.where(Weighing.draft_ref == draft_ref)
    else:
        query = query.where(Weighing.instrument_code == code, Weighing.draft_ref.is_(None))
    return db.session.scalars(query).all()


def find_weighing(public_id: str) -> Weighing | None:
    """One of them; what it shows depends on who looks."""
    return db.session.scalar(select(Weighing).where(Weighing.public_id == public_id))


@dataclass(frozen=True)
class Named:
    """The first of those who move, and how many there are."""

    moves: Sequence[ScoreMove]
    total: int


def foreseen(actor: Actor, weighing: Weighing, *conditions: ColumnElement[bool]) -> Named:
    """Which sittings would move at the actor's schools."""
    return _named(
        actor, ScoreMove.weighing_id == weighing.id, ScoreMove.rescoring_id.is_(None), *conditions
    )


def moved_by(actor: Actor, rescoring: Rescoring, *conditions: ColumnElement[bool]) -> Named:
    """Which sittings at the school move: done as soon as it has begun, foreseen until then."""
    conditions = (ScoreMove.site_id == rescoring.site_id, *conditions)
    if not rescoring.done:
        return foreseen(actor, rescoring.weighing, *conditions)
    return _named(actor, ScoreMove.rescoring_id == rescoring.id, *conditions)


def has_fallen() -> ColumnElement[bool]:
    """The condition on a move that a flag stood which now is none, or calls less fast."""
    return and_(
        ScoreMove.kind == "flag",
        or_(*(and_(ScoreMove.was == was, ScoreMove.now == now) for was, now in FALLEN)),
    )


def _named(actor: Actor, *conditions: ColumnElement[bool]) -> Named:
    """Counted and cut by the database: there may be tens of thousands, and each has a name."""
    query = select(ScoreMove).join(ScoreMove.assessment).where(at_own_site(actor), *conditions)
    total = db.session.scalar(query.with_only_columns(func.count(ScoreMove.id)))
    first = query.order_by(ScoreMove.kind, ScoreMove.code, ScoreMove.id).limit(MOST_NAMED)
    whose = joinedload(ScoreMove.assessment).joinedload(Assessment.student)
    return Named(db.session.scalars(first.options(whose)).all(), total or 0)


def serving_version(weighing: Weighing) -> InstrumentVersion | None:
    """The version in service with exactly the text that was weighed, if there is one."""
    query = select(InstrumentVersion).where(
        InstrumentVersion.code == weighing.instrument_code,
        InstrumentVersion.content_hash == weighing.content_hash,
        InstrumentVersion.retired_at.is_(None),
    )
    return db.session.scalar(query)


def rescorings_of(actor: Actor, instrument_code: str) -> Sequence[Rescoring]:
    """The ledger of an instrument at the actor's schools, the newest first."""
    query = (
        _visible_rescorings(actor)
        .where(Weighing.instrument_code == instrument_code)
        .order_by(Rescoring.id.desc())
    )
    return db.session.scalars(query).all()


def find_rescoring(actor: Actor, public_id: str) -> Rescoring | None:
    """One entry of the ledger, at a school of the actor's."""
    return db.session.scalar(_visible_rescorings(actor).where(Rescoring.public_id == public_id))


def open_rescoring(instrument_code: str, site_id: int) -> Rescoring | None:
    """The re-scoring that waits for a decision, is under way or stuck at a school."""
    query = (
        select(Rescoring)
        .join(Rescoring.weighing)
        .where(
            Weighing.instrument_code == instrument_code,
            Rescoring.site_id == site_id,
            Rescoring.state.in_(OPEN),
        )
    )
    return db.session.scalars(query).first()


def revisions_of(assessment_id: int, version_id: int) -> int:
    """The last revision of a sitting's scoring by one version; 0 where there is none."""
    query = select(func.max(Administration.revision)).where(
        Administration.assessment_id == assessment_id,
        Administration.instrument_version_id == version_id,
    )
    return db.session.scalar(query) or 0


def _visible_rescorings(actor: Actor) -> Select[Rescoring]:
    query = (
        select(Rescoring)
        .join(Rescoring.weighing)
        .options(
            contains_eager(Rescoring.weighing),
            joinedload(Rescoring.site),
            joinedload(Rescoring.instrument_version),
            joinedload(Rescoring.proposed_by),
            joinedload(Rescoring.decided_by),
            joinedload(Rescoring.withdrawn_by),
        )
    )
    return query if actor.everywhere else query.where(Rescoring.site_id.in_(actor.site_ids))
