from math import isnan, nan

import numpy as np
import pytest

from app.instruments.logic import (
    LogicError,
    Scope,
    compile_logic,
    evaluate,
    evaluate_many,
)
from app.instruments.logic.scope import ScaleNames

SCOPE = Scope(
    items=("q1", "q2", "q3", "q4", "m"),
    scales={"total": ScaleNames(("low", "moderate", "high"), 3.0), "part": ScaleNames()},
    multiple={"m": (1.0, 3.0)},
    allows_context=True,
)
VALUES = {"q1": 2.0, "q2": 1.0, "q3": 0.0, "m": 2.0, "total": 9.0, "total.band": 1.0,
          "previous.total": 5.0, "gad7.total": 12.0, "sex": 2.0, "age": 15.0}  # fmt: skip


def both(text: str, *, condition: bool = False, scope: Scope = SCOPE) -> float:
    """Evaluate for one person and for a cohort of one; the two must agree."""
    logic = compile_logic(text, scope, condition=condition)
    single = evaluate(logic.data, VALUES)
    columns = {name: np.array([value]) for name, value in VALUES.items()}
    together = float(evaluate_many(logic.data, columns, 1)[0])
    assert single == together or (isnan(single) and isnan(together))
    return single


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4 / 2", 5),
        ("(1 + 2) * 3", 9),
        ("-q1 + 5", 3),
        ("q1 / q3", nan),
        ("q1 + q4", nan),
        ("sum(q1..q3)", 3),
        ("mean(q1, q2, 3)", 2),
        ("min(q1..q3) + max(q1..q3)", 2),
        ("max(q1..q4)", nan),
        ("answered(q1..q4)", 3),
        ("count(q1..q3 >= 1, q1 == 2)", 3),
        ("count(q1..q3 in [0, 2])", 2),
        ("abs(q3 - q1)", 2),
        ("floor(2.5) + round(2.5)", 5),
        ("value_or(q4, 7)", 7),
        ("if(q1 > 1, 10, 20)", 10),
        ("if(q4 > 1, 10, 20)", nan),
        ("total.raw", nan),
        ("gad7.total", 12),
    ],
)
def test_numbers(text: str, value: float):
    result = both(text)

    assert result == value or (isnan(result) and isnan(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("q1 >= 2 and q2 < 2", 1),
        ("q1 == 2 and q4 == 1", nan),
        ("q1 != 2 and q4 == 1", 0),
        ("q1 == 2 or q4 == 1", 1),
        ("q1 == 0 or q4 == 1", nan),
        ("not q1 <= 1", 1),
        ("not (q4 == 1)", nan),
        ("q1 not in [0, 1]", 1),
        ("q4 in [0, 1]", nan),
        ("q1 in [-1, 2]", 1),
        ("any(q1..q4 == 2)", 1),
        ("any(q2..q4 == 2)", nan),
        ("all(q1..q3 >= 0)", 1),
        ("all(q1..q3 >= 1)", 0),
        ("sex == female and age > 12", 1),
        ("grade >= 7", nan),
        ("chosen(m, 3)", 1),
        ("chosen(m, 1)", 0),
        ("reaches(total, moderate)", 1),
        ("reaches(total, high)", 0),
        ("risen(total)", 1),
        ("fallen(total)", 0),
        ("if(q1 > 1, q2 == 1, q3 == 1)", 1),
    ],
)
def test_conditions(text: str, value: float):
    result = both(text, condition=True)

    assert result == value or (isnan(result) and isnan(value))


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("q1 >=", 6, "a number or a name is missing before “the end”"),
        ("q1 ! 2", 4, "“!” has no meaning here; remove it"),
        ("q1 > 2 q2", 8, "“q2” is not expected here; join conditions by and/or"),
        ("(q1 > 2", 8, "write “)” before “the end”"),
        ("q1 in 2", 7, "write “[” before “2”"),
        ("q1 in [q2]", 8, "only numbers can stand in a list"),
        ("1 < q1 < 3", 8, "write each comparison out and join them by “and”"),
        ("q1..", 5, "write an item after “..”, as in q1..q9"),
        ("q1..q3 > 1", 1, "a run such as q1..q9 stands inside sum(), count() etc."),
        ("count(q3..q1 > 1) > 0", 7, "“q3..q1” must name two items, earlier first"),
        ("q9 > 1", 1, "no item or scale is called “q9” here; correct the name"),
        ("total.sum > 1", 1, "no item or scale is called “total.sum” here; correct the name"),
        ("gad7.a.b > 1", 1, "no item or scale is called “gad7.a.b” here; correct the name"),
        ("previous.q1 > 1", 1, "no item or scale is called “previous.q1” here; correct the name"),
        ("m == 1", 1, "several answers can be chosen; ask chosen(m, 1)"),
        ("chosen(m, 2)", 1, "write chosen(item, value) for a multiple-choice item"),
        ("q1 and q2 > 1", 1, "a condition is needed here, and this is a number"),
        ("q1 + (q2 > 1) > 2", 10, "a number is needed here, and this is a condition"),
        ("q1 + q2", 1, "this gives a number; a condition, such as q1 >= 2 is needed"),
        ("if(q1 > 1, 2) > 1", 1, "write if(condition, value, other value)"),
        ("abs(q1, q2) > 1", 1, "abs() takes 1 of them"),
        ("answered(q1 + 1) > 1", 13, "write items here, such as q1 or q1..q9"),
        ("reaches(total)", 1, "write reaches(scale, band) with a scale of this file"),
        ("reaches(total, huge)", 1, "total has no band “huge”; correct the name"),
        ("risen(part)", 1, "part cites no reliability; add it, or leave risen() out"),
        ("(" * 51 + "q1", 51, "this is nested deeper than 50 levels; make it flatter"),
        ("q1 > 1 or " * 201, 1, "this is longer than 2000 characters; split it into scales"),
    ],
)
def test_what_has_no_meaning_is_named_with_its_place(text: str, column: int, message: str):
    with pytest.raises(LogicError) as caught:
        compile_logic(text, SCOPE, condition=True)

    assert (caught.value.column, str(caught.value)) == (column, message)


def test_an_unknown_function_lists_those_there_are():
    with pytest.raises(LogicError, match=r"no function “eval”; there are abs, all, answered, any"):
        compile_logic("eval(q1) > 1", SCOPE, condition=True)


def test_a_number_where_a_number_is_wanted():
    with pytest.raises(LogicError, match="this gives a condition; a number is needed"):
        compile_logic("q1 > 1", SCOPE, condition=False)


def test_written_out_an_expression_may_not_explode():
    wide = Scope(tuple(f"q{n}" for n in range(1, 501)))
    text = " + ".join(["sum(q1..q500)"] * 20)

    with pytest.raises(LogicError, match="this grows too large; split it into scales"):
        compile_logic(text, wide, condition=False)


def test_a_branch_cannot_look_at_other_sittings():
    with pytest.raises(LogicError, match=r"no item or scale is called “gad7.total”"):
        compile_logic("gad7.total > 1", Scope(("q1",)), condition=True)


def test_the_data_is_plain_and_names_what_it_reads():
    logic = compile_logic("q1 >= 2 and any(q2..q3 == 1)", SCOPE, condition=True)

    assert logic.data == [
        "and",
        [">=", ["get", "q1"], 2.0],
        ["or", ["==", ["get", "q2"], 1.0], ["==", ["get", "q3"], 1.0]],
    ]
    assert logic.names == {"q1", "q2", "q3"}
