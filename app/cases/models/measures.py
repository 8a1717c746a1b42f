"""Instruments that a student answers again and again, and the slips given out for it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.models import Invitation
from app.platform.db import Base, PublicId, UtcDateTime

if TYPE_CHECKING:
    from app.cases.models.cases import Case

_RUNS = text("ended_at IS NULL")


class Measure(PublicId, Base):
    """One instrument, repeated for one student every so many days while the case is open."""

    __tablename__ = "measures"
    __table_args__ = (
        Index(
            "uq_measures_running",
            "case_id",
            "instrument_code",
            unique=True,
            sqlite_where=_RUNS,
            postgresql_where=_RUNS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    instrument_code: Mapped[str] = mapped_column(String(40))
    every_days: Mapped[int]
    #: Without one, as long as the case is open.
    until_on: Mapped[date | None] = mapped_column(Date)
    next_due_on: Mapped[date] = mapped_column(Date, index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped["Case"] = relationship()
    slips: Mapped[list["MeasureSlip"]] = relationship(
        back_populates="measure", order_by="MeasureSlip.id"
    )


class MeasureSlip(PublicId, Base):
    """The slip for one repetition; whether it was answered says its invitation."""

    __tablename__ = "measure_slips"
    __table_args__ = (UniqueConstraint("measure_id", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"))
    due_on: Mapped[date] = mapped_column(Date)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    measure: Mapped[Measure] = relationship(back_populates="slips")
    invitation: Mapped[Invitation] = relationship()
