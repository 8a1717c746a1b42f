"""Care notices: what a counsellor asks a class teacher to look after, for two weeks."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.models.cases import Case
from app.people.models import Cohort, Student, User
from app.platform.db import Base, PublicId, UtcDateTime


class CareNotice(PublicId, Base):
    """Fixed phrases about one student, to the teachers of the class; no reason, no result."""

    __tablename__ = "care_notices"
    __table_args__ = (Index("ix_care_notices_cohort_expires", "cohort_id", "expires_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    phrases: Mapped[list[str]] = mapped_column(JSON)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Taken back, or replaced by a newer one.
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship()
    student: Mapped[Student] = relationship()
    cohort: Mapped[Cohort] = relationship()
    user: Mapped[User] = relationship()
    readings: Mapped[list["CareNoticeReading"]] = relationship(order_by="CareNoticeReading.read_at")

    def read_at_by(self, user_id: int | None) -> datetime | None:
        """When that teacher opened it first."""
        return next((each.read_at for each in self.readings if each.user_id == user_id), None)


class CareNoticeReading(Base):
    """A teacher has opened a notice: the receipt."""

    __tablename__ = "care_notice_readings"

    notice_id: Mapped[int] = mapped_column(ForeignKey("care_notices.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
