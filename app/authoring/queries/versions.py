"""Reads of published instruments; a version is parsed and proven once a process."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.authoring.domain import UnknownInstrumentError
from app.authoring.models import InstrumentVersion
from app.instruments.loader import INSTRUMENT_FILE, stored_instrument
from app.instruments.model import Instrument
from app.platform.db import db
from app.scoring import CompiledInstrument, compile_instrument

#: Content hash → what it compiles to. The content of a hash never changes, so nothing goes stale.
_compiled: dict[str, CompiledInstrument] = {}


def library() -> Sequence[InstrumentVersion]:
    """The version of each instrument that new batteries get, by code."""
    newest = (
        select(func.max(InstrumentVersion.id))
        .where(InstrumentVersion.retired_at.is_(None))
        .group_by(InstrumentVersion.code)
    )
    query = (
        select(InstrumentVersion)
        .where(InstrumentVersion.id.in_(newest))
        .order_by(InstrumentVersion.code)
    )
    return db.session.scalars(query).all()


def current_version(code: str) -> InstrumentVersion:
    """The version of `code` published last and not retired."""
    query = (
        select(InstrumentVersion)
        .where(InstrumentVersion.code == code, InstrumentVersion.retired_at.is_(None))
        .order_by(InstrumentVersion.id.desc())
        .limit(1)
    )
    version = db.session.scalar(query)
    if version is None:
        raise UnknownInstrumentError(code)
    return version


def version_of(code: str, version: str) -> InstrumentVersion | None:
    """Exactly this version, retired or not."""
    query = select(InstrumentVersion).where(
        InstrumentVersion.code == code, InstrumentVersion.version == version
    )
    return db.session.scalar(query)


def instrument_of(version: InstrumentVersion) -> Instrument:
    """What the version asks and how it is scored."""
    return compiled_of(version).instrument


def compiled_of(version: InstrumentVersion) -> CompiledInstrument:
    """The version ready to score; its worked examples were run in this process."""
    return _compiled.get(version.content_hash) or proven(_parsed(version))


def proven(instrument: Instrument) -> CompiledInstrument:
    """The instrument ready to score; `InstrumentError` when a worked example fails."""
    if instrument.content_hash not in _compiled:
        _compiled[instrument.content_hash] = compile_instrument(instrument)
    return _compiled[instrument.content_hash]


def _parsed(version: InstrumentVersion) -> Instrument:
    path = f"{version.code}-{version.version}/{INSTRUMENT_FILE}"
    return stored_instrument(version.files, path)


def versions_of(code: str) -> Sequence[InstrumentVersion]:
    """Every version of an instrument, the newest first."""
    query = select(InstrumentVersion).where(InstrumentVersion.code == code)
    return db.session.scalars(query.order_by(InstrumentVersion.id.desc())).all()
