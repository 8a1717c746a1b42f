"""Summaries that site staff may print."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.models import Campaign
from app.cases.domain.printing import Rendering
from app.people.models import Cohort, Student, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words


class SummaryRelease(PublicId, Base):
    """A counsellor lets site staff print some profile summaries, so often and until then."""

    __tablename__ = "summary_releases"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    rendering: Mapped[Rendering] = mapped_column(words(Rendering))
    locale: Mapped[str] = mapped_column(String(16))
    released_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    copies_left: Mapped[int]
    #: Opens the encrypted PDF of a counsellor rendering; the counsellor holds it.
    password_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    password = encrypted_text("password_sealed")

    campaign: Mapped[Campaign] = relationship()
    cohort: Mapped[Cohort] = relationship()
    released_by: Mapped[User] = relationship()
    students: Mapped[list[Student]] = relationship(
        secondary="summary_release_students", order_by=Student.position
    )

    def is_open_at(self, moment: datetime) -> bool:
        """Whether something can still be printed from it."""
        return self.copies_left > 0 and self.expires_at > moment


class SummaryReleaseStudent(Base):
    """Whose summaries a release covers."""

    __tablename__ = "summary_release_students"

    release_id: Mapped[int] = mapped_column(ForeignKey("summary_releases.id"), primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), primary_key=True)
