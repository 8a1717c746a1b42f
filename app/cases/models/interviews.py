"""Structured interviews: drafts that rest sealed, and signed records that are only added."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.authoring.models import InstrumentVersion
from app.cases.models.cases import Case, Contact
from app.people.models import User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime

_NEW, _CORRECTION = text("contact_id IS NULL"), text("contact_id IS NOT NULL")


class InterviewDraft(PublicId, Base):
    """What a person has keyed in so far, of a new interview or of a contact's correction."""

    __tablename__ = "interview_drafts"
    __table_args__ = (
        Index(
            "uq_interview_drafts_new",
            "case_id",
            "user_id",
            unique=True,
            sqlite_where=_NEW,
            postgresql_where=_NEW,
        ),
        Index(
            "uq_interview_drafts_correction",
            "contact_id",
            "user_id",
            unique=True,
            sqlite_where=_CORRECTION,
            postgresql_where=_CORRECTION,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_versions.id"))
    #: The page that goes on with it: the one opened last.
    writer: Mapped[str] = mapped_column(String(40))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)

    content = encrypted_text("content_sealed")

    instrument_version: Mapped[InstrumentVersion] = relationship()

    @property
    def answers(self) -> dict[str, Any]:
        """What is answered so far."""
        return dict(self._read()["answers"])

    @property
    def note(self) -> str | None:
        """The note as the person changed it, as long as the answers stay as they were."""
        note: str | None = self._read()["note"]
        return note

    def keep(self, answers: dict[str, Any], note: str | None) -> None:
        """Seal this content."""
        self.content = json.dumps({"answers": answers, "note": note}, ensure_ascii=False)

    def _read(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.content or "")
        return content


class InterviewRecord(PublicId, Base):
    """A signed interview; a correction is a further revision for the same contact."""

    __tablename__ = "interview_records"
    __table_args__ = (UniqueConstraint("contact_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    revision: Mapped[int] = mapped_column(default=1)
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_versions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answers_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    note_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    answers_text = encrypted_text("answers_sealed")
    note = encrypted_text("note_sealed")

    case: Mapped[Case] = relationship()
    contact: Mapped[Contact] = relationship()
    user: Mapped[User] = relationship()
    instrument_version: Mapped[InstrumentVersion] = relationship()

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered."""
        answers: dict[str, Any] = json.loads(self.answers_text or "{}")
        return answers
