"""The pages of a sitting: sections, ends after critical items, and the closing at the end."""

import pytest

from app.assessments import content
from app.assessments.plan import neutral_plan, plan_of
from app.config import ROOT
from app.instruments.loader import load_instrument


@pytest.fixture(scope="module")
def phq9():
    """Its last item is critical, the others are not."""
    return load_instrument(ROOT / "instruments" / "phq9")


def _shape(plan):
    return [(page.number, page.code, page.offset, len(page.items)) for page in plan.pages]


def _with_critical(instrument, *codes):
    rule = instrument.item("q9").critical
    items = [
        item.model_copy(update={"critical": rule if item.code in codes else ()})
        for item in instrument.items
    ]
    return instrument.model_copy(update={"items": tuple(items)})


def test_phq9_is_one_page_and_the_closing(phq9):
    plan = plan_of([phq9], content.closing())

    assert _shape(plan) == [(1, "phq9", 0, 9), (2, "closing", 9, 2)]
    assert plan.total == 9


def test_page_ends_after_a_critical_item(phq9):
    plan = plan_of([_with_critical(phq9, "q2", "q3", "q9")], content.closing())

    assert _shape(plan)[:-1] == [(1, "phq9", 0, 2), (2, "phq9", 2, 1), (3, "phq9", 3, 6)]


def test_instrument_of_critical_items_is_one_item_a_page(phq9):
    plan = plan_of([_with_critical(phq9, *phq9.item_codes)], content.closing())

    assert [len(page.items) for page in plan.pages] == [1] * 9 + [2]


def test_going_on_finds_the_first_page_with_an_open_item(phq9):
    plan = plan_of([phq9], content.closing())
    all_but_one = {("phq9", f"q{n}") for n in range(1, 9)}

    assert plan.first_open(set(), frozenset()).number == 1
    assert plan.first_open(all_but_one, frozenset()).number == 1
    assert plan.first_open(all_but_one | {("phq9", "q9")}, frozenset()).number == 2


def test_neutral_questions_are_a_section_like_any_other():
    plan = neutral_plan(content.neutral(), content.closing())

    assert _shape(plan) == [(1, "neutral", 0, 9), (2, "closing", 9, 2)]


def test_break_comes_between_instruments_after_thirty_items_and_counts_for_nothing(phq9):
    parts = [phq9.model_copy(update={"code": f"part{n}"}) for n in range(9)]

    plan = plan_of(parts, content.closing())

    assert [page.offset for page in plan.pages if page.after_break] == [36, 72]
    assert plan.total == 81


def test_short_battery_and_neutral_questions_have_no_break(phq9):
    plans = [
        plan_of([phq9] * 3, content.closing()),
        neutral_plan(content.neutral(), content.closing()),
    ]

    assert not any(page.after_break for plan in plans for page in plan.pages)
