"""The desk's rail: the day's work first, and only what the role may do."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.access.guards import current_actor
from app.access.permissions import Permission
from app.access.policy import can


@dataclass(frozen=True)
class Stop:
    """One page that the rail leads to.

    `also` are the beginnings of other addresses behind it, `but` of those behind another stop.
    """

    endpoint: str
    label: str
    permission: Permission
    also: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """Stops that belong together, under a name."""

    label: str
    stops: tuple[Stop, ...]


RAIL = (
    Stretch(
        _l("Today"),
        (
            Stop("cases.queue", _l("Queue"), Permission.SEE_QUEUE),
            Stop("alarms.index", _l("Alerts"), Permission.RECEIVE_ALARMS),
            Stop("cases.index", _l("Cases"), Permission.WORK_CASE),
            Stop("appointments.index", _l("Interviews"), Permission.PLAN_INTERVIEWS),
            Stop("cases.care_notices", _l("Care notices"), Permission.READ_CARE_NOTICES),
            Stop("observations.new", _l("Report something noticed"), Permission.REPORT_OBSERVATION),
        ),
    ),
    Stretch(
        _l("Screening of students"),
        (
            Stop(
                "campaigns.index",
                _l("Campaigns"),
                Permission.SEE_CAMPAIGNS,
                also=("/swaps/", "/sittings/", "/psychometrics/"),
            ),
            Stop("statistics.index", _l("Reports"), Permission.SEE_STATISTICS),
            Stop("statistics.exports", _l("Research exports"), Permission.SEE_EXPORTS),
            Stop("statistics.office_forms", _l("Office forms"), Permission.FILL_OFFICE_FORMS),
            Stop("people.roster", _l("Roster"), Permission.SEE_ROSTER),
            Stop(
                "cases.releases",
                _l("Printing"),
                Permission.PRINT_RELEASED,
                also=("/print-runs/",),
                but=("/releases/new",),
            ),
            Stop("cases.new_release", _l("Release for printing"), Permission.RELEASE_PRINTS),
        ),
    ),
    Stretch(
        _l("School"),
        (
            Stop("people.duty", _l("Duty"), Permission.SEE_DUTY),
            Stop("cases.partners", _l("Partners"), Permission.MANAGE_PARTNERS),
            Stop("meetings.index", _l("Review meetings"), Permission.SEE_REVIEWS),
            Stop("meetings.samples", _l("Supervision"), Permission.SUPERVISE),
            Stop("people.sites", _l("Schools"), Permission.MANAGE_SITES),
        ),
    ),
    Stretch(
        _l("System"),
        (
            Stop(
                "authoring.index",
                _l("Instruments"),
                Permission.SEE_INSTRUMENTS,
                but=("/instruments/drafts",),
            ),
            Stop("authoring.drafts", _l("Drafts"), Permission.SEE_DRAFTS),
            Stop("people.staff", _l("Staff"), Permission.MANAGE_PEOPLE),
            Stop("access.audit", _l("Audit log"), Permission.SEE_AUDIT),
        ),
    ),
)


def my_rail() -> list[Stretch]:
    """What the person may open in the role they act in."""
    return [
        Stretch(stretch.label, stops) for stretch in RAIL if (stops := _open_to_me(stretch.stops))
    ]


def _open_to_me(stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    return tuple(stop for stop in stops if can(current_actor(), stop.permission))
