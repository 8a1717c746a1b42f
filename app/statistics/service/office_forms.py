"""Keeping the education office's forms: uploaded, mapped cell by cell, thrown away."""

import base64
from dataclasses import dataclass

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.people.models import Site
from app.platform import audit, clock
from app.platform.db import db, hold_row
from app.statistics.bureau.reading import read_form
from app.statistics.domain.grid import Spot, layout_of
from app.statistics.domain.returns import Figure
from app.statistics.models import OfficeForm
from app.statistics.queries.office_forms import form_like

MOST_LETTERS = 120


@dataclass(frozen=True)
class Upload:
    """A form that was read, and by what it is known again."""

    title: str
    content: bytes
    kind: str
    layout: str


def read_upload(title: str, content: bytes) -> Upload:
    """Read an uploaded form; it takes seconds, so call it outside of a write."""
    kind, read = read_form(content)
    return Upload(title[:MOST_LETTERS], content, kind, layout_of(kind, read.grids()))


def keep_form(*, actor: Actor, site: Site, upload: Upload) -> OfficeForm:
    """Keep a form that was read; one that looks like an earlier one takes its mapping over."""
    require(actor, Permission.FILL_OFFICE_FORMS, site)
    earlier = form_like(site, upload.layout)
    form = OfficeForm(
        site_id=site.id,
        uploaded_by_id=actor.user_id,
        uploaded_at=clock.now(),
        kind=upload.kind,
        layout=upload.layout,
        mapping=dict(earlier.mapping) if earlier else {},
        title=upload.title,
        content=base64.b64encode(upload.content).decode(),
    )
    db.session.add(form)
    audit.record(actor, "keep_office_form", form, kind=form.kind, mapped=len(form.mapping))
    return form


def map_spot(*, actor: Actor, form: OfficeForm, spot: Spot, figure: Figure | None) -> None:
    """Say which figure goes into a spot, or that none does."""
    require(actor, Permission.FILL_OFFICE_FORMS, form)
    hold_row(OfficeForm, form.id)
    db.session.refresh(form)  # it was read before this write, and somebody may have mapped since
    mapping = {name: one for name, one in form.mapping.items() if name != str(spot)}
    if figure is not None:
        mapping[str(spot)] = str(figure)
    form.mapping = mapping
    audit.record(actor, "map_office_form", form, spot=str(spot), figure=str(figure or ""))


def discard_form(*, actor: Actor, form: OfficeForm) -> None:
    """Throw a form away with its mapping."""
    require(actor, Permission.FILL_OFFICE_FORMS, form)
    audit.record(actor, "discard_office_form", form)
    db.session.delete(form)
