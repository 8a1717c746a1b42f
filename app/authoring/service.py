"""Writes: instruments become immutable versions."""

import json
from pathlib import Path

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.authoring import queries
from app.authoring.domain import VersionTakenError
from app.authoring.models import InstrumentVersion
from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE, NORMS_FILE, load_library
from app.instruments.model import Instrument
from app.platform import audit, clock
from app.platform.db import db
from app.scoring import compile_instrument


def publish_library(*, actor: Actor, folder: Path) -> list[InstrumentVersion]:
    """Publish every instrument of `folder` that passes its worked examples; all of them or none.

    What is published already stays as it is; versions that are no longer in the folder stay too.
    """
    require(actor, Permission.PUBLISH_INSTRUMENTS)
    instruments = list(load_library(folder).values())
    for instrument in instruments:
        compile_instrument(instrument)
    _refuse_changed(instruments)
    return [_publish(actor, instrument) for instrument in instruments]


def _refuse_changed(instruments: list[Instrument]) -> None:
    changed = [
        f"{instrument.code} {instrument.version}"
        for instrument in instruments
        if (known := queries.version_of(instrument.code, instrument.version))
        and known.content_hash != instrument.content_hash
    ]
    if changed:
        raise VersionTakenError(changed)


def _publish(actor: Actor, instrument: Instrument) -> InstrumentVersion:
    if known := queries.version_of(instrument.code, instrument.version):
        return known
    version = InstrumentVersion(
        code=instrument.code,
        version=instrument.version,
        content_hash=instrument.content_hash,
        source=json.dumps(_files(instrument), ensure_ascii=False),
        published_at=clock.now(),
    )
    db.session.add(version)
    audit.record(
        actor,
        "publish_instrument",
        version,
        code=instrument.code,
        version=instrument.version,
        content_hash=instrument.content_hash,
    )
    return version


def _files(instrument: Instrument) -> dict[str, str]:
    source = instrument.source
    texts = {
        INSTRUMENT_FILE: source.instrument,
        EXAMPLES_FILE: source.examples,
        NORMS_FILE: source.norms,
    }
    return {name: text for name, text in texts.items() if text is not None}
