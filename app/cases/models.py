"""Tables of the queue, cases, contacts, referrals and released summaries."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.assessments.models import Assessment
from app.campaigns.models import Campaign
from app.cases.domain import (
    CaseState,
    ClosingReason,
    EntryState,
    LegalBasis,
    Modality,
    Partner,
    ReferralState,
    Rendering,
    SettlingReason,
)
from app.people.models import Cohort, Site, Student, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words
from app.results.models import Flag
from app.triage.domain import Channel, RiskLevel

_OPEN_OF_STUDENT = text("state != 'settled' AND student_id IS NOT NULL")
_OPEN_OF_SITTING = text("state != 'settled' AND student_id IS NULL")


class QueueEntry(PublicId, Base):
    """A flagged student (or an anonymous sitting) who waits for a person: one open entry each."""

    __tablename__ = "queue_entries"
    __table_args__ = (
        Index("ix_queue_entries_site_state", "site_id", "state"),
        Index("ix_queue_entries_order", "state", "urgency", "due_at"),
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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), index=True)
    state: Mapped[EntryState] = mapped_column(words(EntryState), default=EntryState.WAITING)
    risk_level: Mapped[RiskLevel] = mapped_column(words(RiskLevel))
    #: A sortable copy of the level: higher is more urgent.
    urgency: Mapped[int] = mapped_column(default=0)
    #: "fast", "same_day" or empty.
    lane: Mapped[str | None] = mapped_column(String(16))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The least by which the student is to be met.
    channel: Mapped[Channel] = mapped_column(words(Channel))
    #: The rule that decided, and its sentence by locale, as they were when the flags came.
    rule: Mapped[str] = mapped_column(String(40))
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

    site: Mapped[Site] = relationship()
    campaign: Mapped[Campaign] = relationship()
    assessment: Mapped[Assessment] = relationship()
    student: Mapped[Student | None] = relationship()
    claimed_by: Mapped[User | None] = relationship(foreign_keys=[claimed_by_id])
    case: Mapped["Case | None"] = relationship(back_populates="entries")
    flags: Mapped[list[Flag]] = relationship(secondary="queue_entry_flags", order_by=Flag.id)


class QueueEntryFlag(Base):
    """Which flags an entry stands for."""

    __tablename__ = "queue_entry_flags"

    queue_entry_id: Mapped[int] = mapped_column(ForeignKey("queue_entries.id"), primary_key=True)
    flag_id: Mapped[int] = mapped_column(ForeignKey("flags.id"), primary_key=True, index=True)


_OPEN_CASE = text("state NOT IN ('closed', 'transferred')")


class Case(PublicId, Base):
    """The counselling file of one student; while it is open it has an owner and a next date."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_owner_state", "owner_id", "state"),
        Index(
            "uq_cases_open_student",
            "student_id",
            unique=True,
            sqlite_where=_OPEN_CASE,
            postgresql_where=_OPEN_CASE,
        ),
        CheckConstraint(
            "state IN ('closed', 'transferred') OR next_on IS NOT NULL", name="open_has_next_date"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    state: Mapped[CaseState] = mapped_column(words(CaseState), default=CaseState.OPEN)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: Set by a person; the queue's level is only a proposal.
    risk_level: Mapped[RiskLevel] = mapped_column(words(RiskLevel))
    next_on: Mapped[date | None] = mapped_column(Date, index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_reason: Mapped[ClosingReason | None] = mapped_column(words(ClosingReason))
    closing_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)

    closing_note = encrypted_text("closing_note_sealed")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own declaration

    site: Mapped[Site] = relationship()
    student: Mapped[Student] = relationship()
    owner: Mapped[User] = relationship()
    entries: Mapped[list[QueueEntry]] = relationship(back_populates="case")
    contacts: Mapped[list["Contact"]] = relationship(
        back_populates="case", order_by="Contact.held_at"
    )
    referrals: Mapped[list["Referral"]] = relationship(
        back_populates="case", order_by="Referral.id"
    )


class Contact(PublicId, Base):
    """One meeting or call with a student, and the sealed note of it."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    modality: Mapped[Modality] = mapped_column(words(Modality))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reached: Mapped[bool] = mapped_column(default=True)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    note = encrypted_text("note_sealed")

    case: Mapped[Case] = relationship(back_populates="contacts")
    user: Mapped[User] = relationship()


class Referral(PublicId, Base):
    """A student is handed to a partner, on a recorded legal basis."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    partner: Mapped[Partner] = mapped_column(words(Partner))
    place: Mapped[str | None] = mapped_column(String(120))
    legal_basis: Mapped[LegalBasis] = mapped_column(words(LegalBasis))
    state: Mapped[ReferralState] = mapped_column(
        words(ReferralState), default=ReferralState.PENDING
    )
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_due_on: Mapped[date] = mapped_column(Date)

    reason = encrypted_text("reason_sealed")

    case: Mapped[Case] = relationship(back_populates="referrals")
    user: Mapped[User] = relationship()


class CaseEvent(PublicId, Base):
    """One line of a case's story: claimed, opened, moved, next date set, handed over, closed."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    what: Mapped[str] = mapped_column(String(32))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    user: Mapped[User | None] = relationship()


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
