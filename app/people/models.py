"""Tables of people and places; whatever names a person is encrypted, bound to its row."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SQLColumnExpression,
    String,
    Time,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.permissions import Role
from app.people.domain import ConsentMeans, ConsentStatus, DayKind, Sex, SiteKind
from app.platform.crypto import encrypted_date, encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words


class Site(PublicId, Base):
    """A school or community centre."""

    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[SiteKind] = mapped_column(words(SiteKind), default=SiteKind.SCHOOL)
    district: Mapped[str | None] = mapped_column(String(80))
    #: What the help page shows first: the school's own contact, staffed in duty hours.
    duty_phone: Mapped[str | None] = mapped_column(String(32))
    counselling_room: Mapped[str | None] = mapped_column(String(120))
    #: Where a student in danger is taken; without it no campaign opens.
    hospital_name: Mapped[str | None] = mapped_column(String(120))
    hospital_phone: Mapped[str | None] = mapped_column(String(32))
    #: Who calls guardians and when, in the school's own words; without it no campaign opens.
    guardian_rule_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    consent_age: Mapped[int] = mapped_column(default=14)
    opens_at: Mapped[time] = mapped_column(Time, default=time(8, 0))
    closes_at: Mapped[time] = mapped_column(Time, default=time(17, 30))

    guardian_rule = encrypted_text("guardian_rule_sealed")

    cohorts: Mapped[list["Cohort"]] = relationship(
        back_populates="site", order_by=lambda: CLASSES_IN_ORDER
    )

    @property
    def site_id(self) -> int:
        """A site is in its own scope."""
        return self.id


class Cohort(PublicId, Base):
    """A class or group of a site; `grade` runs from 1 (first of primary) to 16 (university)."""

    __tablename__ = "cohorts"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    grade: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    #: The class of a school's drills: no list and no count knows it.
    is_synthetic: Mapped[bool] = mapped_column(default=False, server_default=false())

    site: Mapped[Site] = relationship(back_populates="cohorts")

    @property
    def cohort_id(self) -> int:
        """A class is in its own scope."""
        return self.id


#: The order of every list of classes; one without a grade comes first, whatever the database.
CLASSES_IN_ORDER: tuple[SQLColumnExpression[Any], ...] = (
    Cohort.grade.nulls_first(),
    Cohort.position,
    Cohort.id,
)


class Student(PublicId, Base):
    """A person who is screened; lists sort by `position`, the rank in the class."""

    __tablename__ = "students"
    __table_args__ = (
        UniqueConstraint("site_id", "student_no_index"),
        Index("ix_students_cohort_position", "cohort_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    position: Mapped[int] = mapped_column(default=0)
    sex: Mapped[Sex | None] = mapped_column(words(Sex))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    student_no_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    student_no_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    birth_date_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Nobody: made up for a drill. Whatever lists or counts students leaves them out.
    is_synthetic: Mapped[bool] = mapped_column(default=False, server_default=false())

    name = encrypted_text("name_sealed")
    student_no = encrypted_text("student_no_sealed", index="student_no_index")
    birth_date = encrypted_date("birth_date_sealed")

    site: Mapped[Site] = relationship()
    cohort: Mapped[Cohort] = relationship()
    guardians: Mapped[list["Guardian"]] = relationship(
        back_populates="student", order_by="Guardian.id"
    )
    consents: Mapped[list["Consent"]] = relationship(
        back_populates="student", order_by="Consent.id"
    )


class Guardian(PublicId, Base):
    """A parent or other guardian."""

    __tablename__ = "guardians"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    relation: Mapped[str | None] = mapped_column(String(20))
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    name = encrypted_text("name_sealed")
    phone = encrypted_text("phone_sealed")

    student: Mapped[Student] = relationship(back_populates="guardians")


class Consent(PublicId, Base):
    """One step in the timeline of a guardian's consent; rows are added, never changed."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    status: Mapped[ConsentStatus] = mapped_column(words(ConsentStatus))
    means: Mapped[ConsentMeans] = mapped_column(words(ConsentMeans), default=ConsentMeans.PAPER)
    given_on: Mapped[date] = mapped_column(Date)
    given_by_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_by: Mapped[str] = mapped_column(String(40))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    given_by = encrypted_text("given_by_sealed")

    student: Mapped[Student] = relationship(back_populates="consents")


class RosterDraft(PublicId, Base):
    """An uploaded roster between upload and confirmation; nothing of it rests in the browser."""

    __tablename__ = "roster_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    content = encrypted_text("content_sealed")

    site: Mapped[Site] = relationship()


class User(PublicId, Base):
    """A member of staff. `is_demo` accounts open only on loopback."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    password_hash: Mapped[str] = mapped_column(String(120))
    locale: Mapped[str | None] = mapped_column(String(16))
    active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    name = encrypted_text("name_sealed")

    assignments: Mapped[list["RoleAssignment"]] = relationship(
        back_populates="user", order_by="RoleAssignment.id"
    )

    @property
    def is_authenticated(self) -> bool:
        """Flask-Login's word for "not the anonymous visitor"."""
        return True


class RoleAssignment(Base):
    """A role with its place: a site, a class, or (both empty) everywhere."""

    __tablename__ = "role_assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = mapped_column(words(Role))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"))

    user: Mapped[User] = relationship(back_populates="assignments")
    site: Mapped[Site | None] = relationship()
    cohort: Mapped[Cohort | None] = relationship()


class LoginSession(Base):
    """A log-in that the server can end; the cookie holds the token, the table its hash."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = mapped_column(words(Role))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class LoginAttempt(Base):
    """A failed log-in; too many for one account or address make the next one wait."""

    __tablename__ = "login_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    login_index: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    address_index: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class DutyShift(PublicId, Base):
    """A responder on duty for a site (or, without one, for all) from one moment to another."""

    __tablename__ = "duty_shifts"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: 1 answers first, 2 when the first does not; the crisis lead is third.
    rank: Mapped[int] = mapped_column(default=1)

    user: Mapped[User] = relationship()
    site: Mapped[Site | None] = relationship()


class CalendarDay(Base):
    """A day that differs from the plain week: a holiday, a make-up workday, an exam day."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("site_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    on: Mapped[date] = mapped_column(Date)
    kind: Mapped[DayKind] = mapped_column(words(DayKind))
