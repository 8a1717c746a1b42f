"""Students handed to a partner."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    Date,
    ForeignKey,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.domain.referrals import LegalBasis, Partner, ReferralState
from app.people.models import User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words

if TYPE_CHECKING:
    from app.cases.models.cases import Case


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

    case: Mapped["Case"] = relationship(back_populates="referrals")
    user: Mapped[User] = relationship()
