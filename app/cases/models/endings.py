"""How a case came to its end, and how it was taken up again."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.domain.cases import ClosingReason
from app.cases.domain.endings import EndingKind, Outcome, ReopeningReason, TransferBasis
from app.people.models import User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words

if TYPE_CHECKING:
    from app.cases.models.cases import Case

_WAITS = text("signed_at IS NULL AND withdrawn_at IS NULL")


class CaseEnding(PublicId, Base):
    """A closing or a hand-over of a whole case: proposed, signed, and perhaps taken back later.

    Until it is signed the case goes on with its owner and next date.
    """

    __tablename__ = "case_endings"
    __table_args__ = (
        Index(
            "uq_case_endings_waiting",
            "case_id",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[EndingKind] = mapped_column(words(EndingKind))
    #: Of a closing: why, and who looks after the student from here on.
    reason: Mapped[ClosingReason | None] = mapped_column(words(ClosingReason))
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    #: Of a hand-over: to whom, what allows it, when.
    receiver_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    basis: Mapped[TransferBasis | None] = mapped_column(words(TransferBasis))
    handed_on: Mapped[date | None] = mapped_column(Date)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopening_reason: Mapped[ReopeningReason | None] = mapped_column(words(ReopeningReason))
    reopening_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    receiver = encrypted_text("receiver_sealed")
    note = encrypted_text("note_sealed")
    reopening_note = encrypted_text("reopening_note_sealed")

    case: Mapped["Case"] = relationship(back_populates="endings")
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    signed_by: Mapped[User | None] = relationship(foreign_keys=[signed_by_id])

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a second person."""
        return self.signed_at is None and self.withdrawn_at is None
