"""Who gave an entry or a case to whom, with the note that went along."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.people.models import User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime


class HandOver(PublicId, Base):
    """One entry or one case went to a colleague; rows are added, never changed."""

    __tablename__ = "hand_overs"
    __table_args__ = (
        CheckConstraint("(queue_entry_id IS NULL) != (case_id IS NULL)", name="one_thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    queue_entry_id: Mapped[int | None] = mapped_column(ForeignKey("queue_entries.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    #: Empty where nobody had it yet.
    from_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    note = encrypted_text("note_sealed")

    giver: Mapped[User | None] = relationship(foreign_keys=[from_id])
    receiver: Mapped[User] = relationship(foreign_keys=[to_id])
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
