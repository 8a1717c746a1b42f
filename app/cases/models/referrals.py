"""Students handed to a partner, each step on the way, and the reply."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.domain.referrals import (
    AWAITED,
    SECOND_SIGNATURE_WITHIN,
    LegalBasis,
    Need,
    Partner,
    ProofMeans,
    ReferralState,
    StepKind,
)
from app.cases.domain.replies import Reply
from app.cases.models.partners import PartnerPlace
from app.people.models import User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words

if TYPE_CHECKING:
    from app.cases.models.cases import Case

_LIVE = text("used_at IS NULL AND revoked_at IS NULL")


class Referral(PublicId, Base):
    """A student is handed to a partner, on a recorded legal basis."""

    __tablename__ = "referrals"
    __table_args__ = (Index("ix_referrals_state_due", "state", "answer_due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    partner: Mapped[Partner] = mapped_column(words(Partner))
    partner_place_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"))
    #: The referral that was declined before this one was made.
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"))
    #: Printed on the slip and shown by its link, so that a doctor sees that they match.
    slip_no: Mapped[str | None] = mapped_column(String(9), unique=True)
    place: Mapped[str | None] = mapped_column(String(120))
    department: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(200))
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    wanted_by: Mapped[date | None] = mapped_column(Date)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reference: Mapped[str | None] = mapped_column(String(40))
    need: Mapped[Need | None] = mapped_column(words(Need))
    legal_basis: Mapped[LegalBasis] = mapped_column(words(LegalBasis))
    basis_means: Mapped[ProofMeans | None] = mapped_column(words(ProofMeans))
    basis_on: Mapped[date | None] = mapped_column(Date)
    basis_by_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[ReferralState] = mapped_column(
        words(ReferralState), default=ReferralState.PENDING
    )
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_due_on: Mapped[date] = mapped_column(Date)
    #: When a declined referral found its next step: another partner, or a reason for none.
    followed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    reason = encrypted_text("reason_sealed")
    contact = encrypted_text("contact_sealed")
    basis_by = encrypted_text("basis_by_sealed")

    case: Mapped["Case"] = relationship(back_populates="referrals")
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    signed_by: Mapped[User | None] = relationship(foreign_keys=[signed_by_id])
    partner_place: Mapped[PartnerPlace | None] = relationship()
    follows: Mapped["Referral | None"] = relationship(remote_side=[id])
    steps: Mapped[list["ReferralStep"]] = relationship(
        back_populates="referral", order_by="ReferralStep.id"
    )
    replies: Mapped[list["ReferralReply"]] = relationship(
        back_populates="referral", order_by="ReferralReply.id"
    )

    @property
    def is_awaited(self) -> bool:
        """Whether an answer is still owed."""
        return self.state in AWAITED

    @property
    def signature_due_at(self) -> datetime | None:
        """Until when a second person must have signed; None where none is needed or it is there."""
        if self.legal_basis is not LegalBasis.DANGER or self.signed_at:
            return None
        return self.made_at + SECOND_SIGNATURE_WITHIN

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it: the case cannot be closed over it."""
        return self.is_awaited or self.needs_follow_up

    @property
    def needs_follow_up(self) -> bool:
        """Declined, and nobody has said what comes instead."""
        return self.state is ReferralState.DECLINED and self.followed_at is None


class ReferralStep(PublicId, Base):
    """One line of a referral's record: who did what, when, with a sealed note."""

    __tablename__ = "referral_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    #: Empty where the partner answered by the link.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[StepKind] = mapped_column(words(StepKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The new day on which an answer is looked for, where the step set one.
    due_on: Mapped[date | None] = mapped_column(Date)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    note = encrypted_text("note_sealed")

    referral: Mapped[Referral] = relationship(back_populates="steps")
    user: Mapped[User | None] = relationship()


class ReplyLink(Base):
    """The one-time link on a printed slip; the paper holds the token, the table its hash."""

    __tablename__ = "reply_links"
    __table_args__ = (
        Index(
            "uq_reply_links_live",
            "referral_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    referral: Mapped[Referral] = relationship()


class ReferralReply(PublicId, Base):
    """What the partner answered, encrypted as a whole."""

    __tablename__ = "referral_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When somebody of the school first read it.
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    content = encrypted_text("content_sealed")

    referral: Mapped[Referral] = relationship(back_populates="replies")

    @property
    def reply(self) -> Reply:
        """The five answers."""
        return Reply.load(self.content or "")
