"""Writes of reports: kept once, and told to the counsellors in the same transaction."""

from collections.abc import Sequence

from app.access.actor import Actor
from app.access.guards import DeniedError, require
from app.access.permissions import Permission, Role
from app.observations import queries
from app.observations.content import signals_of, signs
from app.observations.domain import MOST_SIGNS, ObservationReported, SignsError, Since
from app.observations.models import ObservationReport
from app.people.models import Site, Student, User
from app.people.queries import calendar_of
from app.platform import audit, clock, events
from app.platform.db import db, only
from app.triage.rulebook import standard
from app.triage.rules import propose


def report_student(
    *, actor: Actor, student: Student, ticked: Sequence[str], since: Since, form_token: str
) -> ObservationReport:
    """Report what was noticed about a student of the own class."""
    require(actor, Permission.REPORT_OBSERVATION, student)
    chosen = [sign.code for sign in signs() if sign.code in ticked]
    if not 1 <= len(chosen) <= MOST_SIGNS or len(chosen) != len(set(ticked)):
        raise SignsError
    return _keep(actor, student.site, student, chosen, since, form_token)


def report_self(*, actor: Actor, form_token: str) -> ObservationReport:
    """A student observer asks for a talk; nothing else is asked."""
    require(actor, Permission.REPORT_OBSERVATION)
    site = queries.my_site(actor)
    if actor.role is not Role.STUDENT_OBSERVER or site is None:
        raise DeniedError(Permission.REPORT_OBSERVATION)
    return _keep(actor, site, None, [], None, form_token)


def _keep(
    actor: Actor,
    site: Site,
    student: Student | None,
    chosen: list[str],
    since: Since | None,
    form_token: str,
) -> ObservationReport:
    # Two presses at once: the later waits, and finds the report of the earlier.
    db.session.get_one(User, actor.user_id, with_for_update=only(User))
    if earlier := queries.report_by_token(actor, form_token):
        return earlier
    now = clock.now()
    report = ObservationReport(
        site_id=site.id,
        student=student,
        reporter_id=actor.user_id,
        signs=chosen,
        since=since,
        reported_at=now,
        due_at=propose(
            signals_of(chosen), now=now, calendar=calendar_of(site), book=standard()
        ).due_at,
        form_token=form_token,
    )
    db.session.add(report)
    db.session.flush()
    events.publish(ObservationReported(report.id))
    audit.record(actor, "report_observation", report, signs=len(chosen))
    return report
