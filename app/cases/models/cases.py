"""The counselling file of a student, its contacts and its story."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.domain.cases import CaseState, ClosingReason, Counterpart, Modality
from app.people.models import Site, Student, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words
from app.triage.domain import RiskLevel

if TYPE_CHECKING:
    from app.cases.models.endings import CaseEnding
    from app.cases.models.queue import QueueEntry
    from app.cases.models.referrals import Referral

_OPEN_CASE = text("state NOT IN ('closed', 'transferred')")


class Case(PublicId, Base):
    """The counselling file of one student; while it is open it has an owner and a next date."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_owner_state", "owner_id", "state"),
        Index(
            "uq_cases_open_student",
            "student_id",
            unique=True,
            sqlite_where=_OPEN_CASE,
            postgresql_where=_OPEN_CASE,
        ),
        CheckConstraint(
            "state IN ('closed', 'transferred') OR next_on IS NOT NULL", name="open_has_next_date"
        ),
        CheckConstraint(
            "state != 'closed' OR (closed_by_id IS NOT NULL AND closing_reason IS NOT NULL)",
            name="closed_has_closer",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    state: Mapped[CaseState] = mapped_column(words(CaseState), default=CaseState.OPEN)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: Set by a person; the queue's level is only a proposal.
    risk_level: Mapped[RiskLevel] = mapped_column(words(RiskLevel))
    next_on: Mapped[date | None] = mapped_column(Date, index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The first time that a person set one of the two highest levels; it never goes away.
    acute_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closing_reason: Mapped[ClosingReason | None] = mapped_column(words(ClosingReason))
    closing_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)

    closing_note = encrypted_text("closing_note_sealed")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own declaration

    site: Mapped[Site] = relationship()
    student: Mapped[Student] = relationship()
    owner: Mapped[User] = relationship(foreign_keys=[owner_id])
    endings: Mapped[list["CaseEnding"]] = relationship(
        back_populates="case", order_by="CaseEnding.id"
    )
    entries: Mapped[list["QueueEntry"]] = relationship(
        back_populates="case", order_by="QueueEntry.id"
    )
    contacts: Mapped[list["Contact"]] = relationship(
        back_populates="case", order_by="Contact.held_at, Contact.id"
    )
    referrals: Mapped[list["Referral"]] = relationship(
        back_populates="case", order_by="Referral.id"
    )


class Contact(PublicId, Base):
    """One meeting, call, message or visit, and the encrypted note of it."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    modality: Mapped[Modality] = mapped_column(words(Modality))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    with_whom: Mapped[Counterpart] = mapped_column(words(Counterpart), default=Counterpart.STUDENT)
    reached: Mapped[bool] = mapped_column(default=True)
    #: The author and the crisis lead read the note, nobody else.
    is_private: Mapped[bool] = mapped_column(default=False)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    note = encrypted_text("note_sealed")

    case: Mapped[Case] = relationship(back_populates="contacts")
    user: Mapped[User] = relationship()


class CaseEvent(PublicId, Base):
    """One line of a case's story: claimed, opened, moved, next date set, handed over, closed."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    what: Mapped[str] = mapped_column(String(32))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    user: Mapped[User | None] = relationship()
