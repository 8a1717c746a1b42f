"""Lists stand in the order in which they stand on SQLite."""

import pytest

from app.access.actor import OPERATOR
from app.people.queries import visible_cohorts
from app.platform.db import db
from tests.factories import people

pytestmark = pytest.mark.postgres


def test_a_class_without_a_grade_comes_first(in_app):
    site = people.site()
    names = {"七年级": 7, "混合班": None, "六年级": 6}
    for name, grade in names.items():
        people.cohort(site, name=name, grade=grade)
    db.session.expire_all()

    in_order = ["混合班", "六年级", "七年级"]
    assert [each.name for each in db.session.scalars(visible_cohorts(OPERATOR))] == in_order
    assert [each.name for each in site.cohorts] == in_order
