"""Sites: a school joins, and says of itself what its students need to know."""

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.people.domain import SiteKind
from app.people.models import Site
from app.platform import audit
from app.platform.db import db


class SiteTakenError(ValueError):
    """Another site has this code."""


def add_site(*, actor: Actor, code: str, name: str, kind: SiteKind, duty_phone: str | None) -> Site:
    """Let a school or centre join; classes and students come with its roster."""
    require(actor, Permission.MANAGE_PEOPLE)
    if db.session.scalar(select(Site.id).where(Site.code == code)) is not None:
        raise SiteTakenError(code)
    site = Site(code=code, name=name, kind=kind, duty_phone=duty_phone)
    db.session.add(site)
    audit.record(actor, "add_site", site)
    return site


def set_duty_phone(*, actor: Actor, site: Site, phone: str) -> None:
    """Keep the number that students see first on the help page; without it no campaign opens."""
    require(actor, Permission.MANAGE_DUTY, site)
    site.duty_phone = phone
    audit.record(actor, "set_duty_phone", site)
