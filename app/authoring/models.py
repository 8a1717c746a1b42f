"""Instruments as they were published, immutable; and drafts, which change until they serve."""

import json
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.authoring.domain import OPEN, DraftOrigin, DraftState, Files
from app.instruments.media import media_type
from app.people.models import User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words


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

    @property
    def files(self) -> Files:
        """The texts of the version by file name."""
        files: Files = json.loads(self.source)
        return files


class InstrumentDraft(PublicId, Base):
    """An instrument that is being written: kept with all its errors, served to nobody."""

    __tablename__ = "instrument_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What the file calls itself, as far as it can be read; empty until then.
    code: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(200))
    origin: Mapped[DraftOrigin] = mapped_column(words(DraftOrigin))
    state: Mapped[DraftState] = mapped_column(words(DraftState), default=DraftState.DRAFT)
    #: Counts the saves: who saves says which one they read.
    revision: Mapped[int] = mapped_column(default=1)
    #: The files as JSON {file name: text}, as they were typed.
    source: Mapped[str] = mapped_column(Text, deferred=True)
    #: By what right the wording may be used here, with names and letters: for staff alone.
    licence_proof_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: What happens when somebody gives an answer that calls a person.
    pathway: Mapped[str] = mapped_column(Text, default="")
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("instrument_versions.id"))
    published_version_id: Mapped[int | None] = mapped_column(ForeignKey("instrument_versions.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why the reviewer gave it back.
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    licence_proof = encrypted_text("licence_proof_sealed")
    reason = encrypted_text("reason_sealed")

    base_version: Mapped[InstrumentVersion | None] = relationship(foreign_keys=[base_version_id])
    published_version: Mapped[InstrumentVersion | None] = relationship(
        foreign_keys=[published_version_id]
    )
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[User | None] = relationship(foreign_keys=[reviewer_id])

    @property
    def user_id(self) -> int:
        """Whose writing it is, as the policy asks."""
        return self.author_id

    @property
    def files(self) -> Files:
        """The texts of the draft by file name."""
        files: Files = json.loads(self.source)
        return files

    @property
    def media(self) -> Files:
        """The pictures and recordings among them: those of the version that it began from."""
        return {name: text for name, text in self.files.items() if media_type(name)}

    def with_texts(self, texts: Files) -> Files:
        """The files as they would be with these texts, which carry no picture or recording."""
        return {**self.media, **texts}

    @property
    def is_open(self) -> bool:
        """Whether its author may write."""
        return self.state in OPEN
