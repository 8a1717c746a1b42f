"""Counts from which reports are made, forms filled from them, and requests for exports.

A row of counts is a group of people, never one person's answers.
"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.models import Campaign
from app.people.domain import Sex
from app.people.models import Site, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words
from app.statistics.domain.exports import Detail, ExportState, FileForm


class CampaignCount(Base):
    """That a campaign was counted at one school, when, and how many sittings.

    A campaign is counted once, when it closes. What arrives later is looked after like every
    answer, and stays out of the report: two reports that differ by one student would tell that
    student's answers.
    """

    __tablename__ = "campaign_counts"
    __table_args__ = (UniqueConstraint("campaign_id", "site_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    invited: Mapped[int]
    #: Of these, how many slips were brought to the last page: with answers or without.
    finished: Mapped[int]
    #: Sittings with a score, and of these the ones whose answers cannot be relied on.
    answered: Mapped[int]
    careless: Mapped[int]


class CohortCount(Base):
    """How many of one class were invited, came to the last page, and left a score."""

    __tablename__ = "cohort_counts"
    __table_args__ = (UniqueConstraint("campaign_id", "cohort_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    invited: Mapped[int]
    finished: Mapped[int]
    answered: Mapped[int]


class ScaleCount(Base):
    """Students of one class and sex whose score lies in one band, with the sums that means need."""

    __tablename__ = "scale_counts"
    __table_args__ = (
        Index("ix_scale_counts_campaign_scale", "campaign_id", "instrument_code", "scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    sex: Mapped[Sex | None] = mapped_column(words(Sex))
    instrument_code: Mapped[str] = mapped_column(String(40))
    scale: Mapped[str] = mapped_column(String(40))
    #: Empty where the scale has no bands for this student.
    band: Mapped[str | None] = mapped_column(String(40))
    n: Mapped[int]
    total: Mapped[float]
    squares: Mapped[float]


class ItemCount(Base):
    """Students of one school who gave one answer to one item."""

    __tablename__ = "item_counts"
    __table_args__ = (
        UniqueConstraint("campaign_id", "site_id", "instrument_code", "item_code", "value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    instrument_code: Mapped[str] = mapped_column(String(40))
    item_code: Mapped[str] = mapped_column(String(40))
    value: Mapped[float]
    n: Mapped[int]


class ResearchExport(PublicId, Base):
    """A request for pseudonymised data: who asked for what, why, who agreed, what became of it.

    The key of its pseudonyms is nowhere here: it lives as long as the file is being written.
    """

    __tablename__ = "research_exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ExportState] = mapped_column(words(ExportState), default=ExportState.ASKED)
    form: Mapped[FileForm] = mapped_column(words(FileForm))
    detail: Mapped[Detail] = mapped_column(words(Detail))
    #: The codes of the instruments that it holds.
    instruments: Mapped[list[str]] = mapped_column(JSON)
    #: Whether it says what a person decided after talking with the student.
    has_outcome: Mapped[bool] = mapped_column(default=False)
    #: Of labels where a file has room for one language.
    locale: Mapped[str] = mapped_column(String(16))
    purpose_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: By detail, how far people stand out; empty until it has been counted.
    risks: Mapped[dict[str, dict[str, int]] | None] = mapped_column(JSON(none_as_null=True))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it was approved although people stand out; obligatory then.
    decision_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Both names were entered by the machine's operator: neither person pressed a button here.
    is_by_operator: Mapped[bool] = mapped_column(default=False)
    #: How far the writer has come, and when it last said so.
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    purpose = encrypted_text("purpose_sealed")
    decision = encrypted_text("decision_sealed")

    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    campaigns: Mapped[list[Campaign]] = relationship(
        secondary="research_export_campaigns", order_by=(Campaign.opens_on, Campaign.id)
    )
    sites: Mapped[list[Site]] = relationship(secondary="research_export_sites", order_by=Site.id)


class ResearchExportCampaign(Base):
    """A campaign whose answers an export holds."""

    __tablename__ = "research_export_campaigns"

    export_id: Mapped[int] = mapped_column(ForeignKey("research_exports.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)


class ResearchExportSite(Base):
    """A school whose students are in an export."""

    __tablename__ = "research_export_sites"

    export_id: Mapped[int] = mapped_column(ForeignKey("research_exports.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True)


class OfficeForm(PublicId, Base):
    """A form of the education office as it was uploaded, and which figure goes where in it.

    An office sends an empty form, but people upload what lies on their desk: name and content are
    sealed like everything that may name somebody.
    """

    __tablename__ = "office_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(8))
    #: The printed words and their places: next month's form has the same.
    layout: Mapped[str] = mapped_column(String(64))
    #: Spot → figure, both by name.
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    title = encrypted_text("title_sealed")
    #: The file in Base64.
    content = encrypted_text("content_sealed")

    site: Mapped[Site] = relationship()
