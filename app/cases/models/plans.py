"""The support plan of a case, revision by revision."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.domain.plans import Goal, dump_goals, load_goals
from app.people.models import User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime


class PlanRevision(PublicId, Base):
    """The whole plan as it stood from then on; a revision is added, never changed."""

    __tablename__ = "plan_revisions"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    number: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    review_on: Mapped[date] = mapped_column(Date)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    content = encrypted_text("content_sealed")

    user: Mapped[User] = relationship()

    @property
    def goals(self) -> list[Goal]:
        """The goals as they were written."""
        return load_goals(self.content or "[]")

    @goals.setter
    def goals(self, goals: list[Goal]) -> None:
        self.content = dump_goals(goals)
