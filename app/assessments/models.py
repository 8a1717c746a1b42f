"""Tables of sittings and their append-only responses."""

import uuid
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.assessments.domain import AssessmentState, AttributionKind, Mode
from app.campaigns.models import Campaign, ComputerRoom, Invitation
from app.people.models import Site, Student, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words


class Assessment(PublicId, Base):
    """One sitting of a battery: by an invited student, or by nobody we know (open link)."""

    __tablename__ = "assessments"
    __table_args__ = (Index("ix_assessments_campaign_state", "campaign_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    open_link_id: Mapped[int | None] = mapped_column(ForeignKey("open_links.id"))
    state: Mapped[AssessmentState] = mapped_column(
        words(AssessmentState), default=AssessmentState.STARTED
    )
    #: Without the guardian's consent only neutral questions are shown, and none of them is stored.
    neutral: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[Mode] = mapped_column(words(Mode))
    #: At which machine of the computer room it was last opened.
    seat: Mapped[int | None]
    locale: Mapped[str] = mapped_column(String(16))
    #: Hash of the sitting's own cookie; a new device with slip and check gets a new one.
    ticket_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: For the class board, to a third of a minute; a press of “I want to talk” never counts.
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the device last said that it is there, and whether it holds answers that do not get out.
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_waiting: Mapped[bool] = mapped_column(default=False, server_default=false())

    #: Rows are written by ids; what is only looked at costs no write anything.
    campaign: Mapped[Campaign] = relationship(viewonly=True)
    invitation: Mapped[Invitation | None] = relationship(viewonly=True)
    student: Mapped[Student | None] = relationship(viewonly=True)
    site: Mapped[Site] = relationship(viewonly=True)


class Response(PublicId, Base):
    """The answer to one item. Rows are only added: a later `seq` of the same item supersedes.

    At most one of `value`, `text` and `refused` says what was answered; where none does, what was
    answered before counts no more, because the item is not asked after all. `public_id` is the id
    that the answering device made, so that an answer sent twice is stored once.
    """

    __tablename__ = "responses"
    __table_args__ = (
        Index("ix_responses_assessment", "assessment_id", "id"),
        Index("ix_responses_site_campaign", "site_id", "campaign_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    #: UUID of the answering device (or of the server, for plain forms).
    public_id: Mapped[str] = mapped_column(
        String(36), unique=True, insert_sentinel=True, default=lambda: str(uuid.uuid4())
    )
    campaign_id: Mapped[int]
    site_id: Mapped[int]
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    instrument_code: Mapped[str] = mapped_column(String(40))
    item_code: Mapped[str] = mapped_column(String(40))
    value: Mapped[float | None]
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    refused: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[int] = mapped_column(default=0)
    mode: Mapped[Mode] = mapped_column(words(Mode))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Milliseconds for which the device had shown the item; plain forms and paper do not know.
    shown_ms: Mapped[int | None]

    text = encrypted_text("text_sealed")

    @property
    def is_withdrawn(self) -> bool:
        """Whether it only takes back what was answered before."""
        return self.value is None and self.text_sealed is None and not self.refused


class Attribution(PublicId, Base):
    """Whose answers a sitting's are, where that is not simply whom the slip names.

    Rows are only added: the newest of a sitting counts. The sitting itself, its scores and its
    flags keep naming the student on the slip.
    """

    __tablename__ = "sitting_attributions"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    kind: Mapped[AttributionKind] = mapped_column(words(AttributionKind))
    #: Whose they are from here on; empty while nobody knows.
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), index=True)
    #: Who said so; empty when it was whoever was answering.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    reason = encrypted_text("reason_sealed")

    assessment: Mapped[Assessment] = relationship()
    student: Mapped[Student | None] = relationship()
    user: Mapped[User | None] = relationship()


class EntryMiss(Base):
    """A code or link that led nowhere; far too many from one address make the next one wait."""

    __tablename__ = "entry_misses"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_index: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SlipPin(Base):
    """The PIN that the owner of a slip chose, to look for an answer later; kept as a hash."""

    __tablename__ = "slip_pins"

    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), primary_key=True)
    pin_hash: Mapped[str] = mapped_column(String(120))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PinMiss(Base):
    """A code with a PIN that opened nothing; the code may not even exist."""

    __tablename__ = "pin_misses"
    __table_args__ = (Index("ix_pin_misses_code_at", "code_index", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Seat(Base):
    """A machine of a computer room: its number, and the hash of the secret in its cookie."""

    __tablename__ = "seats"
    __table_args__ = (UniqueConstraint("room_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("computer_rooms.id"))
    number: Mapped[int]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)

    room: Mapped[ComputerRoom] = relationship()
