"""What people write in roster cells is read the way it was meant."""
# ruff: noqa: RUF001 -- full-width characters are what is tested

from datetime import date

import pytest

from app.people.domain import Sex
from app.people.roster import words


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 三", "张三"),
        (" 欧阳　修 ", "欧阳修"),
        ("𠮷䶮", "𠮷䶮"),
        ("阿依古丽 • 买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("Ａｎｎａ  Maria", "Anna Maria"),
        ("张\u200b三\ufeff", "张三"),
        ("﨩", "﨩"),  # a compatibility ideograph that normalisation would replace
    ],
)
def test_name_loses_only_the_blanks_that_align_columns(written, name):
    assert words.clean_name(written) == name


def test_student_number_is_narrow_and_without_the_text_mark():
    assert words.clean_number("’２０２６ ０００１") == "20260001"


def test_two_spellings_of_a_class_are_one_class():
    written = ["初二（3）班", "初二(3)班", "初二（３） 班"]

    assert {words.clean_class(name) for name in written} == {"初二（3）班"}
    assert len({words.class_key(name) for name in written}) == 1


@pytest.mark.parametrize(
    "written",
    [
        "2012-05-20",
        "2012/5/20",
        "2012.05.20",
        "2012年5月20日",
        "２０１２－０５－２０",
        "20120520",
        "41049",
        "2012-05-20 00:00:00",
        "5/20/2012",
        "20/5/2012",
    ],
)
def test_date_is_read_in_every_usual_shape(written):
    assert words.read_date(written) == date(2012, 5, 20)


@pytest.mark.parametrize(
    "written", ["5/6/2012", "2012-13-01", "2012-02-30", "12-05-20", "2012年5月"]
)
def test_date_that_could_be_another_day_is_refused(written):
    with pytest.raises(ValueError):  # noqa: PT011 -- any refusal will do
        words.read_date(written)


@pytest.mark.parametrize(
    ("written", "sex"),
    [("男", Sex.MALE), ("F", Sex.FEMALE), ("１", Sex.MALE), ("2", Sex.FEMALE), ("未说明", None)],
)
def test_sex_is_read_in_words_and_codes(written, sex):
    assert words.read_sex(written) is sex


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("初二（3）班", 8),
        ("七年级2班", 7),
        ("十一年级1班", 11),
        ("高一(12)班", 10),
        ("小学三年级2班", 3),
        ("大三1班", 15),
        ("职高二1班", 11),
        ("Grade 8 (3)", 8),
        ("8（3）班", 8),
        ("2024级3班", None),
        ("高2024级3班", None),
        ("初四1班", None),
        ("向日葵班", None),
    ],
)
def test_grade_is_guessed_from_the_name_of_a_class_or_not_at_all(name, grade):
    assert words.guess_grade(name) == grade


def test_grade_column_takes_words_and_numbers_and_leaves_entry_years_open():
    assert [words.read_grade(cell) for cell in ("初二", "八年级", "8", "2024级")] == [8, 8, 8, None]


def test_class_number_sorts_classes():
    assert [words.class_number(name) for name in ("初二（12）班", "2024级3班", "向日葵班")] == [
        12,
        3,
        None,
    ]
