"""The instruments as they were published: immutable, found by code and version."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Base, PublicId, UtcDateTime


class InstrumentVersion(PublicId, Base):
    """The exact text of a published instrument; results and responses stay pinned to it."""

    __tablename__ = "instrument_versions"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), index=True)
    version: Mapped[str] = mapped_column(String(20))
    content_hash: Mapped[str] = mapped_column(String(64))
    #: The files of the version as JSON {file name: text}, exactly as they were checked.
    #: Long, and needed once a process: loaded only when asked for.
    source: Mapped[str] = mapped_column(Text, deferred=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
