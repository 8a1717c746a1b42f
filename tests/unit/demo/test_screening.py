"""When the demo's campaigns take place, for any day on which it is set up."""

from datetime import date

import pytest

from app.demo import district, screening


@pytest.mark.parametrize(
    ("today", "running", "finished", "begins"),
    [
        (date(2026, 11, 22), "2026-autumn", "2026-spring", date(2026, 4, 13)),
        (date(2027, 1, 10), "2026-autumn", "2026-spring", date(2026, 4, 13)),
        (date(2027, 3, 2), "2027-spring", "2026-autumn", date(2026, 10, 12)),
        (date(2027, 8, 31), "2027-spring", "2026-autumn", date(2026, 10, 12)),
        (date(2027, 9, 1), "2027-autumn", "2027-spring", date(2027, 4, 13)),
    ],
)
def test_terms_follow_the_school_year(
    today: date, running: str, finished: str, begins: date
) -> None:
    assert screening.term_of(today)[0] == running
    assert screening.last_term(today)[:2] == (begins, finished)
    assert begins < today


def test_school_days_before_are_weekdays_in_order() -> None:
    days = screening.school_days_before(date(2026, 11, 22), 4)

    assert [str(day) for day in days] == ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]


def test_the_district_has_thirty_classes_in_any_year() -> None:
    for today in (date(2026, 11, 22), date(2027, 3, 2)):
        plans = district.schools(today)

        assert sum(len(plan.classes) for plan in plans) == 30
        assert {each.grade for plan in plans for each in plan.classes} == set(range(7, 13))
