"""The table of observation reports."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.observations.domain import Since
from app.people.models import Site, Student, User
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words


class ObservationReport(PublicId, Base):
    """Up to three ticks about a student, or (without student and ticks) an observer's own wish."""

    __tablename__ = "observation_reports"
    __table_args__ = (
        UniqueConstraint("reporter_id", "form_token"),
        Index("ix_observation_reports_reporter", "reporter_id", "reported_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), index=True)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: Codes of the ticked signs; the list of words is content and may change.
    signs: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[Since | None] = mapped_column(words(Since))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: What the receipt promised; it follows from the ticks alone, never from what else is known.
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Made with the form: pressed twice, it is one report.
    form_token: Mapped[str] = mapped_column(String(22))

    site: Mapped[Site] = relationship()
    student: Mapped[Student | None] = relationship()
    reporter: Mapped[User] = relationship()
