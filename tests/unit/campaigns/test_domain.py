"""Which instruments the students' pages can show."""

import pytest

from app.campaigns.domain import is_showable
from app.instruments.loader import parse_instrument
from tests.factories import authoring
from tests.factories.authoring import TWO_ITEMS, shipped_library


def test_plain_single_choices_can_be_shown():
    assert is_showable(parse_instrument(TWO_ITEMS.replace("CODE", "plain")))


def test_every_kind_of_item_and_branches_can_be_shown():
    assert is_showable(authoring.read("kinds"))


@pytest.mark.parametrize(
    "told",
    [
        "critical: [{answers: [1, refused], lane: same_day}]",
        "attention: {answers: [1]}",
    ],
)
def test_branch_on_an_answer_that_calls_somebody_cannot_be_shown(told):
    """Whoever sits beside would see it by the questions that follow."""
    plain = TWO_ITEMS.replace("CODE", "branching").replace(
        "en: tired}, options: degree", f"en: tired}}, options: degree, {told}"
    )
    branching = plain.replace(
        "en: sleepy}, options: degree",
        "en: sleepy}, options: degree, show_when: q1 >= 1, hidden_counts_as: 0",
    )

    assert is_showable(parse_instrument(plain))
    assert not is_showable(parse_instrument(branching))


def test_branch_by_sex_or_age_cannot_be_shown():
    text = TWO_ITEMS.replace("CODE", "branching").replace(
        "en: sleepy}, options: degree",
        "en: sleepy}, options: degree, show_when: age >= 14, hidden_counts_as: 0",
    )

    assert not is_showable(parse_instrument(text))


def test_library_can_be_shown_but_for_the_shells_and_what_others_fill_in():
    library = shipped_library().values()

    assert {one.code for one in library if not is_showable(one)} == {
        one.code for one in library if not one.has_item_texts or one.informant != "self"
    }
