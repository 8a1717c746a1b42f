"""Tables of batteries, campaigns, invitations, open links and computer rooms."""

from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.authoring.models import InstrumentVersion
from app.campaigns.domain import MAX_CHECK_MISSES, CampaignKind, CampaignState, runs_on
from app.people.models import Cohort, Site, Student, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words

#: What only the first page shows is not read with every tap.
TEXTS = "texts"


class Battery(PublicId, Base):
    """Instruments in order."""

    __tablename__ = "batteries"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title_zh: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120))

    parts: Mapped[list["BatteryPart"]] = relationship(
        back_populates="battery", order_by="BatteryPart.position"
    )


class BatteryPart(Base):
    """One instrument of a battery, pinned to the version that will be shown."""

    __tablename__ = "battery_parts"
    __table_args__ = (UniqueConstraint("battery_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    battery_id: Mapped[int] = mapped_column(ForeignKey("batteries.id"), index=True)
    position: Mapped[int]
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_versions.id"))

    battery: Mapped[Battery] = relationship(back_populates="parts")
    instrument_version: Mapped[InstrumentVersion] = relationship()


class Campaign(PublicId, Base):
    """A planned screening of some classes with one battery, and what students read before it."""

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[CampaignState] = mapped_column(words(CampaignState), default=CampaignState.DRAFT)
    #: A follow-up is one student's repeated measure, a drill is nobody's: no list of screenings
    #: and no count knows either.
    kind: Mapped[CampaignKind] = mapped_column(
        words(CampaignKind), default=CampaignKind.SCREENING, index=True
    )
    battery_id: Mapped[int] = mapped_column(ForeignKey("batteries.id"))
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    notice_zh: Mapped[str] = mapped_column(Text, deferred=True, deferred_group=TEXTS)
    notice_en: Mapped[str] = mapped_column(Text, deferred=True, deferred_group=TEXTS)
    assent_zh: Mapped[str] = mapped_column(Text, deferred=True, deferred_group=TEXTS)
    assent_en: Mapped[str] = mapped_column(Text, deferred=True, deferred_group=TEXTS)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: On these days class teachers find a reminder, for each class in which somebody is missing.
    remind_on: Mapped[date | None] = mapped_column(Date)
    remind_again_on: Mapped[date | None] = mapped_column(Date)

    battery: Mapped[Battery] = relationship()
    sites: Mapped[list["CampaignSite"]] = relationship(
        back_populates="campaign", cascade="all, delete-orphan", order_by="CampaignSite.site_id"
    )
    cohorts: Mapped[list["CampaignCohort"]] = relationship(
        back_populates="campaign",
        cascade="all, delete-orphan",
        order_by="CampaignCohort.cohort_id",
    )

    def runs_on(self, day: date) -> bool:
        """Whether students may begin on `day`."""
        return runs_on(self.state, self.opens_on, self.closes_on, day)


class CampaignSite(Base):
    """A school that takes part, and who answers for its students there."""

    __tablename__ = "campaign_sites"
    __table_args__ = (UniqueConstraint("campaign_id", "site_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    #: The two responders who are called first; the duty roster decides the hour. A draft may still
    #: lack the first, an open campaign never does.
    first_responder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    second_responder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    campaign: Mapped[Campaign] = relationship(back_populates="sites")
    site: Mapped[Site] = relationship()
    first_responder: Mapped[User | None] = relationship(foreign_keys=[first_responder_id])
    second_responder: Mapped[User | None] = relationship(foreign_keys=[second_responder_id])


class CampaignCohort(Base):
    """A class that takes part."""

    __tablename__ = "campaign_cohorts"
    __table_args__ = (UniqueConstraint("campaign_id", "cohort_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)

    campaign: Mapped[Campaign] = relationship(back_populates="cohorts")
    cohort: Mapped[Cohort] = relationship()


class Invitation(PublicId, Base):
    """One student's key to one campaign: a link token (stored as a hash) and a code to type.

    Both are kept encrypted too, so that a lost slip can be printed again.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("campaign_id", "student_id"),
        Index("ix_invitations_campaign_cohort", "campaign_id", "cohort_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    token_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    token_index: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    code_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    code_index: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    check_misses: Mapped[int] = mapped_column(default=0)
    #: "This is not me" was pressed; the slip itself stays unused.
    disowned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Declining looks like finishing, to everybody who may see this.
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Where the slip was opened for a further sitting: progress goes on counting the first one, or
    #: whoever sees it would see that somebody is asked again.
    first_started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: 我不会操作: the proctor is asked for technical help; never a wish to talk.
    help_wanted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    token = encrypted_text("token_sealed", index="token_index")
    code = encrypted_text("code_sealed", index="code_index")

    #: Rows are written by ids; what is only looked at costs no write anything.
    campaign: Mapped[Campaign] = relationship(viewonly=True)
    student: Mapped[Student] = relationship(viewonly=True)
    cohort: Mapped[Cohort] = relationship(viewonly=True)
    site: Mapped[Site] = relationship(viewonly=True)

    @hybrid_property
    def begun_at(self) -> datetime | None:
        """When the slip was first used."""
        return self.first_started_at or self.started_at

    @begun_at.inplace.expression
    @classmethod
    def _begun_at(cls) -> ColumnElement[datetime | None]:
        return func.coalesce(cls.first_started_at, cls.started_at)

    @hybrid_property
    def completed_at(self) -> datetime | None:
        """When the student was first done: what lists and boards call finished."""
        return self.first_finished_at or self.finished_at

    @completed_at.inplace.expression
    @classmethod
    def _completed_at(cls) -> ColumnElement[datetime | None]:
        return func.coalesce(cls.first_finished_at, cls.finished_at)

    @property
    def is_locked(self) -> bool:
        """Three wrong checks: the slip waits for the proctor."""
        return self.check_misses >= MAX_CHECK_MISSES


class ClassReminder(Base):
    """On that day a class teacher is asked to remind the class; who is missing is never kept."""

    __tablename__ = "class_reminders"
    __table_args__ = (UniqueConstraint("campaign_id", "cohort_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    on: Mapped[date] = mapped_column(Date)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: A class teacher has opened the class's list since; the notice is gone.
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    campaign: Mapped[Campaign] = relationship()
    cohort: Mapped[Cohort] = relationship()


class OpenLink(PublicId, Base):
    """An anonymous door to a campaign: every visit is a new respondent of the site that watches."""

    __tablename__ = "open_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    token: Mapped[str] = mapped_column(String(22), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    campaign: Mapped[Campaign] = relationship()
    site: Mapped[Site] = relationship()


class ComputerRoom(PublicId, Base):
    """A class at the school's computers, with one battery, for the rest of a day."""

    __tablename__ = "computer_rooms"
    __table_args__ = (Index("ix_computer_rooms_campaign_cohort", "campaign_id", "cohort_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    #: Typed into every machine of the room, so it is short; it leads to a seat and to no student.
    token: Mapped[str] = mapped_column(String(8), unique=True)
    seats: Mapped[int]
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    campaign: Mapped[Campaign] = relationship()
    cohort: Mapped[Cohort] = relationship()
    site: Mapped[Site] = relationship()
