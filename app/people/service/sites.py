"""Sites: what a school says of itself to its students."""

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.people.models import Site
from app.platform import audit


def set_duty_phone(*, actor: Actor, site: Site, phone: str) -> None:
    """Keep the number that students see first on the help page; without it no campaign opens."""
    require(actor, Permission.MANAGE_DUTY, site)
    site.duty_phone = phone
    audit.record(actor, "set_duty_phone", site)
