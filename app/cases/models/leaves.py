"""Leave from school (休学), and the contacts promised after the return (复学)."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.domain.leaves import LeaveKind
from app.people.models import User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words

if TYPE_CHECKING:
    from app.cases.models.cases import Case

_AWAY = text("returned_on IS NULL")


class Leave(PublicId, Base):
    """A student is away from school for a time; somebody keeps in touch."""

    __tablename__ = "leaves"
    __table_args__ = (
        Index("uq_leaves_away", "case_id", unique=True, sqlite_where=_AWAY, postgresql_where=_AWAY),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[LeaveKind] = mapped_column(words(LeaveKind))
    from_on: Mapped[date] = mapped_column(Date)
    expected_on: Mapped[date] = mapped_column(Date)
    returned_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    contact_person_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    contact_person = encrypted_text("contact_person_sealed")

    case: Mapped["Case"] = relationship()
    user: Mapped[User] = relationship()
    return_contacts: Mapped[list["ReturnContact"]] = relationship(
        back_populates="leave", order_by="ReturnContact.due_on, ReturnContact.day"
    )


class ReturnContact(Base):
    """A talk promised so many days after the return; kept by a contact with the student."""

    __tablename__ = "return_contacts"
    __table_args__ = (UniqueConstraint("leave_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    leave_id: Mapped[int] = mapped_column(ForeignKey("leaves.id"))
    day: Mapped[int]
    due_on: Mapped[date] = mapped_column(Date, index=True)
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))

    leave: Mapped[Leave] = relationship(back_populates="return_contacts")
    case: Mapped["Case"] = relationship()
