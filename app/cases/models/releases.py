"""Summaries that site staff may print, and their printing."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    ForeignKey,
    LargeBinary,
    String,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.models import Campaign
from app.cases.domain.printing import (
    BATCH,
    FETCH_LASTS,
    UNDER_WAY,
    EnvelopeOrder,
    Rendering,
    RunState,
    lay,
)
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
    #: Empty where classes of a whole school were released together.
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"))
    #: Whether the sheets name their students; without, they carry class and number.
    has_names: Mapped[bool] = mapped_column(default=True, server_default=true())
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
    cohort: Mapped[Cohort | None] = relationship()
    released_by: Mapped[User] = relationship()
    students: Mapped[list[Student]] = relationship(
        secondary="summary_release_students", order_by=(Student.position, Student.id)
    )

    def is_open_at(self, moment: datetime) -> bool:
        """Whether something can still be printed from it."""
        return self.copies_left > 0 and self.expires_at > moment


class SummaryReleaseStudent(Base):
    """Whose summaries a release covers."""

    __tablename__ = "summary_release_students"

    release_id: Mapped[int] = mapped_column(ForeignKey("summary_releases.id"), primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), primary_key=True)


class PrintRun(PublicId, Base):
    """One copy of a release on its way to the printer, in steps that a fallen machine takes up."""

    __tablename__ = "print_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("summary_releases.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[RunState] = mapped_column(words(RunState))
    envelope_order: Mapped[EnvelopeOrder] = mapped_column(
        words(EnvelopeOrder), default=EnvelopeOrder.ROLL, server_default=EnvelopeOrder.ROLL.value
    )
    #: Whose sheets, in the order of the pile.
    student_ids: Mapped[list[int]] = mapped_column(JSON)
    #: Of each batch that was gathered: class and pages of its documents.
    batches: Mapped[list[list[list[int]]]] = mapped_column(JSON, default=list)
    #: Pages of the cover and of each class's list; empty for one student alone.
    fronts: Mapped[list[int]] = mapped_column(JSON, default=list)
    #: The sheets in front are the first part, each batch is one more.
    parts_printed: Mapped[int] = mapped_column(default=0)
    #: Documents with a character that no font here draws.
    marked: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: From then on the file is gone.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    release: Mapped[SummaryRelease] = relationship()
    user: Mapped[User] = relationship()

    @property
    def pages(self) -> int:
        """Of the whole file."""
        return sum(place.pages for place in lay(self.fronts, self.batches))

    def is_going(self, moment: datetime) -> bool:
        """Whether the file was fetched, or has waited nearly as long as it may: it goes soon."""
        return self.state is RunState.READY and self.expires_at <= moment + FETCH_LASTS

    @property
    def share_done(self) -> int:
        """How far it is, in hundredths: to write a sheet takes about as long as to print it."""
        if self.state not in UNDER_WAY:
            return 100 if self.state is RunState.READY else 0
        batches = -(-len(self.student_ids) // BATCH)
        return 98 * (len(self.batches) + self.parts_printed) // (2 * batches + 1)
