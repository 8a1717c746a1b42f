"""Writes of supervision: cases are drawn by chance, and looked at with a checklist."""

import secrets
from collections.abc import Mapping

from app.access.actor import Actor
from app.access.guards import require
from app.access.permissions import Permission
from app.meetings.domain import DrawRefusedError, Point, Verdict
from app.meetings.models import Finding, SupervisedCase, SupervisionSample
from app.meetings.queries.supervision import not_looked_at
from app.people.models import Site
from app.platform import audit, clock
from app.platform.db import db


def draw_sample(*, actor: Actor, site: Site, size: int) -> SupervisionSample:
    """Draw cases that nobody has looked at; where fewer are left, all of them."""
    require(actor, Permission.SUPERVISE, site)
    left = not_looked_at(actor, site)
    if size < 1 or not left:
        raise DrawRefusedError
    drawn = secrets.SystemRandom().sample(left, min(size, len(left)))
    sample = SupervisionSample(site_id=site.id, drawn_by_id=actor.user_id, drawn_at=clock.now())
    sample.cases = [SupervisedCase(site_id=site.id, case_id=case_id) for case_id in sorted(drawn)]
    db.session.add(sample)
    audit.record(actor, "draw_sample", sample, cases=len(drawn))
    return sample


def check_case(
    *,
    actor: Actor,
    supervised: SupervisedCase,
    findings: Mapping[Point, Verdict],
    remark: str,
) -> None:
    """Write down what the supervisor finds, point by point; a second look replaces the first."""
    require(actor, Permission.SUPERVISE, supervised)
    known = {finding.point: finding for finding in supervised.findings}
    for point, verdict in findings.items():
        if point in known:
            known[point].verdict = verdict
        else:
            supervised.findings.append(Finding(point=point, verdict=verdict))
    supervised.remark = remark or None
    supervised.checked_at, supervised.checked_by_id = clock.now(), actor.user_id
    audit.record(actor, "check_case", supervised, points=len(findings))
