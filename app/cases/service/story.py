"""The lines of a case's story, added with every change and never altered."""

from app.access.actor import Actor
from app.cases.domain.story import Happening
from app.cases.models import Case, CaseEvent
from app.platform import clock
from app.platform.db import db


def tell(case: Case, what: Happening, actor: Actor | None = None, **detail: str | int) -> None:
    """Add a line; `detail` holds words and numbers, never what anybody said."""
    db.session.add(
        CaseEvent(
            site_id=case.site_id,
            case_id=case.id,
            user_id=actor.user_id if actor else None,
            at=clock.now(),
            what=what.value,
            detail=detail,
        )
    )
