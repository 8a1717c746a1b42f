"""Classes begin as the slots bear; what a day cannot hold waits for the next."""

from datetime import date, timedelta

from app.appointments.domain.capacity import ClassSize, Load, spread

DAYS = [date(2026, 10, 12) + timedelta(days=n) for n in range(5)]


def test_as_many_classes_begin_as_fit_into_a_day():
    classes = [ClassSize(key, 40) for key in range(6)]

    found = spread(classes, [(day, 5) for day in DAYS], 0.05)

    assert [(each.key, each.on.day) for each in found.days] == [
        (0, 12), (1, 12), (2, 13), (3, 13), (4, 14), (5, 14),
    ]  # fmt: skip
    assert found.without_day == ()


def test_a_class_larger_than_a_day_takes_the_next_days_too():
    found = spread([ClassSize(1, 40), ClassSize(2, 40)], [(day, 6) for day in DAYS], 0.29)

    # 11.6 interviews: 6 on Monday, 5.6 on Tuesday; the second class begins on Wednesday.
    assert [(each.key, each.on.day) for each in found.days] == [(1, 12), (2, 14)]


def test_classes_for_which_no_day_is_left_are_named():
    found = spread([ClassSize(key, 40) for key in range(3)], [(DAYS[0], 12), (DAYS[1], 0)], 0.29)

    assert ([each.key for each in found.days], found.without_day) == ([0], (1, 2))


def test_load_says_how_many_slots_a_week_are_short():
    assert Load(0.29, 11.6, 10.0).missing_a_week == 8
    assert Load(0.05, 2.0, 10.0).fits
