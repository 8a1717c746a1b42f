"""Stored answers as plain rows: they are read with every page and tap, and never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app.assessments.models import Response


class Given(NamedTuple):
    """One stored answer; see `Response`, whose columns these are."""

    public_id: str
    assessment_id: int
    instrument_code: str
    item_code: str
    value: float | None
    text_sealed: bytes | None
    refused: bool
    seq: int
    answered_at: datetime | None
    received_at: datetime
    shown_ms: int | None

    @property
    def text(self) -> str | None:
        """The free words, opened."""
        return Response.text.open(Response, self.public_id, self.text_sealed)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it only takes back what was answered before."""
        return self.value is None and self.text_sealed is None and not self.refused


#: Instrument code → item code → the answer that counts.
Stored = Mapping[str, Mapping[str, Given]]

#: To be narrowed by who asks.
SELECT_GIVEN = select(*(getattr(Response, name) for name in Given._fields))
