"""Waits with those who wait still, against the figures that R's survfit gives."""

import pytest

from app.statistics.domain.waiting import Waiting, waiting_times


def test_nobody_waited():
    assert waiting_times([], still=[]) == Waiting(0, 0, None, None)


def test_without_anybody_waiting_it_is_the_plain_median():
    found = waiting_times([1, 2, 3, 4, 5], still=[False] * 5)

    assert (found.median, found.p90) == (3, 5)


def test_who_waits_still_makes_the_wait_longer():
    met = waiting_times([1, 2, 3, 4], still=[False] * 4)
    waiting = waiting_times([1, 2, 3, 4, 9, 9, 9], still=[False] * 4 + [True] * 3)

    assert met.median == 2
    assert waiting == Waiting(7, 3, 4, None)


def test_everybody_waits_still():
    assert waiting_times([5, 6], still=[True, True]) == Waiting(2, 2, None, None)


def test_median_of_a_published_example():
    # Freireich et al. (1963), 6-mercaptopurine: median remission 23 weeks (survfit of R agrees).
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    open_at = {3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20}
    still = [number in open_at for number in range(len(weeks))]

    assert waiting_times(weeks, still=still).median == pytest.approx(23)
