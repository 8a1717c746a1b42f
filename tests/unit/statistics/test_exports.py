"""What an export says of a person, and of an answer that is none."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from app.instruments.loader import load_instrument
from app.statistics.codebook import variables_of
from app.statistics.domain.answers import answers_in, bands_in_order, exported_items
from app.statistics.domain.cells import row_height
from app.statistics.domain.exports import (
    NOT_ASKED,
    REFUSED,
    SKIPPED,
    Detail,
    Risk,
    Traits,
    advised,
    age_group,
    pseudonym,
    risk_of,
    stage_of,
)

LIBRARY = Path(__file__).parents[3] / "instruments"


@dataclass
class Said:
    value: float | None = None
    refused: bool = False


@pytest.fixture(scope="module")
def talk():
    return load_instrument(LIBRARY / "crisis_interview")


def _person(age=13, sex="female", grade=8, school="PAAAAAA", week=1):
    return Traits(school, grade, sex, age, week)


def test_pseudonym_is_the_same_under_one_key_and_another_under_the_next():
    names = [f"person{n}" for n in range(2_000)]

    once, again, other = ([pseudonym(key, n) for n in names] for key in (b"a", b"a", b"b"))

    assert once == again
    assert len({*once, *other}) == 4_000
    assert not any(one in {*names} or one.isdecimal() for one in once)


def test_missing_answers_tell_skipped_refused_and_not_asked_apart():
    phq9 = load_instrument(LIBRARY / "phq9")
    given = {"q1": Said(2.0), "q2": Said(refused=True)}

    found = answers_in(phq9, given, hidden={"q4"})

    assert [found[f"phq9.q{n}"] for n in (1, 2, 3, 4)] == [2.0, REFUSED, SKIPPED, NOT_ASKED]


def test_item_called_like_a_score_or_an_option_keeps_its_answers():
    multiple = load_instrument(LIBRARY / "background")
    items = [*multiple.items]
    single = next(item for item in items if item.kind == "single")
    named = [
        single.model_copy(update={"code": code})
        for code in ("living_1", "doubtful", "score_left_behind", "band_left_behind")
    ]
    crowded = multiple.model_copy(update={"items": (*items, *named)})
    given = {item.code: Said(1.0) for item in (*items, *named)}

    names = [
        one.name for one in variables_of({"background": crowded}, Detail.GRADES, has_outcome=False)
    ]
    found = answers_in(crowded, given, hidden=())

    assert len(names) == len(set(names))
    assert {*found} <= {*names}
    assert [found[f"background.{one.code}"] for one in named] == [1.0] * 4


@pytest.mark.parametrize(
    ("text", "height"), [("", 15), ("没有", 15), ("经常" * 11, 30), ("总是；" * 900, 409)]
)
def test_row_is_as_high_as_its_text_and_no_higher_than_excel_takes(text, height):
    assert row_height(text, 40) == height


def test_written_words_never_leave(talk):
    words = {item.code for item in talk.items if item.kind in {"text", "date", "info"}}
    given = {code: Said() for code in words}

    found = answers_in(talk, given, hidden=())

    assert words
    assert not {item.code for item in exported_items(talk)} & words
    assert not {name.split(".")[1] for name in found} & words


def test_each_option_of_several_is_a_variable_of_its_own(talk):
    item = next(item for item in talk.items if item.kind == "multiple")

    found = answers_in(talk, {item.code: Said(0b101)}, hidden=())

    options = [found[f"{talk.code}.{item.code}_{n}"] for n in range(1, len(item.values) + 1)]
    assert options == [1, 0, 1] + [0] * (len(options) - 3)


def test_bands_are_numbered_from_the_lowest_score_also_where_rules_decide():
    scales = {scale.code: scale for scale in load_instrument(LIBRARY / "phq9").scales}

    by_score = {rule.band: rule.score for rule in scales["algorithm"].rules}

    numbers = bands_in_order(scales["algorithm"])
    assert sorted(by_score, key=by_score.get) == sorted(numbers, key=numbers.get)
    assert list(bands_in_order(scales["total"])) == list(scales["total"].band_codes)


@pytest.mark.parametrize(
    ("grade", "stage", "age", "group"),
    [(6, 1, 9, 0), (7, 2, 12, 10), (12, 3, 13, 13), (16, 4, 30, 22), (None, None, None, None)],
)
def test_coarse_detail_keeps_stage_and_a_group_of_ages(grade, stage, age, group):
    assert (stage_of(grade), age_group(age)) == (stage, group)


def test_risk_counts_who_stands_alone_and_who_among_few():
    people = [[_person()]] * 5 + [[_person(age=14)]] * 2 + [[_person(school="PBBBBBB")]]

    assert risk_of(people, Detail.SCHOOLS) == Risk(people=8, combinations=3, unique=1, few=3)
    assert risk_of(people, Detail.GRADES) == Risk(people=8, combinations=2, unique=0, few=2)
    assert risk_of(people, Detail.STAGES) == Risk(people=8, combinations=1, unique=0, few=0)


def test_files_laid_side_by_side_tell_more_than_each_alone():
    """Five alike in each of two files, of whom one is in both."""
    first, second = [_person()], [_person(grade=9, age=14)]
    people = 4 * [[*first, None]] + 4 * [[None, *second]] + [[*first, *second]]

    assert risk_of(people, Detail.GRADES).unique == 1


@pytest.mark.parametrize(
    ("few", "detail"),
    [((1, 0, 0), Detail.SCHOOLS), ((2, 1, 0), Detail.GRADES), ((9, 9, 9), None)],
)
def test_finest_detail_in_which_one_of_a_hundred_stands_out_is_advised(few, detail):
    risks = {one: Risk(100, 10, 0, n) for one, n in zip(Detail, few, strict=True)}

    assert advised(risks) is detail


def test_who_came_in_another_week_than_the_class_stands_out_where_the_week_is_told():
    people = [[_person()]] * 5 + [[_person(week=3)]]

    assert [risk_of(people, detail).unique for detail in Detail] == [1, 1, 0]
