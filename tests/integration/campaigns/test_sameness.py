"""Two worlds that differ in one answer, its flag and a wish to talk: progress is the same."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.permissions import Role
from app.assessments.domain import CLOSING, Answer, Talk
from app.assessments.models import Assessment
from app.assessments.service import store_responses
from app.people.models import Cohort, Site
from app.platform.db import begin_write, db
from app.results.models import Flag
from tests.factories import assessments as sittings

CSRF = re.compile(r'(name="csrf_token" value=")[^"]*')


def answer(app: Flask, sitting_id: int, *, item_9: int, talk: Talk) -> int:
    """Answer as told; return how many flags there are now."""
    with app.app_context():
        begin_write()
        sitting = db.session.get(Assessment, sitting_id)
        items = sittings.answers("phq9", {"q9": item_9})
        wish = Answer(CLOSING, "talk", value=list(Talk).index(talk))
        store_responses(assessment=sitting, answers=[*items, wish])
        db.session.commit()
        return db.session.query(Flag).count()


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.SITE_STAFF, Role.ADMINISTRATOR])
def test_progress_does_not_tell_who_was_flagged(
    app: Flask,
    as_: Callable[..., FlaskClient],
    fixed_clock: Callable[..., AbstractContextManager[None]],
    role: Role,
) -> None:
    with app.app_context():
        begin_write()
        sitting = sittings.sitting("phq9")
        sitting_id, campaign_id = sitting.id, sitting.campaign.public_id
        site, cohort = sitting.site, db.session.get(Cohort, sitting.cohort_id)
        db.session.commit()
        watcher = as_(role, site=db.session.get(Site, site.id))
        teacher = as_(Role.CLASS_TEACHER, cohort=db.session.get(Cohort, cohort.id))

    def seen() -> list[str]:
        paths = ("/campaigns", f"/campaigns/{campaign_id}")
        pages = [client.get(path) for client in (watcher, teacher) for path in paths]
        return [CSRF.sub(r"\1", page.text) for page in pages]

    flags_before = answer(app, sitting_id, item_9=0, talk=Talk.NOT_NOW)
    calm = seen()
    flags_after = answer(app, sitting_id, item_9=3, talk=Talk.TODAY)

    assert (flags_before, flags_after > 0) == (0, True)
    assert seen() == calm
