"""What a counsellor lets the student read behind the PIN."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.domain.student_words import Phrase
from app.people.models import User
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words


class StudentReply(PublicId, Base):
    """One fixed sentence for one student; the newest is shown."""

    __tablename__ = "student_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    phrase: Mapped[Phrase] = mapped_column(words(Phrase))
    #: The day that the sentence names, where it names one.
    day: Mapped[date | None] = mapped_column(Date)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
