"""Writes of repeated measures: planned, given out as a slip, ended."""

from datetime import date

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.authoring.domain import UnknownInstrumentError
from app.campaigns import service as campaigns
from app.campaigns.domain import PlanError
from app.cases.domain.errors import InstrumentError, MeasureDateError, StepError
from app.cases.domain.measures import SLIP_LASTS, Every, next_due
from app.cases.domain.story import Happening
from app.cases.models import Case, Measure, MeasureSlip
from app.cases.queries.measures import measurable, running_measure
from app.cases.service.cases import require_open
from app.cases.service.story import tell
from app.platform import audit, clock
from app.platform.db import db


def plan_measure(
    *,
    actor: Actor,
    case: Case,
    instrument_code: str,
    every: Every,
    first_on: date,
    until_on: date | None,
) -> Measure:
    """Repeat an instrument from a day on, until a day or for as long as the case is open."""
    require(actor, Permission.WORK_CASE, case)
    require_open(case)
    is_measurable = instrument_code in {version.code for version in measurable()}
    if not is_measurable or running_measure(case, instrument_code):
        raise InstrumentError
    if first_on < clock.today() or (until_on is not None and until_on < first_on):
        raise MeasureDateError
    measure = Measure(
        site_id=case.site_id,
        case=case,
        instrument_code=instrument_code,
        every_days=int(every),
        until_on=until_on,
        next_due_on=first_on,
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    db.session.add(measure)
    tell(case, Happening.MEASURE_PLANNED, actor, instrument=instrument_code, days=int(every))
    audit.record(actor, "plan_measure", measure, instrument=instrument_code)
    return measure


def give_measure(*, actor: Actor, measure: Measure) -> MeasureSlip:
    """Make the slip for the repetition that is due; the rhythm goes on to the next one."""
    case = measure.case
    require(actor, Permission.WORK_CASE, case)
    require_open(case)
    if measure.ended_at is not None:
        raise StepError
    try:
        invitation = campaigns.invite_to_follow_up(
            actor=actor,
            student=case.student,
            instrument_code=measure.instrument_code,
            until=clock.today() + SLIP_LASTS,
        )
    except (PlanError, UnknownInstrumentError) as error:
        raise InstrumentError from error
    slip = MeasureSlip(
        site_id=case.site_id,
        measure=measure,
        due_on=measure.next_due_on,
        invitation=invitation,
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    db.session.add(slip)
    measure.next_due_on = next_due(measure.next_due_on, measure.every_days, today=clock.today())
    if measure.until_on is not None and measure.next_due_on > measure.until_on:
        measure.ended_at = clock.now()
    tell(case, Happening.MEASURE_GIVEN, actor, instrument=measure.instrument_code)
    audit.record(actor, "give_measure", slip, instrument=measure.instrument_code)
    return slip


def end_measure(*, actor: Actor, measure: Measure) -> None:
    """Repeat it no more; what was answered stays."""
    require(actor, Permission.WORK_CASE, measure)
    if measure.ended_at is not None:
        raise StepError
    measure.ended_at = clock.now()
    tell(measure.case, Happening.MEASURE_ENDED, actor, instrument=measure.instrument_code)
    audit.record(actor, "end_measure", measure, instrument=measure.instrument_code)
