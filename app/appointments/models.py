"""Tables of interview days: slots, appointments, protected times, and the days of classes."""

from datetime import date, datetime, time

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.appointments.domain.appointments import AppointmentState, Origin
from app.appointments.domain.slots import DayPlan
from app.campaigns.models import Campaign
from app.cases.models import QueueEntry
from app.people.models import Cohort, Site, Student, User
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words

_HOLDS_SLOT = text("state NOT IN ('moved', 'cancelled')")


class InterviewDay(PublicId, Base):
    """A school's day of interviews and how it was cut."""

    __tablename__ = "interview_days"
    __table_args__ = (UniqueConstraint("site_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    on: Mapped[date] = mapped_column(Date)
    slot_minutes: Mapped[int]
    pause_minutes: Mapped[int]
    lunch_from: Mapped[time] = mapped_column(Time)
    lunch_to: Mapped[time] = mapped_column(Time)
    rooms: Mapped[list[str]] = mapped_column(JSON)
    #: One appointment in so many goes to a student drawn at random; 0 for none.
    random_every: Mapped[int] = mapped_column(default=0)
    #: What the draw starts from: preview and confirmation draw the same; nobody can foretell it.
    seed: Mapped[str] = mapped_column(String(32))
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship()
    slots: Mapped[list["Slot"]] = relationship(
        back_populates="day", order_by="Slot.starts_at, Slot.counsellor_id"
    )

    @property
    def plan(self) -> DayPlan:
        """How the day was cut."""
        return DayPlan(
            slot_minutes=self.slot_minutes,
            pause_minutes=self.pause_minutes,
            lunch_from=self.lunch_from,
            lunch_to=self.lunch_to,
            rooms=tuple(self.rooms),
        )


class Slot(PublicId, Base):
    """A stretch in which one counsellor can see one student in one room."""

    __tablename__ = "interview_slots"
    __table_args__ = (
        UniqueConstraint("day_id", "room", "starts_at"),
        UniqueConstraint("counsellor_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    day_id: Mapped[int] = mapped_column(ForeignKey("interview_days.id"))
    counsellor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    room: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    day: Mapped[InterviewDay] = relationship(back_populates="slots")
    counsellor: Mapped[User] = relationship()


class Appointment(PublicId, Base):
    """A student's place in a slot; a slot and a student's day are held once."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index(
            "uq_appointments_slot",
            "slot_id",
            unique=True,
            sqlite_where=_HOLDS_SLOT,
            postgresql_where=_HOLDS_SLOT,
        ),
        Index(
            "uq_appointments_student_day",
            "student_id",
            "day_id",
            unique=True,
            sqlite_where=_HOLDS_SLOT,
            postgresql_where=_HOLDS_SLOT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    day_id: Mapped[int] = mapped_column(ForeignKey("interview_days.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("interview_slots.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    origin: Mapped[Origin] = mapped_column(words(Origin))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("queue_entries.id"), index=True)
    state: Mapped[AppointmentState] = mapped_column(
        words(AppointmentState), default=AppointmentState.PLANNED
    )
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Empty where nobody said whether the student came, and the evening decided.
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    day: Mapped[InterviewDay] = relationship()
    slot: Mapped[Slot] = relationship()
    student: Mapped[Student] = relationship()
    entry: Mapped[QueueEntry | None] = relationship()


class ProtectedTime(PublicId, Base):
    """When a class is not to be disturbed, week by week: a test, physical education."""

    __tablename__ = "protected_times"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    #: 0 is Monday.
    weekday: Mapped[int]
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
    subject: Mapped[str] = mapped_column(String(40), default="")

    cohort: Mapped[Cohort] = relationship()


class ClassDay(PublicId, Base):
    """The day on which a class is proposed to begin, so that each day's interviews fit."""

    __tablename__ = "class_days"
    __table_args__ = (UniqueConstraint("campaign_id", "cohort_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    on: Mapped[date] = mapped_column(Date)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    campaign: Mapped[Campaign] = relationship()
    cohort: Mapped[Cohort] = relationship()
