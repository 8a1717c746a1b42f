"""A roster is planned row by row before anything is written."""
# ruff: noqa: RUF001 -- full-width characters are what is tested

from datetime import date

import pytest

from app.people.domain import ConsentStatus, Sex
from app.people.roster.columns import Column
from app.people.roster.plan import KnownStudent, Outcome, plan_roster
from app.people.roster.reading import read_roster
from app.people.roster.rows import GuardianEntry

TODAY = date(2026, 10, 12)
HEADER = "学号,姓名,班级,性别,出生日期,年级,监护人姓名,监护人电话,知情同意日期\n"
ANN = KnownStudent(
    name="安娜",
    class_name="初二（3）班",
    sex=Sex.FEMALE,
    birth_date=date(2012, 5, 20),
    guardians=(GuardianEntry(name="安母", phone="13800000000"),),
    consent=(ConsentStatus.REFUSED, date(2026, 9, 10)),
    has_left=False,
)


def _plan(*lines, known=None, classes=("初二（3）班",), left_out=()):
    table = read_roster((HEADER + "\n".join(lines) + "\n").encode())
    return plan_roster(
        table,
        known_by_number=(known or {}).get,
        known_classes=dict.fromkeys(classes, 8),
        today=TODAY,
        left_out=left_out,
    )


def _outcomes(plan):
    return [row.outcome for row in plan.rows]


def test_unknown_number_is_a_new_student():
    plan = _plan("1,甲,初二（3）班,男,2012-05-20,,,,")

    assert _outcomes(plan) == [Outcome.NEW]


def test_two_students_of_one_name_are_two_students():
    plan = _plan("1,王伟,初二（3）班,,,,,,", "2,王伟,初二（3）班,,,,,,")

    assert _outcomes(plan) == [Outcome.NEW, Outcome.NEW]


def test_known_student_is_unchanged_and_empty_cells_take_nothing_back():
    plan = _plan("1,安 娜,初二(3)班,,,,,,", known={"1": ANN})

    assert _outcomes(plan) == [Outcome.UNCHANGED]


def test_changes_are_named_with_before_and_after():
    [row] = _plan("1,安那,初二（3）班,女,2012-05-21,,,,", known={"1": ANN}).rows

    assert row.outcome is Outcome.CHANGED
    assert [(c.column, c.before, c.after) for c in row.changes] == [
        (Column.NAME, "安娜", "安那"),
        (Column.BIRTH_DATE, "2012-05-20", "2012-05-21"),
    ]


def test_another_class_is_a_move():
    [row] = _plan("1,安娜,初二（4）班,,,,,,", known={"1": ANN}).rows

    assert row.outcome is Outcome.MOVED
    assert [(c.before, c.after) for c in row.changes] == [("初二（3）班", "初二（4）班")]


def test_repeated_row_is_a_duplicate_of_the_first():
    plan = _plan("1,甲,初二（3）班,,,,,,", "1,甲,初二（3）班,,,,,,")

    assert _outcomes(plan) == [Outcome.NEW, Outcome.DUPLICATE]


def test_one_number_for_two_students_rejects_both_and_names_the_other_line():
    plan = _plan("1,甲,初二（3）班,,,,,,", "１,乙,初二（3）班,,,,,,")

    assert _outcomes(plan) == [Outcome.REJECTED, Outcome.REJECTED]
    assert [str(row.problems[0]) for row in plan.rows] == [
        "Line 3 has the same student number; correct or leave out one.",
        "Line 2 has the same student number; correct or leave out one.",
    ]


def test_leaving_out_one_of_two_clashing_rows_lets_the_other_in():
    plan = _plan("1,甲,初二（3）班,,,,,,", "1,乙,初二（3）班,,,,,,", left_out={3})

    assert _outcomes(plan) == [Outcome.NEW, Outcome.LEFT_OUT]


def test_new_class_takes_its_grade_from_the_file_or_from_its_name():
    plan = _plan("1,甲,向日葵班,,,5,,,", "2,乙,高一（1）班,,,,,,", "3,丙,2024级1班,,,,,,")

    assert plan.new_classes == {"向日葵班": 5, "高一（1）班": 10, "2024级1班": None}


@pytest.mark.parametrize(
    "spelling",
    ["初二 3 班", "初二3班", "初二（3）", "初二[3]班", "初二-3", "初二３班", "初二【3】班"],
)
def test_class_in_other_signs_is_taken_for_the_one_that_is_known(spelling):
    plan = _plan(f"1,安娜,{spelling},,,,,,", known={"1": ANN})

    assert _outcomes(plan) == [Outcome.UNCHANGED]
    assert list(plan.read_as.values()) == ["初二（3）班"]
    assert plan.new_classes == {}
    assert plan.rows[0].student.class_name == "初二（3）班"


@pytest.mark.parametrize("spelling", ["初二13班", "初三3班", "初二（3）班甲", "7（11）班"])
def test_class_that_is_another_is_new(spelling):
    plan = _plan(f"1,甲,{spelling},,,,,,", classes=("初二（3）班", "71（1）班"))

    assert plan.read_as == {}
    assert list(plan.new_classes) == [spelling]


def test_spelling_that_two_known_classes_share_is_taken_for_neither():
    plan = _plan("1,甲,初二 3 班,,,,,,", classes=("初二（3）班", "初二（3）"))

    assert plan.read_as == {}
    assert len(plan.new_classes) == 1


def test_two_grades_for_one_class_reject_the_second():
    plan = _plan("1,甲,向日葵班,,,5,,,", "2,乙,向日葵班,,,6,,,")

    assert _outcomes(plan) == [Outcome.NEW, Outcome.REJECTED]


def test_old_consent_date_takes_back_no_later_refusal():
    before = _plan("1,安娜,初二（3）班,,,,,,2026-09-03", known={"1": ANN})
    after = _plan("1,安娜,初二（3）班,,,,,,2026-09-20", known={"1": ANN})

    assert _outcomes(before) == [Outcome.UNCHANGED]
    assert after.rows[0].brings_answer


@pytest.mark.parametrize(
    ("line", "column", "mend"),
    [
        (",甲,初二（3）班,,,,,,", Column.STUDENT_NO, "This cell is empty; fill it in."),
        ("1,,初二（3）班,,,,,,", Column.NAME, "This cell is empty; fill it in."),
        ("1,甲,,,,,,,", Column.CLASS, "This cell is empty; fill it in."),
        ("1,张?,初二（3）班,,,,,,", Column.NAME, "A character was lost in “张?”; type it again."),
        (
            "2.02E+17,甲,初二（3）班,,,,,,",
            Column.STUDENT_NO,
            "Excel has cut this number short (2.02E+17); format the column as text.",
        ),
        ("1,甲,初二（3）班,x,,,,,", Column.SEX, "“x” is not understood; write 男 or 女."),
        (
            "1,甲,初二（3）班,,2012年5月,,,,",
            Column.BIRTH_DATE,
            "“2012年5月” is no certain date; write it as 2012-05-20.",
        ),
        (
            "1,甲,初二（3）班,,2025-05-20,,,,",
            Column.BIRTH_DATE,
            "Born on 2025-05-20, the student would be 1 years old; check the year.",
        ),
        (
            "1,甲,初二（3）班,,,,,abc,",
            Column.GUARDIAN_PHONE,
            "“abc” is no telephone number; write digits only.",
        ),
        (
            "1,甲,初二（3）班,,,,,,2027-01-01",
            Column.CONSENT_DATE,
            "Consent cannot be given in the future (2027-01-01); check the date.",
        ),
    ],
)
def test_rejected_row_says_where_and_how_to_mend_it(line, column, mend):
    [row] = _plan(line).rows

    assert row.outcome is Outcome.REJECTED
    assert [(p.column, str(p)) for p in row.problems] == [(column, mend)]


def test_all_faults_of_a_row_are_named_at_once():
    [row] = _plan(",甲,,x,,,,,").rows

    assert [p.column for p in row.problems] == [Column.STUDENT_NO, Column.CLASS, Column.SEX]


def test_fingerprint_changes_with_what_would_be_done():
    one = _plan("1,安娜,初二（3）班,,,,,,", known={"1": ANN})
    same = _plan("1,安娜,初二（3）班,,,,,,", known={"1": ANN})
    other = _plan("1,安娜,初二（3）班,,,,,,")

    assert one.fingerprint == same.fingerprint != other.fingerprint
