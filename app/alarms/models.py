"""Tables of alerts, of whom they called, and of what was sent to whom over which channel."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alarms.domain import ChannelKind, DispatchState, Step
from app.campaigns.domain import CampaignKind
from app.campaigns.models import Campaign
from app.cases.models import QueueEntry
from app.people.models import Cohort, Site, Student, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words
from app.triage.domain import Lane

_OPEN_DIGEST = text("day IS NOT NULL AND closed_at IS NULL")
_UNSENT = text("message_id IS NULL")


class Alert(PublicId, Base):
    """A call for a person: one for an entry of the fast lane, one a class and day for the others.

    `acknowledged_at`: somebody said "I am going". `closed_at`: nothing more is to be called for.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_site_raised", "site_id", "raised_at"),
        Index(
            "ix_alerts_open",
            "site_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "uq_alerts_open_digest",
            "campaign_id",
            "site_id",
            "cohort_id",
            "day",
            unique=True,
            sqlite_where=_OPEN_DIGEST,
            postgresql_where=_OPEN_DIGEST,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    #: Empty where the entry stands for a report alone.
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    #: The class of a digest or of the entry; empty for an open link.
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"))
    lane: Mapped[Lane] = mapped_column(words(Lane))
    #: The day of a digest on the wall of the school.
    day: Mapped[date | None] = mapped_column(Date)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    #: Rows are written by ids; what is only looked at costs no write anything.
    site: Mapped[Site] = relationship(viewonly=True)
    campaign: Mapped[Campaign | None] = relationship(viewonly=True)
    cohort: Mapped[Cohort | None] = relationship(viewonly=True)
    acknowledged_by: Mapped[User | None] = relationship(viewonly=True)
    entries: Mapped[list["AlertEntry"]] = relationship(
        back_populates="alert", order_by="AlertEntry.id"
    )
    notices: Mapped[list["Notice"]] = relationship(back_populates="alert", order_by="Notice.id")

    @property
    def is_calling(self) -> bool:
        """Whether people are still to be called."""
        return self.acknowledged_at is None and self.closed_at is None

    @property
    def is_drill(self) -> bool:
        """Nobody waits: the school rehearses."""
        return self.campaign is not None and self.campaign.kind is CampaignKind.DRILL


class AlertEntry(Base):
    """An entry of the queue that an alert calls for, and who has read it since."""

    __tablename__ = "alert_entries"
    __table_args__ = (UniqueConstraint("alert_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("queue_entries.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    alert: Mapped[Alert] = relationship(back_populates="entries")
    #: Rows are written by ids; what is only looked at costs no write anything.
    entry: Mapped[QueueEntry] = relationship(viewonly=True)


class Message(PublicId, Base):
    """What one person is told at once, over one or several channels: only how many wait."""

    __tablename__ = "alarm_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: How many alerts wait for the person; 0 is a test.
    count: Mapped[int]
    #: Over every channel; a quiet one goes over the first that works.
    loud: Mapped[bool]
    #: About drills only: what is real and what is not never share a message.
    is_drill: Mapped[bool] = mapped_column(default=False, server_default=false())

    user: Mapped[User] = relationship()
    dispatches: Mapped[list["Dispatch"]] = relationship(
        back_populates="message", order_by="Dispatch.id"
    )

    @property
    def is_test(self) -> bool:
        """Nobody waits: the person tries a channel."""
        return self.count == 0


class Notice(Base):
    """A person was called for an alert at a step; `message_id` follows when it is told."""

    __tablename__ = "alert_notices"
    __table_args__ = (
        UniqueConstraint("alert_id", "user_id", "step", "round"),
        Index("ix_alert_notices_unsent", "user_id", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    step: Mapped[Step] = mapped_column(words(Step))
    #: Steps that are repeated count their rounds.
    round: Mapped[int] = mapped_column(default=0)
    #: The fast lane and what is overdue cannot wait to be merged.
    loud: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("alarm_messages.id"), index=True)

    alert: Mapped[Alert] = relationship(back_populates="notices")
    user: Mapped[User] = relationship()
    message: Mapped[Message | None] = relationship()


class ResponderChannel(PublicId, Base):
    """A person's own address of one kind, tried in the order of `position`."""

    __tablename__ = "responder_channels"
    __table_args__ = (UniqueConstraint("user_id", "kind", "address_index"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[ChannelKind] = mapped_column(words(ChannelKind))
    address_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    address_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When the person acknowledged a test that came over it.
    drilled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Kept for the timelines of the past.
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    address = encrypted_text("address_sealed", index="address_index")

    user: Mapped[User] = relationship()


class Dispatch(Base):
    """One message over one channel, written before it is sent."""

    __tablename__ = "alarm_dispatches"
    __table_args__ = (Index("ix_alarm_dispatches_channel_started", "channel_id", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("alarm_messages.id"), index=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("responder_channels.id"))
    state: Mapped[DispatchState] = mapped_column(
        words(DispatchState), default=DispatchState.WAITING
    )
    attempts: Mapped[int] = mapped_column(default=0)
    #: Of the last attempt.
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it failed, as a word of ours; never what the other side said.
    problem: Mapped[str | None] = mapped_column(String(24))

    message: Mapped[Message] = relationship(back_populates="dispatches")
    channel: Mapped[ResponderChannel] = relationship()


class SiteClocks(Base):
    """A school that calls people earlier than the product does; never later."""

    __tablename__ = "alarm_clocks"
    __table_args__ = (
        CheckConstraint("second_minutes BETWEEN 1 AND 5", name="second"),
        CheckConstraint("lead_minutes BETWEEN second_minutes AND 15", name="lead"),
        CheckConstraint("head_minutes BETWEEN lead_minutes AND 30", name="head"),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    second_minutes: Mapped[int] = mapped_column(default=5)
    lead_minutes: Mapped[int] = mapped_column(default=15)
    head_minutes: Mapped[int] = mapped_column(default=30)


class Drill(PublicId, Base):
    """A rehearsal with a made-up student; its result is fixed when it ends."""

    __tablename__ = "alarm_drills"
    __table_args__ = (
        Index(
            "uq_alarm_drills_running",
            "site_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_alarm_drills_site_ended", "site_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    #: What was made up for it; the result stays without it.
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: By a person, or when its time was over.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    #: Which script it was measured by.
    script: Mapped[str] = mapped_column(String(20))
    is_passed: Mapped[bool | None]
    #: By step, the seconds from the start; a step that never came is left out.
    seconds: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)

    site: Mapped[Site] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    student: Mapped[Student | None] = relationship()
    started_by: Mapped[User | None] = relationship(foreign_keys=[started_by_id])
