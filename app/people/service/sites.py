"""Sites: a school joins, and says of itself what its students need to know."""

from datetime import time
from typing import TypedDict, Unpack

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


class SiteFacts(TypedDict, total=False):
    """What a school says of itself; students and responders rely on it."""

    duty_phone: str | None
    counselling_room: str | None
    hospital_name: str | None
    hospital_phone: str | None
    guardian_rule: str | None
    consent_age: int
    opens_at: time
    closes_at: time


def add_site(
    *, actor: Actor, code: str, name: str, kind: SiteKind, **facts: Unpack[SiteFacts]
) -> Site:
    """Let a school or centre join; classes and students come with its roster."""
    require(actor, Permission.MANAGE_PEOPLE)
    if db.session.scalar(select(Site.id).where(Site.code == code)) is not None:
        raise SiteTakenError(code)
    site = Site(code=code, name=name, kind=kind, **facts)
    db.session.add(site)
    audit.record(actor, "add_site", site)
    return site


def change_site(*, actor: Actor, site: Site, **facts: Unpack[SiteFacts]) -> None:
    """Keep what the school says of itself; the log knows what was changed, not to what."""
    require(actor, Permission.MANAGE_SITES, site)
    changed = [name for name, value in facts.items() if getattr(site, name) != value]
    for name in changed:
        setattr(site, name, facts[name])  # type: ignore[literal-required]
    audit.record(actor, "change_site", site, changed=changed)


def set_duty_phone(*, actor: Actor, site: Site, phone: str) -> None:
    """Keep the number that students see first on the help page; without it no campaign opens."""
    require(actor, Permission.MANAGE_DUTY, site)
    site.duty_phone = phone
    audit.record(actor, "set_duty_phone", site)
