"""Batteries: instruments in order, each pinned to the version current when it was chosen."""

from collections.abc import Sequence

from sqlalchemy import select

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.authoring.models import InstrumentVersion
from app.authoring.queries import current_version, instrument_of
from app.campaigns.domain import CodeTakenError, PlanError, is_showable
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
        BatteryPart(position=position, instrument_version=showable_version(instrument_code))
        for position, instrument_code in enumerate(instrument_codes)
    ]
    db.session.add(battery)
    audit.record(actor, "create_battery", battery, instruments=list(instrument_codes))
    return battery


def showable_version(code: str) -> InstrumentVersion:
    """The current version, if students can be shown it: licensed shells come without words."""
    version = current_version(code)
    instrument = instrument_of(version)
    if not instrument.has_item_texts:
        raise PlanError(f"{code} has no item texts; supply its wording first.")
    if not is_showable(instrument):
        raise PlanError(f"{code} asks in ways that the students' pages cannot show yet.")
    return version
