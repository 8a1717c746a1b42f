"""Which instruments the students' pages can show."""

from app.campaigns.domain import is_showable
from app.instruments.loader import parse_instrument
from tests.factories.authoring import TWO_ITEMS, shipped_library


def test_plain_single_choices_can_be_shown():
    assert is_showable(parse_instrument(TWO_ITEMS.replace("CODE", "plain")))


def test_branching_cannot_be_shown_yet():
    sleepy = "en: sleepy}, options: degree"
    text = TWO_ITEMS.replace("CODE", "branching").replace(
        sleepy, f"{sleepy}, show_when: q1 >= 1, hidden_counts_as: 0"
    )

    assert not is_showable(parse_instrument(text))


def test_other_kinds_of_items_cannot_be_shown_yet():
    text = TWO_ITEMS.replace("CODE", "slider").replace(
        "en: sleepy}, options: degree", "en: sleepy}, kind: slider, range: [0, 2]"
    )

    assert not is_showable(parse_instrument(text))


def test_library_can_be_shown_but_for_the_shells_and_what_others_fill_in():
    library = shipped_library().values()
    branching = {"audit", "audit_c", "background", "pcptsd5"}

    assert {one.code for one in library if not is_showable(one)} == branching | {
        one.code for one in library if not one.has_item_texts or one.informant != "self"
    }
