"""Supervision: cases drawn by chance, read with a checklist.

GET  /supervision              samples
POST /supervision              draw
GET  /supervision/<id>         supervised
POST /supervision/<id>/check   check
"""

from collections import Counter
from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.meetings.domain import DrawRefusedError, Point, Verdict
from app.meetings.forms import ChecklistForm, DrawForm
from app.meetings.models import SupervisedCase, SupervisionSample
from app.meetings.queries import supervision as queries
from app.meetings.routes.blueprint import asked_site, bp
from app.meetings.service import supervision as service
from app.people.models import Site
from app.people.queries import visible_sites
from app.platform import audit
from app.platform.db import db


@bp.get("/supervision")
@requires(Permission.SUPERVISE, audits=True)
def samples() -> ResponseReturnValue:
    """The samples of a school, what was found in them, and drawing another."""
    return _page(asked_site(), DrawForm(formdata=None))


@bp.post("/supervision")
@requires(Permission.SUPERVISE)
def draw() -> ResponseReturnValue:
    """Draw cases that nobody has looked at."""
    site, form = asked_site(), DrawForm()
    if not form.validate_on_submit():
        return _page(site, form), 422
    try:
        sample = service.draw_sample(actor=current_actor(), site=site, size=form.size.data)
    except DrawRefusedError:
        form.size.errors = [_("Every case of colleagues has been looked at already.")]
        return _page(site, form), 422
    flash(_("%(n)s cases were drawn.", n=len(sample.cases)), "success")
    return redirect(url_for("meetings.samples", site=site.code))


@bp.get("/supervision/<supervised_id>")
@requires(Permission.SUPERVISE, audits=True)
def supervised(supervised_id: str) -> ResponseReturnValue:
    """The checklist for one case."""
    found = _find(supervised_id)
    audit.record(current_actor(), "supervise_case", found)
    chosen = {finding.point.value: finding.verdict.value for finding in found.findings}
    return _checklist(found, ChecklistForm(formdata=None, remark=found.remark, **chosen))


@bp.post("/supervision/<supervised_id>/check")
@requires(Permission.SUPERVISE)
def check(supervised_id: str) -> ResponseReturnValue:
    """Write down what the supervisor found."""
    found, form = _find(supervised_id), ChecklistForm()
    if not form.validate_on_submit():
        return _checklist(found, form), 422
    service.check_case(
        actor=current_actor(),
        supervised=found,
        findings=form.findings(),
        remark=form.remark.data or "",
    )
    flash(_("The checklist is kept."), "success")
    return redirect(url_for("meetings.samples", site=found.sample.site.code))


def _find(supervised_id: str) -> SupervisedCase:
    return queries.find_supervised(current_actor(), supervised_id) or abort(404)


def _checklist(found: SupervisedCase, form: ChecklistForm) -> str:
    return render_template("meetings/supervision/show.html", supervised=found, form=form)


def _page(site: Site, form: DrawForm) -> str:
    actor = current_actor()
    drawn = queries.samples_of(actor, site)
    audit.record(actor, "see_supervision", site_id=site.id, shown=sum(len(s.cases) for s in drawn))
    return render_template(
        "meetings/supervision/index.html",
        site=site,
        sites=db.session.scalars(visible_sites(actor)).all(),
        samples=drawn,
        form=form,
        found=_found(drawn),
        points=list(Point),
        verdicts=list(Verdict),
    )


def _found(samples: Sequence[SupervisionSample]) -> Counter[tuple[Point, Verdict]]:
    """How often each verdict was given on each point."""
    return Counter(
        (finding.point, finding.verdict)
        for sample in samples
        for each in sample.cases
        for finding in each.findings
    )
