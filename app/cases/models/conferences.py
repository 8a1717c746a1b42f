"""Conferences about one case, and what was agreed in them."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Date, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.people.models import User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime

if TYPE_CHECKING:
    from app.cases.models.cases import Case


class Conference(PublicId, Base):
    """Several people talked about one case: the question, the decision, who was there."""

    __tablename__ = "conferences"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    held_on: Mapped[date] = mapped_column(Date)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    question_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    decision_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    #: Who took part from outside the list of staff: a doctor, a grandmother, a lawyer.
    guests_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    question = encrypted_text("question_sealed")
    decision = encrypted_text("decision_sealed")
    guests = encrypted_text("guests_sealed")

    case: Mapped["Case"] = relationship()
    recorded_by: Mapped[User] = relationship()
    members: Mapped[list[User]] = relationship(secondary="conference_members", order_by=User.id)
    actions: Mapped[list["ConferenceAction"]] = relationship(
        back_populates="conference", order_by="ConferenceAction.due_on, ConferenceAction.id"
    )


class ConferenceMember(Base):
    """Which members of staff took part."""

    __tablename__ = "conference_members"

    conference_id: Mapped[int] = mapped_column(ForeignKey("conferences.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)


class ConferenceAction(PublicId, Base):
    """What somebody does until a day; done when a person says so."""

    __tablename__ = "conference_actions"
    __table_args__ = (Index("ix_conference_actions_open", "done_at", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    conference_id: Mapped[int] = mapped_column(ForeignKey("conferences.id"), index=True)
    who_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    what_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    due_on: Mapped[date] = mapped_column(Date)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    who = encrypted_text("who_sealed")
    what = encrypted_text("what_sealed")

    conference: Mapped[Conference] = relationship(back_populates="actions")
    done_by: Mapped[User | None] = relationship()
