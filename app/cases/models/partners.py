"""The register of places to which a site refers."""

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.domain.referrals import Partner
from app.people.models import Site
from app.platform.crypto import encrypted_text
from app.platform.db import Base, PublicId
from app.platform.types import words


class PartnerPlace(PublicId, Base):
    """A hospital, police station, office or line that a site works with."""

    __tablename__ = "partners"
    __table_args__ = (Index("ix_partners_site_kind", "site_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    kind: Mapped[Partner] = mapped_column(words(Partner))
    name: Mapped[str] = mapped_column(String(120))
    department: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    notes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    contact = encrypted_text("contact_sealed")
    notes = encrypted_text("notes_sealed")

    site: Mapped[Site] = relationship()
