"""The whole law: each permission, and who has it where. What is not written here is denied."""

from typing import Any

from app.access.actor import Actor
from app.access.permissions import Permission as P
from app.access.permissions import Role as R
from app.access.predicates import Predicate, acts_as, anywhere, own_class, own_site

STAFF = list(R)


def _each(roles: list[R], place: Predicate) -> list[list[Predicate]]:
    return [[acts_as(role), place] for role in roles]


POLICY: dict[P, list[list[Predicate]]] = {
    P.USE_DESK: _each(STAFF, anywhere),
    P.SEE_INSTRUMENTS: _each(
        [R.COUNSELLOR, R.CRISIS_LEAD, R.AUTHOR, R.REVIEWER, R.ADMINISTRATOR], anywhere
    ),
    P.SEE_ROSTER: _each([R.SITE_STAFF, R.ADMINISTRATOR, R.PROCTOR], own_site)
    + _each([R.CLASS_TEACHER], own_class),
    P.IMPORT_ROSTER: _each([R.SITE_STAFF, R.ADMINISTRATOR], own_site),
    P.RECORD_CONSENT: _each([R.SITE_STAFF, R.ADMINISTRATOR], own_site)
    + _each([R.CLASS_TEACHER], own_class),
    P.SEE_CAMPAIGNS: _each(
        [R.ADMINISTRATOR, R.SITE_STAFF, R.SCHOOL_HEAD, R.PROCTOR, R.COUNSELLOR, R.CRISIS_LEAD],
        own_site,
    )
    + _each([R.CLASS_TEACHER], own_class),
    P.MANAGE_CAMPAIGNS: _each([R.ADMINISTRATOR], own_site),
    P.PRINT_SLIPS: _each([R.ADMINISTRATOR, R.SITE_STAFF, R.PROCTOR], own_site),
    P.FREE_SLIP: _each([R.SITE_STAFF, R.PROCTOR], own_site),
    P.SEE_QUEUE: _each([R.COUNSELLOR, R.CRISIS_LEAD], own_site),
    P.WORK_QUEUE: _each([R.COUNSELLOR, R.CRISIS_LEAD], own_site),
    P.SEE_PROFILE: _each([R.COUNSELLOR, R.CRISIS_LEAD], own_site),
    P.WORK_CASE: _each([R.COUNSELLOR, R.CRISIS_LEAD], own_site),
    P.RELEASE_PRINTS: _each([R.COUNSELLOR], own_site),
    P.PRINT_RELEASED: _each([R.SITE_STAFF], own_site),
    P.SEE_DUTY: _each(
        [R.COUNSELLOR, R.CRISIS_LEAD, R.SITE_STAFF, R.SCHOOL_HEAD, R.ADMINISTRATOR], anywhere
    ),
    P.MANAGE_DUTY: _each([R.CRISIS_LEAD, R.ADMINISTRATOR], own_site),
    P.MANAGE_PEOPLE: _each([R.ADMINISTRATOR], anywhere),
    P.IMPORT_RESPONSES: _each([R.ADMINISTRATOR], own_site),
    P.SEE_AUDIT: _each([R.AUDITOR], anywhere),
}


def can(actor: Actor, permission: P, target: Any = None) -> bool:
    """Whether the policy allows it; the machine's operator may do everything."""
    if actor.is_operator:
        return True
    return any(all(holds(actor, target) for holds in rule) for rule in POLICY.get(permission, []))
