"""Reads of referrals and of the register of partners; every list starts from what may be seen."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.access.actor import Actor
from app.cases.domain.referrals import AWAITED, Partner
from app.cases.models import Case, PartnerPlace, Referral, ReferralStep
from app.cases.queries.cases import in_scope
from app.people.models import Site, Student
from app.people.queries import visible_sites
from app.platform import clock
from app.platform.db import db


def find_referral(actor: Actor, public_id: str) -> Referral | None:
    """One referral of a case that the actor may see, with its record."""
    query = (
        select(Referral)
        .join(Referral.case)
        .where(Referral.public_id == public_id, in_scope(actor))
        .options(
            contains_eager(Referral.case).joinedload(Case.student).joinedload(Student.cohort),
            joinedload(Referral.user),
            joinedload(Referral.signed_by),
            selectinload(Referral.steps).joinedload(ReferralStep.user),
            selectinload(Referral.replies),
        )
    )
    return db.session.scalar(query)


def overdue_replies(actor: Actor) -> Sequence[Referral]:
    """Whose answers are late in the actor's own cases, the longest first."""
    query = (
        select(Referral)
        .join(Referral.case)
        .where(
            Case.owner_id == actor.user_id,
            in_scope(actor),
            Referral.state.in_(AWAITED),
            Referral.answer_due_on < clock.today(),
        )
        .order_by(Referral.answer_due_on, Referral.id)
        .options(contains_eager(Referral.case).joinedload(Case.student))
    )
    return db.session.scalars(query).all()


def declined_of_case(case: Case, public_id: str) -> Referral | None:
    """The referral of this case that was declined and waits for what comes next."""
    found = (each for each in case.referrals if each.public_id == public_id)
    return next((each for each in found if each.needs_follow_up), None)


def partners(actor: Actor) -> Sequence[PartnerPlace]:
    """The register of the actor's sites, those in use first."""
    sites = visible_sites(actor).order_by(None).with_only_columns(Site.id)
    query = (
        select(PartnerPlace)
        .where(PartnerPlace.site_id.in_(sites))
        .order_by(PartnerPlace.site_id, PartnerPlace.active.desc(), PartnerPlace.kind)
        .order_by(PartnerPlace.name, PartnerPlace.id)
        .options(joinedload(PartnerPlace.site))
    )
    return db.session.scalars(query).all()


def find_partner(actor: Actor, public_id: str) -> PartnerPlace | None:
    """One place of the register, if it is of a site that the actor sees."""
    sites = visible_sites(actor).order_by(None).with_only_columns(Site.id)
    query = select(PartnerPlace).where(
        PartnerPlace.public_id == public_id, PartnerPlace.site_id.in_(sites)
    )
    return db.session.scalar(query)


def places_for(site_id: int, kind: Partner) -> Sequence[PartnerPlace]:
    """The places in use of one kind at one site."""
    query = (
        select(PartnerPlace)
        .where(
            PartnerPlace.site_id == site_id,
            PartnerPlace.kind == kind,
            PartnerPlace.active,
        )
        .order_by(PartnerPlace.name, PartnerPlace.id)
    )
    return db.session.scalars(query).all()
