"""Tables of review meetings with their decisions, and of supervision samples."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.models import Case
from app.meetings.domain import Point, Verdict
from app.people.models import Site, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words


class ReviewMeeting(PublicId, Base):
    """A school's yearly look at how its students fare; figures stand as they were that day."""

    __tablename__ = "review_meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    school_year: Mapped[int]
    held_on: Mapped[date] = mapped_column(Date)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Counts as they were shown, small ones already taken out.
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    present_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    minutes_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    present = encrypted_text("present_sealed")
    minutes = encrypted_text("minutes_sealed")

    site: Mapped[Site] = relationship()
    recorded_by: Mapped[User] = relationship()
    decisions: Mapped[list["Decision"]] = relationship(
        back_populates="meeting", order_by="Decision.due_on, Decision.id"
    )


class Decision(PublicId, Base):
    """What a meeting decided, who carries it, until when."""

    __tablename__ = "review_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("review_meetings.id"), index=True)
    what_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    who_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    due_on: Mapped[date] = mapped_column(Date)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    what = encrypted_text("what_sealed")
    who = encrypted_text("who_sealed")

    meeting: Mapped[ReviewMeeting] = relationship(back_populates="decisions")


class SupervisionSample(PublicId, Base):
    """Some cases of a school, drawn by chance, that a supervisor reads."""

    __tablename__ = "supervision_samples"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship()
    drawn_by: Mapped[User] = relationship()
    cases: Mapped[list["SupervisedCase"]] = relationship(
        back_populates="sample", order_by="SupervisedCase.id"
    )


class SupervisedCase(PublicId, Base):
    """One case of a sample, and what the supervisor says about it."""

    __tablename__ = "supervised_cases"
    __table_args__ = (UniqueConstraint("sample_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    sample_id: Mapped[int] = mapped_column(ForeignKey("supervision_samples.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    remark_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    remark = encrypted_text("remark_sealed")

    sample: Mapped[SupervisionSample] = relationship(back_populates="cases")
    case: Mapped[Case] = relationship()
    findings: Mapped[list["Finding"]] = relationship(back_populates="supervised")


class Finding(Base):
    """One point of the checklist for one case."""

    __tablename__ = "supervision_findings"

    supervised_id: Mapped[int] = mapped_column(ForeignKey("supervised_cases.id"), primary_key=True)
    point: Mapped[Point] = mapped_column(words(Point), primary_key=True)
    verdict: Mapped[Verdict] = mapped_column(words(Verdict))

    supervised: Mapped[SupervisedCase] = relationship(back_populates="findings")
