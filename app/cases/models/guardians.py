"""What was said to a student's guardian, and what they answered."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Date, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.domain.cases import Modality
from app.cases.domain.guardians import GuardianAnswer, PaperForm
from app.people.models import Guardian, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words

if TYPE_CHECKING:
    from app.cases.models.cases import Case


class GuardianStep(PublicId, Base):
    """One step with the guardian; rows are added. The newest says how it stands; a fear stays."""

    __tablename__ = "guardian_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("guardians.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[GuardianAnswer] = mapped_column(words(GuardianAnswer))
    means: Mapped[Modality | None] = mapped_column(words(Modality))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Who spoke with them, the second of staff where two are needed, and what was said.
    spoken_by_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    second_staff_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: After a refusal: the paper, who witnessed it, and what keeps the student safe in school.
    paper: Mapped[PaperForm | None] = mapped_column(words(PaperForm))
    witness_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    safety_plan_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Out of reach: when it is tried again.
    next_try_on: Mapped[date | None] = mapped_column(Date)
    #: A feared source: to whom it was reported, and when.
    reported_to_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    spoken_by = encrypted_text("spoken_by_sealed")
    second_staff = encrypted_text("second_staff_sealed")
    said = encrypted_text("said_sealed")
    witness = encrypted_text("witness_sealed")
    safety_plan = encrypted_text("safety_plan_sealed")
    reported_to = encrypted_text("reported_to_sealed")

    user: Mapped[User] = relationship()
    guardian: Mapped[Guardian | None] = relationship()
    case: Mapped["Case"] = relationship()
