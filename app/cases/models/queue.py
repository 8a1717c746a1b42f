"""Who waits for a person, and which flags it is for."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.assessments.models import Assessment
from app.campaigns.models import Campaign
from app.cases.domain.queue import EntryState, SettlingReason
from app.observations.models import ObservationReport
from app.people.models import Site, Student, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words
from app.results.models import Flag
from app.triage.domain import Channel, RiskLevel

if TYPE_CHECKING:
    from app.cases.models.cases import Case

_OPEN = text("state != 'settled'")
_OPEN_OF_STUDENT = text("state != 'settled' AND student_id IS NOT NULL")
_OPEN_OF_SITTING = text("state != 'settled' AND student_id IS NULL")
_OPEN_OF_OBSERVER = text("state != 'settled' AND observer_id IS NOT NULL")


class QueueEntry(PublicId, Base):
    """Somebody who waits for a person: a student, an anonymous sitting, or a student observer.

    Each has one open entry at most. It stands for flags, for reports, or for both; an entry that
    began with a report knows no sitting and no campaign.
    """

    __tablename__ = "queue_entries"
    __table_args__ = (
        Index("ix_queue_entries_site_state", "site_id", "state"),
        Index(
            "ix_queue_entries_open_order",
            "urgency",
            "due_at",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_queue_entries_open_lane",
            "lane",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "uq_queue_entries_open_student",
            "student_id",
            unique=True,
            sqlite_where=_OPEN_OF_STUDENT,
            postgresql_where=_OPEN_OF_STUDENT,
        ),
        Index(
            "uq_queue_entries_open_sitting",
            "assessment_id",
            unique=True,
            sqlite_where=_OPEN_OF_SITTING,
            postgresql_where=_OPEN_OF_SITTING,
        ),
        Index(
            "uq_queue_entries_open_observer",
            "observer_id",
            unique=True,
            sqlite_where=_OPEN_OF_OBSERVER,
            postgresql_where=_OPEN_OF_OBSERVER,
        ),
        CheckConstraint(
            "student_id IS NOT NULL OR assessment_id IS NOT NULL OR observer_id IS NOT NULL",
            name="stands_for_somebody",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id"), index=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), index=True)
    #: A student observer who asks for a talk: an account, linked to no student of the roster.
    observer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[EntryState] = mapped_column(words(EntryState), default=EntryState.WAITING)
    #: What a person decided, until then what the rules propose.
    risk_level: Mapped[RiskLevel] = mapped_column(words(RiskLevel))
    #: Whether a person has confirmed or changed the level.
    is_decided: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: A sortable copy of the level: higher is more urgent.
    urgency: Mapped[int] = mapped_column(default=0)
    #: The person who waits has asked for the talk; being flagged is not asking.
    is_asked_for: Mapped[bool] = mapped_column(default=False)
    #: "fast", "same_day" or empty.
    lane: Mapped[str | None] = mapped_column(String(16))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The least by which the student is to be met.
    channel: Mapped[Channel] = mapped_column(words(Channel))
    #: The rule that decided, and its sentence by locale, as they were when the flags came.
    rule: Mapped[str] = mapped_column(String(40))
    #: Which rules, in which version, with what the site does sooner.
    rules_version: Mapped[str] = mapped_column(String(120), default="", server_default="")
    #: The strongest that the rules ever proposed; it stays beside what a person decides.
    proposed_level: Mapped[RiskLevel] = mapped_column(
        words(RiskLevel), default=RiskLevel.NONE, server_default=RiskLevel.NONE.value
    )
    reasons: Mapped[dict[str, str]] = mapped_column(JSON)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    settling_reason: Mapped[SettlingReason | None] = mapped_column(words(SettlingReason))
    settling_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Raised on every change, so that two counsellors cannot both claim.
    version: Mapped[int] = mapped_column(default=1)

    settling_note = encrypted_text("settling_note_sealed")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own declaration

    @property
    def is_drill(self) -> bool:
        """Nobody waits: the school rehearses."""
        return self.student is not None and self.student.is_synthetic

    #: Rows are written by ids; what is only looked at costs no write anything.
    site: Mapped[Site] = relationship(viewonly=True)
    campaign: Mapped[Campaign | None] = relationship(viewonly=True)
    assessment: Mapped[Assessment | None] = relationship(viewonly=True)
    student: Mapped[Student | None] = relationship(viewonly=True)
    observer: Mapped[User | None] = relationship(foreign_keys=[observer_id], viewonly=True)
    claimed_by: Mapped[User | None] = relationship(foreign_keys=[claimed_by_id], viewonly=True)
    case: Mapped["Case | None"] = relationship(back_populates="entries")
    flags: Mapped[list[Flag]] = relationship(
        secondary="queue_entry_flags", order_by=Flag.id, viewonly=True
    )
    decisions: Mapped[list["LevelDecision"]] = relationship(
        back_populates="entry", order_by="LevelDecision.id"
    )
    reports: Mapped[list[ObservationReport]] = relationship(
        secondary="queue_entry_reports", order_by=ObservationReport.id
    )


class QueueEntryFlag(Base):
    """Which flags an entry stands for."""

    __tablename__ = "queue_entry_flags"

    queue_entry_id: Mapped[int] = mapped_column(ForeignKey("queue_entries.id"), primary_key=True)
    flag_id: Mapped[int] = mapped_column(ForeignKey("flags.id"), primary_key=True, index=True)


class LevelDecision(PublicId, Base):
    """A person confirmed or changed what the rules proposed; rows are added, never changed."""

    __tablename__ = "level_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    queue_entry_id: Mapped[int] = mapped_column(ForeignKey("queue_entries.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: What stood there before, and what the rules had proposed.
    before: Mapped[RiskLevel] = mapped_column(words(RiskLevel))
    proposed: Mapped[RiskLevel] = mapped_column(words(RiskLevel))
    risk_level: Mapped[RiskLevel] = mapped_column(words(RiskLevel))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    reason = encrypted_text("reason_sealed")

    entry: Mapped[QueueEntry] = relationship(back_populates="decisions")
    user: Mapped[User | None] = relationship()


class QueueEntryReport(Base):
    """Which observation reports an entry stands for."""

    __tablename__ = "queue_entry_reports"

    queue_entry_id: Mapped[int] = mapped_column(ForeignKey("queue_entries.id"), primary_key=True)
    report_id: Mapped[int] = mapped_column(
        ForeignKey("observation_reports.id"), primary_key=True, index=True
    )
