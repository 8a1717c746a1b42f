"""Reads of ownership: whose cases these are, and whether they are still here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.cases.domain.cases import ENDS
from app.cases.models import Case
from app.cases.queries.cases import visible_to
from app.people.models import Site, Student, User
from app.people.queries import responders
from app.platform.db import db


@dataclass(frozen=True)
class Owned:
    """The open cases of one person at one school, and who could take them."""

    owner: User
    site: Site
    cases: Sequence[Case]
    others: Sequence[User]


def cases_by_owner(actor: Actor) -> list[Owned]:
    """Open cases by school and owner, those of who has left first."""
    query = (
        visible_to(actor)
        .where(Case.state.not_in(ENDS))
        .order_by(Case.site_id, Case.owner_id, Case.next_on, Case.id)
        .options(
            joinedload(Case.owner),
            joinedload(Case.site),
            joinedload(Case.student).joinedload(Student.cohort),
        )
    )
    found: dict[tuple[Site, User], list[Case]] = defaultdict(list)
    for case in db.session.scalars(query):
        found[case.site, case.owner].append(case)
    able = {site: responders(site) for site in dict.fromkeys(site for site, _owner in found)}
    groups = [
        Owned(owner, site, cases, [user for user in able[site] if user is not owner])
        for (site, owner), cases in found.items()
    ]
    return sorted(groups, key=lambda group: group.owner.active)


def orphaned(actor: Actor) -> int:
    """How many open cases belong to somebody who has left."""
    query = visible_to(actor).join(Case.owner).where(Case.state.not_in(ENDS), ~User.active)
    counted = select(func.count()).select_from(query.with_only_columns(Case.id).subquery())
    return db.session.scalar(counted) or 0
