"""Letters to guardians, and the receipts that come back."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.models.cases import Case
from app.people.models import User
from app.platform.db import Base, PublicId, UtcDateTime


class GuardianLetter(PublicId, Base):
    """What a family was told and asked for, in fixed phrases, and when the receipt came back."""

    __tablename__ = "guardian_letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    topics: Mapped[list[str]] = mapped_column(JSON)
    asks: Mapped[list[str]] = mapped_column(JSON)
    meet_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_on: Mapped[date | None] = mapped_column(Date)
    wants_talk: Mapped[bool | None]

    case: Mapped[Case] = relationship()
    user: Mapped[User] = relationship()
