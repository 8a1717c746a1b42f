"""Batteries: instruments in order, each pinned to the version current when it was chosen."""

from collections.abc import Sequence

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.authoring.queries import current_version
from app.campaigns.domain import CodeTakenError, PlanError
from app.campaigns.models import Battery, BatteryPart
from app.platform import audit
from app.platform.db import db


def create_battery(
    *, actor: Actor, code: str, title_zh: str, title_en: str, instrument_codes: Sequence[str]
) -> Battery:
    """Put instruments in order under a name."""
    require(actor, Permission.MANAGE_CAMPAIGNS)
    if not instrument_codes:
        raise PlanError("a battery needs at least one instrument.")
    if db.session.scalar(select(Battery.id).where(Battery.code == code)):
        raise CodeTakenError(code)
    battery = Battery(code=code, title_zh=title_zh, title_en=title_en)
    battery.parts = [
        BatteryPart(position=position, instrument_version=current_version(instrument_code))
        for position, instrument_code in enumerate(instrument_codes)
    ]
    db.session.add(battery)
    audit.record(actor, "create_battery", battery, instruments=list(instrument_codes))
    return battery
