"""The whole law: each permission, and who has it where. What is not written here is denied."""

from typing import Any

from app.access.actor import Actor
from app.access.permissions import Permission, Role
from app.access.predicates import (
    Predicate,
    acts_as,
    anywhere,
    own_class,
    own_site,
    own_writing,
    unbound,
)

STAFF = list(Role)


def _each(roles: list[Role], place: Predicate) -> list[list[Predicate]]:
    return [[acts_as(role), place] for role in roles]


POLICY: dict[Permission, list[list[Predicate]]] = {
    Permission.USE_DESK: _each(STAFF, anywhere),
    Permission.SEE_INSTRUMENTS: _each(
        [Role.COUNSELLOR, Role.CRISIS_LEAD, Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR],
        anywhere,
    ),
    Permission.PUBLISH_INSTRUMENTS: _each([Role.ADMINISTRATOR], anywhere),
    Permission.SEE_DRAFTS: _each([Role.AUTHOR, Role.REVIEWER], anywhere),
    Permission.WRITE_INSTRUMENTS: _each([Role.AUTHOR], own_writing),
    Permission.REVIEW_INSTRUMENTS: _each([Role.REVIEWER], anywhere),
    Permission.SEE_ROSTER: _each([Role.SITE_STAFF, Role.ADMINISTRATOR, Role.PROCTOR], own_site)
    + _each([Role.CLASS_TEACHER], own_class),
    Permission.IMPORT_ROSTER: _each([Role.SITE_STAFF, Role.ADMINISTRATOR], own_site),
    Permission.RECORD_CONSENT: _each([Role.SITE_STAFF, Role.ADMINISTRATOR], own_site)
    + _each([Role.CLASS_TEACHER], own_class),
    Permission.SEE_CAMPAIGNS: _each(
        [
            Role.ADMINISTRATOR,
            Role.SITE_STAFF,
            Role.SCHOOL_HEAD,
            Role.PROCTOR,
            Role.COUNSELLOR,
            Role.CRISIS_LEAD,
        ],
        own_site,
    )
    + _each([Role.CLASS_TEACHER], own_class),
    Permission.MANAGE_CAMPAIGNS: _each([Role.ADMINISTRATOR], own_site),
    Permission.PRINT_SLIPS: _each([Role.ADMINISTRATOR, Role.SITE_STAFF, Role.PROCTOR], own_site),
    Permission.SEE_COMPLETION: _each(
        [
            Role.PROCTOR,
            Role.SITE_STAFF,
            Role.ADMINISTRATOR,
            Role.COUNSELLOR,
            Role.CRISIS_LEAD,
        ],
        own_site,
    )
    + _each([Role.CLASS_TEACHER], own_class),
    Permission.WATCH_CLASS: _each(
        [Role.PROCTOR, Role.SITE_STAFF, Role.COUNSELLOR, Role.CRISIS_LEAD], own_site
    ),
    Permission.FREE_SLIP: _each([Role.SITE_STAFF, Role.PROCTOR], own_site),
    Permission.REPORT_MIX_UP: _each(
        [Role.SITE_STAFF, Role.PROCTOR, Role.COUNSELLOR, Role.CRISIS_LEAD], own_site
    )
    + _each([Role.CLASS_TEACHER], own_class),
    Permission.RIGHT_SITTINGS: _each([Role.COUNSELLOR, Role.CRISIS_LEAD], own_site),
    Permission.REPORT_OBSERVATION: _each([Role.CLASS_TEACHER, Role.STUDENT_OBSERVER], own_class),
    Permission.SEE_QUEUE: _each([Role.COUNSELLOR, Role.CRISIS_LEAD], own_site),
    Permission.WORK_QUEUE: _each([Role.COUNSELLOR, Role.CRISIS_LEAD], own_site),
    Permission.ASSIGN_QUEUE: _each([Role.CRISIS_LEAD], own_site),
    Permission.RECEIVE_ALARMS: _each(
        [Role.COUNSELLOR, Role.CRISIS_LEAD, Role.SCHOOL_HEAD], own_site
    ),
    Permission.SEE_PROFILE: _each([Role.COUNSELLOR, Role.CRISIS_LEAD], own_site),
    Permission.WORK_CASE: _each([Role.COUNSELLOR, Role.CRISIS_LEAD], own_site),
    Permission.READ_PRIVATE_NOTE: _each([Role.CRISIS_LEAD], own_site)
    + _each([Role.COUNSELLOR], own_writing),
    Permission.REASSIGN_CASES: _each([Role.CRISIS_LEAD], own_site),
    Permission.MANAGE_PARTNERS: _each(
        [Role.COUNSELLOR, Role.CRISIS_LEAD, Role.ADMINISTRATOR], own_site
    ),
    Permission.READ_CARE_NOTICES: _each([Role.CLASS_TEACHER], own_class),
    Permission.PLAN_INTERVIEWS: _each([Role.COUNSELLOR, Role.CRISIS_LEAD], own_site),
    Permission.SEE_TAGS: _each([Role.COUNSELLOR, Role.CRISIS_LEAD], own_site),
    Permission.RELEASE_PRINTS: _each([Role.COUNSELLOR], own_site),
    Permission.PRINT_RELEASED: _each([Role.SITE_STAFF], own_site),
    Permission.SEE_REVIEWS: _each([Role.COUNSELLOR, Role.CRISIS_LEAD, Role.SCHOOL_HEAD], own_site),
    Permission.HOLD_REVIEWS: _each([Role.CRISIS_LEAD, Role.SCHOOL_HEAD], own_site),
    Permission.SEE_STATISTICS: _each(
        [
            Role.COUNSELLOR,
            Role.CRISIS_LEAD,
            Role.SCHOOL_HEAD,
            Role.PROGRAMME_OFFICER,
            Role.ADMINISTRATOR,
        ],
        own_site,
    ),
    Permission.SEE_EXPORTS: _each(
        [Role.CRISIS_LEAD, Role.PROGRAMME_OFFICER, Role.SCHOOL_HEAD, Role.ADMINISTRATOR], own_site
    ),
    Permission.REQUEST_EXPORTS: _each([Role.CRISIS_LEAD, Role.PROGRAMME_OFFICER], own_site),
    Permission.APPROVE_EXPORTS: _each(
        [Role.SCHOOL_HEAD, Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR], own_site
    ),
    Permission.FILL_OFFICE_FORMS: _each(
        [
            Role.SITE_STAFF,
            Role.COUNSELLOR,
            Role.CRISIS_LEAD,
            Role.SCHOOL_HEAD,
            Role.ADMINISTRATOR,
        ],
        own_site,
    ),
    Permission.WEIGH_CHANGES: _each(
        [Role.AUTHOR, Role.REVIEWER, Role.COUNSELLOR, Role.CRISIS_LEAD], anywhere
    ),
    Permission.PROPOSE_RESCORING: _each([Role.COUNSELLOR, Role.CRISIS_LEAD], own_site),
    Permission.APPROVE_RESCORING: _each([Role.CRISIS_LEAD], own_site),
    Permission.SEE_PSYCHOMETRICS: _each([Role.COUNSELLOR, Role.CRISIS_LEAD], own_site),
    Permission.SEE_ITEM_FIGURES: _each([Role.AUTHOR, Role.REVIEWER], anywhere),
    Permission.APPROVE_NORMS: _each([Role.CRISIS_LEAD], own_site),
    Permission.SUPERVISE: _each([Role.CRISIS_LEAD], own_site),
    Permission.SEE_DUTY: _each(
        [Role.COUNSELLOR, Role.CRISIS_LEAD, Role.SITE_STAFF, Role.SCHOOL_HEAD, Role.ADMINISTRATOR],
        anywhere,
    ),
    Permission.MANAGE_DUTY: _each([Role.CRISIS_LEAD, Role.ADMINISTRATOR], own_site),
    Permission.HOLD_DRILLS: _each([Role.CRISIS_LEAD, Role.ADMINISTRATOR], own_site),
    Permission.MANAGE_SITES: _each(
        [Role.SITE_STAFF, Role.CRISIS_LEAD, Role.ADMINISTRATOR], own_site
    ),
    Permission.MANAGE_PEOPLE: _each([Role.ADMINISTRATOR], unbound),
    Permission.IMPORT_RESPONSES: _each([Role.ADMINISTRATOR], own_site),
    Permission.SEE_AUDIT: _each([Role.AUDITOR], unbound),
}


def can(actor: Actor, permission: Permission, target: Any = None) -> bool:
    """Whether the policy allows it; the machine's operator may do everything."""
    if actor.is_operator:
        return True
    return any(all(holds(actor, target) for holds in rule) for rule in POLICY.get(permission, []))
