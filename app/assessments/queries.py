"""Reads of sittings and their answers."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Row, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload

from app.access.actor import Actor
from app.assessments import content
from app.assessments.board import Signs
from app.assessments.domain import CLOSING, TICKET_LASTS, AssessmentState, Talk
from app.assessments.given import SELECT_GIVEN, Given
from app.assessments.models import Assessment, Attribution, Response, Seat
from app.assessments.plan import Plan, neutral_plan, plan_of
from app.authoring.queries import instrument_of
from app.campaigns.models import Battery, Campaign, ComputerRoom, Invitation
from app.campaigns.queries import open_computer_rooms, visible_invitations
from app.people.models import Cohort, Student
from app.people.queries import next_duty, on_duty
from app.platform import clock
from app.platform.db import db, only

#: Answers can still be given; an expired sitting may be finished late.
GOES_ON = frozenset({AssessmentState.STARTED, AssessmentState.EXPIRED})


@dataclass(frozen=True)
class Place:
    """A student's place on the class board: the slip, and what is known of the sitting."""

    slip: Invitation
    signs: Signs
    seat: int | None


@dataclass(frozen=True)
class Asked:
    """Of a campaign that has begun, what every sitting needs at every answer."""

    public_id: str
    plan: Plan


@dataclass(frozen=True)
class Rest:
    """Nobody is on duty for a school; `until` is empty where nobody knows when somebody will be."""

    until: datetime | None


#: By database, battery → the pages. A battery never changes.
_plans: WeakKeyDictionary[Engine, dict[int, Plan]] = WeakKeyDictionary()
#: By database, what is asked by campaigns that have begun: that never changes either.
_asked: WeakKeyDictionary[Engine, dict[int, "Asked"]] = WeakKeyDictionary()

#: Built once: they are asked by every request of a sitting, and whenever somebody is flagged.
_BY_TICKET = select(Assessment).where(
    Assessment.ticket_hash == bindparam("hash"), Assessment.started_at > bindparam("since")
)
_GIVEN_IN = SELECT_GIVEN.where(Response.assessment_id == bindparam("sitting")).order_by(Response.id)
NEWEST_ATTRIBUTIONS = select(func.max(Attribution.id)).group_by(Attribution.assessment_id)
_NEWEST_OF = select(Attribution).where(
    Attribution.id.in_(
        NEWEST_ATTRIBUTIONS.where(
            Attribution.assessment_id.in_(bindparam("sittings", expanding=True))
        )
    )
)
_NEWEST_OWNER = (
    select(Attribution.student_id)
    .where(Attribution.assessment_id == bindparam("sitting"))
    .order_by(Attribution.id.desc())
    .limit(1)
)


def current_responses(assessment_id: int) -> dict[str, dict[str, Given]]:
    """The answer that counts for each item: instrument code → item code → the latest row.

    What was handed in stands: an answer that another device brings later fills a gap at most. What
    was taken back is not in it.
    """
    assessment = db.session.get(Assessment, assessment_id)
    submitted = assessment is not None and assessment.state is AssessmentState.SUBMITTED
    handed_in = assessment.finished_at if assessment and submitted else None
    rows = db.session.connection().execute(_GIVEN_IN, {"sitting": assessment_id})
    given = map(Given._make, rows)
    return {
        code: {item: row for item, row in items.items() if not row.is_withdrawn}
        for code, items in _latest(given, handed_in).items()
    }


def current_answers_of(
    sittings: Collection[int], instrument_code: str | None = None
) -> dict[int, dict[str, dict[str, Row[Any]]]]:
    """The same for many sittings at once, by sitting: what was chosen or refused, never a text.

    Of one instrument, where one is named.
    """
    query = (
        select(
            Response.assessment_id,
            Response.instrument_code,
            Response.item_code,
            Response.value,
            Response.refused,
            Response.received_at,
            Response.text_sealed.is_not(None).label("has_text"),
        )
        .where(Response.assessment_id.in_(sittings))
        .order_by(Response.assessment_id, Response.id)
    )
    if instrument_code is not None:
        query = query.where(Response.instrument_code == instrument_code)
    ended = case((Assessment.state == AssessmentState.SUBMITTED, Assessment.finished_at))
    ends = select(Assessment.id, ended.label("ended")).where(Assessment.id.in_(sittings))
    handed_in = {row.id: row.ended for row in db.session.execute(ends)}
    return {
        sitting: {
            code: {item: row for item, row in items.items() if _is_given(row)}
            for code, items in _latest(rows, handed_in[sitting]).items()
        }
        for sitting, rows in groupby(db.session.execute(query), key=attrgetter("assessment_id"))
    }


def _is_given(row: Row[Any]) -> bool:
    return row.value is not None or row.refused or row.has_text


def _latest(responses: Iterable[Any], handed_in: datetime | None) -> dict[str, dict[str, Any]]:
    latest: dict[str, dict[str, Any]] = {}
    for response in responses:
        items = latest.setdefault(response.instrument_code, {})
        if handed_in and response.received_at > handed_in and response.item_code in items:
            continue
        items[response.item_code] = response
    return latest


def sitting_by_ticket(ticket: str) -> Assessment | None:
    """The sitting that this ticket opens, under way or over, for as long as tickets last."""
    sought = {"hash": ticket_hash(ticket), "since": clock.now() - TICKET_LASTS}
    return db.session.scalar(_BY_TICKET, sought)


def latest_sitting(invitation: Invitation) -> Assessment | None:
    """The newest sitting that began with this slip."""
    query = select(Assessment).where(Assessment.invitation_id == invitation.id)
    return db.session.scalar(query.order_by(Assessment.id.desc()).limit(1))


def is_begun(invitation: Invitation) -> bool:
    """Whether the slip has a sitting that can be gone on with."""
    sitting = latest_sitting(invitation)
    return sitting is not None and sitting.state in GOES_ON


def places(actor: Actor, campaign: Campaign, cohort: Cohort) -> list[Place]:
    """A class as the board shows it, in the order of its list; who has left is not in it."""
    of_class = (Assessment.campaign_id == campaign.id, Assessment.cohort_id == cohort.id)
    latest = select(func.max(Assessment.id)).where(*of_class).group_by(Assessment.invitation_id)
    # Where a further sitting is asked for, the seat is that of the one that lists go on counting.
    counted = latest.join(Assessment.invitation).where(
        or_(
            Invitation.first_finished_at.is_(None),
            Assessment.started_at <= Invitation.first_finished_at,
        )
    )
    sitting = aliased(Assessment, select(Assessment).where(Assessment.id.in_(latest)).subquery())
    seated = aliased(Assessment, select(Assessment).where(Assessment.id.in_(counted)).subquery())
    query = (
        visible_invitations(actor, campaign)
        .add_columns(seated.seat)
        .add_columns(sitting.started_at, sitting.moved_at, sitting.heard_at, sitting.is_waiting)
        .join(Student, Student.id == Invitation.student_id)
        .outerjoin(sitting, (sitting.invitation_id == Invitation.id) & sitting.state.in_(GOES_ON))
        .outerjoin(seated, seated.invitation_id == Invitation.id)
        .where(Invitation.cohort_id == cohort.id, Student.left_at.is_(None))
        .options(contains_eager(Invitation.student))
        .order_by(Student.position, Invitation.id)
    )
    rows = db.session.execute(query)
    return [Place(slip, _signs(slip, *said), seat) for slip, seat, *said in rows]


def _signs(
    slip: Invitation,
    begun_at: datetime | None,
    moved_at: datetime | None,
    heard_at: datetime | None,
    is_waiting: bool | None,
) -> Signs:
    return Signs(
        first_begun_at=slip.begun_at,
        completed_at=slip.completed_at,
        begun_at=begun_at,
        moved_at=moved_at,
        heard_at=heard_at,
        is_waiting=bool(is_waiting),
        is_over=slip.finished_at is not None,
        wants_help=slip.help_wanted_at is not None,
        is_stopped=slip.is_locked or slip.disowned_at is not None,
    )


def rests(invitation: Invitation) -> Rest | None:
    """Whether a sitting must not begin at home now: every battery may call for somebody at once."""
    now = clock.now()
    if on_duty(invitation.site_id, now):
        return None
    comes = next_duty(invitation.site_id, now)
    is_too_late = comes is None or clock.local(comes).date() > invitation.campaign.closes_on
    return Rest(None if is_too_late else comes)


def under_way(
    *, campaign_id: int | None = None, before: datetime | None = None
) -> Sequence[Assessment]:
    """Sittings that nobody has finished: of one campaign, or begun before a moment; held.

    All at once and before anything else: who hands in at this moment is waited for, and not closed.
    """
    query = select(Assessment).where(Assessment.state == AssessmentState.STARTED)
    if campaign_id is not None:
        query = query.where(Assessment.campaign_id == campaign_id)
    if before is not None:
        query = query.where(Assessment.started_at < before)
    held = query.order_by(Assessment.id).with_for_update(**only(Assessment))
    return db.session.scalars(held, execution_options={"populate_existing": True}).all()


def plan_for(assessment: Assessment) -> Plan:
    """The pages of this sitting."""
    return _neutral_plan() if assessment.neutral else asked_in(assessment).plan


@cache
def _neutral_plan() -> Plan:
    return neutral_plan(content.neutral(), content.closing())


def asked_in(assessment: Assessment) -> Asked:
    """What this sitting's campaign asks; read once a process."""
    known = _asked.setdefault(db.engine, {})
    if assessment.campaign_id not in known:
        campaign = assessment.campaign
        known[campaign.id] = Asked(campaign.public_id, plan_of_battery(campaign.battery_id))
    return known[assessment.campaign_id]


def plan_of_battery(battery_id: int) -> Plan:
    """The pages of a battery."""
    known = _plans.setdefault(db.engine, {})
    if battery_id not in known:
        battery = db.session.get_one(Battery, battery_id)
        versions = [part.instrument_version for part in battery.parts]
        known[battery_id] = plan_of(map(instrument_of, versions), content.closing())
    return known[battery_id]


def ticket_hash(ticket: str) -> bytes:
    """What a table keeps of a ticket, or of the secret of a seat."""
    return hashlib.sha256(ticket.encode()).digest()


def seat_by_secret(secret: str) -> Seat | None:
    """The seat of the machine that keeps this secret, while its room is open."""
    rooms = open_computer_rooms().with_only_columns(ComputerRoom.id)
    query = (
        select(Seat)
        .join(Seat.room)
        .where(Seat.secret_hash == ticket_hash(secret), Seat.room_id.in_(rooms))
        .options(contains_eager(Seat.room))
    )
    return db.session.scalar(query)


def taken_seats(room: ComputerRoom) -> Sequence[int]:
    """The numbers that machines have taken already."""
    query = select(Seat.number).where(Seat.room_id == room.id).order_by(Seat.number)
    return db.session.scalars(query).all()


def owned_by(
    sitting: InstrumentedAttribute[int],
    named: InstrumentedAttribute[int | None],
    students: Collection[int] | Select[int],
) -> ColumnElement[bool]:
    """The condition that a row's answers are one of these students' own.

    `sitting` and `named` are the row's columns: which sitting it came from, and whom the slip
    names. Every read that asks what a student answered goes through this condition.
    """
    given = select(Attribution.assessment_id).where(
        Attribution.id.in_(NEWEST_ATTRIBUTIONS), Attribution.student_id.in_(students)
    )
    moved = select(Attribution.assessment_id)
    return or_(and_(named.in_(students), sitting.not_in(moved)), sitting.in_(given))


def is_attributed(sitting: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition that somebody has said whose answers the sitting's are."""
    return sitting.in_(select(Attribution.assessment_id))


def given_in(campaign_id: int) -> Select[int | None]:
    """Whose answers sittings of the campaign are because somebody has said so."""
    return (
        select(Attribution.student_id)
        .join(Attribution.assessment)
        .where(
            Attribution.id.in_(NEWEST_ATTRIBUTIONS),
            Attribution.student_id.is_not(None),
            Assessment.campaign_id == campaign_id,
        )
    )


def newest_attributions(assessment_ids: Collection[int]) -> dict[int, Attribution]:
    """What counts now, by sitting; a sitting that nobody spoke about is not in it."""
    asked = {"sittings": list(assessment_ids)}
    return {row.assessment_id: row for row in db.session.scalars(_NEWEST_OF, asked)}


def owner_of(assessment: Assessment) -> int | None:
    """Whose answers these are as far as anybody knows; of an open link's nobody can say."""
    if assessment.student_id is None:
        return None
    said = db.session.connection().execute(_NEWEST_OWNER, {"sitting": assessment.id}).first()
    return said.student_id if said else assessment.student_id


def attributions_of(assessment_ids: Collection[int]) -> Sequence[Attribution]:
    """Everything that was said about these sittings, in order."""
    query = (
        select(Attribution)
        .where(Attribution.assessment_id.in_(assessment_ids))
        .order_by(Attribution.id)
        .options(joinedload(Attribution.student), joinedload(Attribution.user))
    )
    return db.session.scalars(query).all()


def wants_to_talk_later(student_id: int) -> bool:
    """Whether the student said “later” the last time the closing question was answered."""
    query = (
        select(Response.value)
        .join(Assessment, Assessment.id == Response.assessment_id)
        .where(
            owned_by(Assessment.id, Assessment.student_id, [student_id]),
            Response.instrument_code == CLOSING,
            Response.item_code == "talk",
        )
        .order_by(Response.id.desc())
        .limit(1)
    )
    value = db.session.scalar(query)
    return value is not None and list(Talk)[int(value)] is Talk.LATER
