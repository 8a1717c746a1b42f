"""Pages of an instrument with branches: where they end, which are shown after which answers."""

from dataclasses import dataclass

import pytest

from app.assessments import content
from app.assessments.plan import plan_of
from tests.factories.authoring import read


@dataclass
class Said:
    value: float | None = None
    refused: bool = False


@pytest.fixture(scope="module")
def plan():
    return plan_of([read("kinds")], content.closing())


def _codes(items):
    return [item.code for item in items]


def _asked(plan, **said):
    hidden = plan.hidden({"kinds": said})
    return [code for page in plan.pages[:-1] for code in _codes(page.asked(hidden))]


def test_page_ends_before_an_item_that_depends_on_it(plan):
    assert [_codes(page.items) for page in plan.pages[:-1]] == [
        ["welcome", "friend"],
        ["often", "together"],
        ["other", "sleep", "mood", "energy", "since", "more"],
    ]


def test_what_only_tells_something_is_not_counted(plan):
    first, second = plan.pages[:2]

    assert plan.total == 9
    assert [first.number_of(item) for item in first.items] == [None, 1]
    assert (second.offset, second.number_of(second.items[0])) == (1, 2)


@pytest.mark.parametrize(
    ("said", "branch"),
    [
        ({}, []),
        ({"friend": Said(0)}, []),
        ({"friend": Said(refused=True)}, []),
        ({"friend": Said(1)}, ["often", "together"]),
        ({"friend": Said(1), "together": Said(3)}, ["often", "together"]),
        ({"friend": Said(1), "together": Said(4)}, ["often", "together", "other"]),
        ({"friend": Said(0), "together": Said(4)}, []),
    ],
)
def test_branch_opens_by_what_is_known(plan, said, branch):
    always = ["welcome", "friend"], ["sleep", "mood", "energy", "since", "more"]

    assert _asked(plan, **said) == [*always[0], *branch, *always[1]]


def test_page_of_which_nothing_is_asked_is_passed_over_both_ways(plan):
    first, second, third = plan.pages[:3]
    without = plan.hidden({"kinds": {"friend": Said(0)}})
    with_friend = plan.hidden({"kinds": {"friend": Said(1)}})

    assert plan.after(first, without) is third
    assert plan.before(third, without) is first
    assert plan.before(first, without) is first
    assert plan.after(first, with_friend) is second
    assert plan.before(third, with_friend) is second


def test_going_on_waits_for_no_question_that_is_not_asked(plan):
    hidden = plan.hidden({"kinds": {"friend": Said(0)}})

    assert plan.first_open({("kinds", "friend")}, hidden).number == 3


def test_page_knows_only_the_answers_on_which_something_depends(plan):
    said = {"friend": Said(1), "often": Said(2), "together": Said(refused=True)}

    assert plan.known({"kinds": said}) == {"kinds.friend": 1.0, "kinds.together": None}
