"""Roster drafts: uploaded, mended and confirmed by one person; sealed, and gone after a while."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.people.models import RosterDraft, Site
from app.people.roster.columns import Column
from app.people.roster.draft import Draft
from app.people.roster.plan import Outcome, RosterPlan
from app.people.roster.reading import RosterTable
from app.people.service import rosters
from app.platform import audit, clock
from app.platform.db import db

KEPT_FOR = timedelta(hours=4)


class RegisterMovedError(RuntimeError):
    """The import would no longer do what the person has seen."""


def keep_draft(*, actor: Actor, site: Site, table: RosterTable) -> RosterDraft:
    """Keep an uploaded roster, sealed, until it is confirmed, discarded or too old."""
    require(actor, Permission.IMPORT_ROSTER, site)
    db.session.execute(delete(RosterDraft).where(RosterDraft.expires_at < clock.now()))
    draft = RosterDraft(
        site_id=site.id,
        user_id=actor.user_id,
        content=Draft(table).dump(),
        expires_at=clock.now() + KEPT_FOR,
    )
    db.session.add(draft)
    audit.record(actor, "upload_roster", draft, rows=len(table.rows))
    return draft


def plan_draft(*, actor: Actor, draft: RosterDraft) -> RosterPlan:
    """Say what the draft would change now."""
    content = contents(draft)
    return rosters.plan_import(
        actor=actor,
        site=draft.site,
        table=content.table,
        left_out=content.left_out,
        apart=content.apart,
    )


def mend_draft(
    *,
    actor: Actor,
    draft: RosterDraft,
    cells: Mapping[int, Mapping[Column, str]],
    leave_out: Mapping[int, bool],
) -> None:
    """Correct cells of some lines, and leave lines out or take them back in."""
    require(actor, Permission.IMPORT_ROSTER, draft)
    content = contents(draft)
    left_out = {line for line in content.left_out if leave_out.get(line, True)}
    left_out |= {line for line, out in leave_out.items() if out}
    _keep(draft, content.mended(cells, left_out))


def leave_out_rejected(*, actor: Actor, draft: RosterDraft) -> None:
    """Leave out every row that is still rejected."""
    plan = plan_draft(actor=actor, draft=draft)
    content = contents(draft)
    rejected = {row.line for row in plan.with_outcome(Outcome.REJECTED)}
    _keep(draft, content.mended({}, content.left_out | rejected))


def tell_class(*, actor: Actor, draft: RosterDraft, class_name: str, is_apart: bool) -> None:
    """Say that a class is none of those known although it looks like one, or take that back."""
    require(actor, Permission.IMPORT_ROSTER, draft)
    _keep(draft, contents(draft).told(class_name, is_apart=is_apart))


def confirm_draft(*, actor: Actor, draft: RosterDraft, seen: str) -> RosterPlan:
    """Import the draft, planned anew; not if it would do other than what was `seen`."""
    if plan_draft(actor=actor, draft=draft).fingerprint != seen:
        raise RegisterMovedError
    content = contents(draft)
    plan = rosters.import_roster(
        actor=actor,
        site=draft.site,
        table=content.table,
        left_out=content.left_out,
        apart=content.apart,
    )
    db.session.delete(draft)
    return plan


def discard_draft(*, actor: Actor, draft: RosterDraft) -> None:
    """Forget an upload; nothing of it was imported."""
    require(actor, Permission.IMPORT_ROSTER, draft)
    audit.record(actor, "discard_roster", draft)
    db.session.delete(draft)


def contents(draft: RosterDraft) -> Draft:
    """The table and the lines left out."""
    return Draft.load(draft.content or "")


def _keep(draft: RosterDraft, content: Draft) -> None:
    draft.content = content.dump()
    draft.expires_at = clock.now() + KEPT_FOR
