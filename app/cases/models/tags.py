"""Special tags of a student, which few may see."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.domain.tags import TagKind
from app.people.models import Student, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words

_LIVE = text("ended_at IS NULL")


class StudentTag(PublicId, Base):
    """A circumstance that calls for care: one live row of a kind, kept when it ends."""

    __tablename__ = "student_tags"
    __table_args__ = (
        Index(
            "uq_student_tags_live",
            "student_id",
            "kind",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    kind: Mapped[TagKind] = mapped_column(words(TagKind))
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    since_on: Mapped[date] = mapped_column(Date)
    #: When somebody has to look again; past it the tag holds until a person ends it.
    review_on: Mapped[date] = mapped_column(Date)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    reason = encrypted_text("reason_sealed")

    student: Mapped[Student] = relationship()
    set_by: Mapped[User] = relationship(foreign_keys=[set_by_id])
