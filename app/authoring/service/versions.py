"""Writes: instruments become immutable versions."""

import json
from collections.abc import Sequence
from pathlib import Path

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.authoring.domain import VersionTakenError
from app.authoring.models import InstrumentVersion
from app.authoring.queries import versions as queries
from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE, NORMS_FILE, load_library
from app.instruments.media import as_texts
from app.instruments.model import Instrument
from app.platform import audit, clock
from app.platform.db import db


def publish_library(*, actor: Actor, folder: Path) -> list[InstrumentVersion]:
    """Publish every instrument of `folder` that passes its worked examples; all of them or none.

    What is published already stays as it is; versions that are no longer in the folder stay too.
    """
    return publish_instruments(actor=actor, instruments=list(load_library(folder).values()))


def publish_instruments(
    *, actor: Actor, instruments: Sequence[Instrument]
) -> list[InstrumentVersion]:
    """Publish instruments that pass their worked examples; all of them or none."""
    require(actor, Permission.PUBLISH_INSTRUMENTS)
    for instrument in instruments:
        queries.proven(instrument)
    _refuse_changed(instruments)
    return [put_into_service(actor, instrument) for instrument in instruments]


def _refuse_changed(instruments: Sequence[Instrument]) -> None:
    changed = [
        f"{instrument.code} {instrument.version}"
        for instrument in instruments
        if (known := queries.version_of(instrument.code, instrument.version))
        and known.content_hash != instrument.content_hash
    ]
    if changed:
        raise VersionTakenError(changed)


def put_into_service(actor: Actor, instrument: Instrument) -> InstrumentVersion:
    """The version of an instrument that was checked and allowed; one that is there stays."""
    if known := queries.version_of(instrument.code, instrument.version):
        if known.content_hash != instrument.content_hash:
            raise VersionTakenError([f"{instrument.code} {instrument.version}"])
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
    written = {name: text for name, text in texts.items() if text is not None}
    return written | as_texts(source.media)
