"""Whose guardian must consent."""

from datetime import date

import pytest

from app.people.domain import age_for_consent, age_on, needs_consent

TODAY = date(2026, 10, 12)


def test_age_changes_on_the_birthday():
    assert [age_on(date(2012, 10, day), TODAY) for day in (11, 12, 13)] == [14, 14, 13]


def test_who_is_born_on_29_february_ages_on_1_march():
    born = date(2012, 2, 29)

    assert (age_on(born, date(2026, 2, 28)), age_on(born, date(2026, 3, 1))) == (13, 14)


@pytest.mark.parametrize(
    ("birth_date", "grade", "age"),
    [(date(2010, 1, 1), 8, 16), (None, 8, 13), (None, None, 0)],
    ids=["birth date", "youngest usual age of the grade", "nothing known"],
)
def test_age_for_consent_is_the_youngest_that_could_be_true(birth_date, grade, age):
    assert age_for_consent(birth_date, grade, TODAY) == age


@pytest.mark.parametrize(
    ("age", "site_consent_age", "needed"),
    [(13, 14, True), (14, 14, False), (17, 18, True), (18, 18, False), (13, 0, True)],
)
def test_consent_is_needed_under_14_and_up_to_the_age_of_the_site(age, site_consent_age, needed):
    assert needs_consent(age, site_consent_age) is needed
