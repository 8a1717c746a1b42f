"""Writes of the register of partners."""

from dataclasses import dataclass

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.cases.domain.referrals import Partner
from app.cases.models import PartnerPlace
from app.people.models import Site
from app.platform import audit, ids
from app.platform.db import db


@dataclass(frozen=True, repr=False)
class PlaceFacts:
    """What the register keeps about a place."""

    kind: Partner
    name: str
    department: str = ""
    phone: str = ""
    address: str = ""
    contact: str = ""
    notes: str = ""
    active: bool = True


def add_partner(*, actor: Actor, site: Site, facts: PlaceFacts) -> PartnerPlace:
    """Enter a place with which the site works."""
    require(actor, Permission.MANAGE_PARTNERS, site)
    place = PartnerPlace(public_id=ids.new_public_id(), site_id=site.id, kind=facts.kind)
    _note(place, facts)
    db.session.add(place)
    audit.record(actor, "add_partner", place, kind=facts.kind.value)
    return place


def change_partner(*, actor: Actor, place: PartnerPlace, facts: PlaceFacts) -> PartnerPlace:
    """Change what the register says; referrals made before keep what they said."""
    require(actor, Permission.MANAGE_PARTNERS, place)
    _note(place, facts)
    audit.record(actor, "change_partner", place, active=facts.active)
    return place


def _note(place: PartnerPlace, facts: PlaceFacts) -> None:
    place.kind, place.name, place.department = facts.kind, facts.name, facts.department
    place.phone, place.address, place.active = facts.phone, facts.address, facts.active
    place.contact, place.notes = facts.contact or None, facts.notes or None
