"""Who looks after a case while the school is closed."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.people.models import User
from app.platform.db import Base, PublicId, UtcDateTime

if TYPE_CHECKING:
    from app.cases.models.cases import Case


class HolidayCover(PublicId, Base):
    """One person and one date for one open case, for one break."""

    __tablename__ = "holiday_covers"
    __table_args__ = (
        UniqueConstraint("case_id", "from_on"),
        Index("ix_holiday_covers_site_from", "site_id", "from_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    contact_on: Mapped[date] = mapped_column(Date)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped["Case"] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
