"""Tables of administrations, scale scores and flags; nothing here is ever overwritten."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.assessments.models import Assessment
from app.authoring.models import InstrumentVersion
from app.campaigns.models import Campaign
from app.people.models import Site, Student, User
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId, UtcDateTime
from app.platform.types import words
from app.results.domain import FlagKind, RescoringState, WeighingState


class Administration(PublicId, Base):
    """One instrument within a sitting, as it was scored: by which version, engine and norms.

    Scoring again adds a row with the next `revision`; the old one stays.
    """

    __tablename__ = "administrations"
    __table_args__ = (UniqueConstraint("assessment_id", "instrument_version_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int]
    site_id: Mapped[int]
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), index=True)
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_versions.id"))
    instrument_code: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int] = mapped_column(default=1)
    engine_version: Mapped[str] = mapped_column(String(20))
    #: The norm tables that came with the instrument, as “code version”.
    norm_version: Mapped[str | None] = mapped_column(String(200))
    #: Answer quality notes (too fast, same answer throughout, share missing) as codes with numbers.
    quality: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    scored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The approved re-scoring that made this row, and the older row that it takes the place of.
    rescoring_id: Mapped[int | None] = mapped_column(ForeignKey("rescorings.id"), index=True)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("administrations.id"))

    #: Rows are written by ids; what is only looked at costs no write anything.
    assessment: Mapped[Assessment] = relationship(viewonly=True)
    instrument_version: Mapped[InstrumentVersion] = relationship(viewonly=True)
    rescoring: Mapped["Rescoring | None"] = relationship(viewonly=True)
    scores: Mapped[list["ScaleScore"]] = relationship(back_populates="administration")


class ScaleScore(Base):
    """A number for one scale; `score` is what bands apply to, empty where none is allowed."""

    __tablename__ = "scale_scores"
    __table_args__ = (
        UniqueConstraint("administration_id", "scale"),
        Index("ix_scale_scores_campaign_scale", "campaign_id", "scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int]
    site_id: Mapped[int]
    administration_id: Mapped[int] = mapped_column(ForeignKey("administrations.id"))
    scale: Mapped[str] = mapped_column(String(40))
    score: Mapped[float | None]
    raw: Mapped[float | None]
    answered: Mapped[int]
    prorated: Mapped[bool] = mapped_column(default=False)
    band: Mapped[str | None] = mapped_column(String(40))

    administration: Mapped[Administration] = relationship(back_populates="scores")


class Flag(PublicId, Base):
    """A rule that fired, with everything needed to say why: items, cut-off, source, version."""

    __tablename__ = "flags"
    __table_args__ = (UniqueConstraint("assessment_id", "instrument_code", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int]
    site_id: Mapped[int]
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), index=True)
    instrument_code: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(60))
    kind: Mapped[FlagKind] = mapped_column(words(FlagKind))
    #: "fast" or "same_day" for what cannot wait, else empty.
    lane: Mapped[str | None] = mapped_column(String(16))
    #: item or scale, value, cut-off, source, population, instrument and engine version.
    reason: Mapped[dict[str, Any]] = mapped_column(JSON)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Set when a later answer took the critical one back; the flag stands all the same.
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    #: Rows are written by ids; what is only looked at costs no write anything.
    assessment: Mapped[Assessment] = relationship(viewonly=True)


class SwapDismissal(PublicId, Base):
    """A person has looked at a pair that looked swapped, by these `reasons`: it was not."""

    __tablename__ = "swap_dismissals"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    #: The two sittings, the earlier number first: with a new sitting the pair is a new one.
    one_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    why_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    why = encrypted_text("why_sealed")

    user: Mapped[User | None] = relationship()


class MixUpReport(PublicId, Base):
    """Somebody at the school says that a slip was in other hands; it shows and changes nothing."""

    __tablename__ = "mix_up_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    #: Who had the slip, if that is known.
    other_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    student: Mapped[Student] = relationship(foreign_keys=[student_id])
    other: Mapped[Student | None] = relationship(foreign_keys=[other_id])
    user: Mapped[User | None] = relationship()


class LocalNorm(PublicId, Base):
    """Norms that a school made of its own students; aggregates, nobody's score.

    They come from the campaign on whose page they were made, and from further ones that were chosen
    there; each student counts once, with the newest.

    They show nowhere before a person approved them, and no longer once somebody retired them.
    Published norms come with the instrument and are never kept here.
    """

    __tablename__ = "local_norms"
    __table_args__ = (Index("ix_local_norms_site_instrument", "site_id", "instrument_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_versions.id"))
    instrument_code: Mapped[str] = mapped_column(String(40))
    #: By scale, the standard error and the groups, the narrowest first (`local_norms.figures_of`).
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    people: Mapped[int]
    #: The fewest people that a group had to have.
    fewest: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    site: Mapped[Site] = relationship()
    campaign: Mapped[Campaign] = relationship()
    further: Mapped[list[Campaign]] = relationship(
        secondary="local_norm_campaigns", order_by=(Campaign.closes_on.desc(), Campaign.id.desc())
    )
    instrument_version: Mapped[InstrumentVersion] = relationship()
    made_by: Mapped[User | None] = relationship(foreign_keys=[made_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])

    @property
    def campaigns(self) -> tuple[Campaign, ...]:
        """What it was made of, the campaign on whose page first."""
        return (self.campaign, *self.further)

    @property
    def stands(self) -> bool:
        """Whether profiles show it."""
        return self.approved_at is not None and self.retired_at is None


class LocalNormCampaign(Base):
    """A further campaign that students of the norms come from."""

    __tablename__ = "local_norm_campaigns"

    norm_id: Mapped[int] = mapped_column(ForeignKey("local_norms.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaigns.id"), primary_key=True, index=True
    )


class Weighing(PublicId, Base):
    """What a changed instrument would do to past results: its exact text, and counts by school.

    The text is kept as it was when somebody asked, so that the answer says for which text it is.
    """

    __tablename__ = "weighings"

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_code: Mapped[str] = mapped_column(String(40), index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    #: The files as JSON {file name: text}.
    source: Mapped[str] = mapped_column(Text, deferred=True)
    #: The draft it was asked for, by its public id; empty for a version in service.
    draft_ref: Mapped[str | None] = mapped_column(String(22), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[WeighingState] = mapped_column(
        words(WeighingState), default=WeighingState.WAITING
    )
    #: How many results there are, how many are looked at, and which was the last.
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[int] = mapped_column(default=0)
    #: By site id: kind, code, state before, state after, and how many people.
    counts: Mapped[dict[str, list[list[Any]]]] = mapped_column(JSON, default=dict)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    asked_by: Mapped[User | None] = relationship()


class Rescoring(PublicId, Base):
    """The ledger: past results scored again, proposed by one person, approved by another.

    Results of before stay as they are. What moved stands in `score_moves`.
    """

    __tablename__ = "rescorings"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    weighing_id: Mapped[int] = mapped_column(ForeignKey("weighings.id"))
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_versions.id"))
    state: Mapped[RescoringState] = mapped_column(
        words(RescoringState), default=RescoringState.PROPOSED
    )
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    done: Mapped[int] = mapped_column(default=0)
    #: How often the batch under way was tried in vain, and the kind of the last error: never its
    #: message, which may carry what people said.
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Who withdrew it, and why.
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawal_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    reason = encrypted_text("reason_sealed")
    withdrawal = encrypted_text("withdrawal_sealed")
    decision = encrypted_text("decision_sealed")

    site: Mapped[Site] = relationship()
    weighing: Mapped[Weighing] = relationship()
    instrument_version: Mapped[InstrumentVersion] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id])


class ScoreMove(Base):
    """One sitting in another band, or with another flag: foreseen, or done by a re-scoring."""

    __tablename__ = "score_moves"
    __table_args__ = (Index("ix_score_moves_weighing_site", "weighing_id", "site_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    weighing_id: Mapped[int] = mapped_column(ForeignKey("weighings.id"))
    #: Empty for what was only foreseen.
    rescoring_id: Mapped[int | None] = mapped_column(ForeignKey("rescorings.id"), index=True)
    site_id: Mapped[int]
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    kind: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(60))
    was: Mapped[str] = mapped_column(String(40))
    now: Mapped[str] = mapped_column(String(40))

    assessment: Mapped[Assessment] = relationship(viewonly=True)
