"""One definition, three evaluators: a person, a cohort and the browser always agree."""

import json
import random
from math import isnan, nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.instruments.logic import Scope, compile_logic, evaluate, evaluate_many

ITEMS = tuple(f"q{n}" for n in range(1, 6))
SCOPE = Scope((*ITEMS, "m"), multiple={"m": (1.0, 2.0, 3.0)})
NAMES = (*ITEMS, "m", "age")
LOGIC_JS = Path(__file__).parents[2] / "app" / "static" / "js" / "logic.js"


class Writer:
    """Writes random expressions; `choose` is the only source of chance."""

    def __init__(self, choose) -> None:
        self.choose = choose

    def number(self, depth: int) -> str:
        if depth == 0:
            return self.choose([*ITEMS, "age", "0", "1", "2", "0.5", "3"])
        parts = [self.number(depth - 1) for _ in range(3)]
        condition = self.condition(depth - 1)
        return self.choose(
            [
                f"({parts[0]} + {parts[1]})",
                f"({parts[0]} - {parts[1]} * {parts[2]})",
                f"({parts[0]} / {parts[1]})",
                f"-{self.choose(ITEMS)}",
                f"if({condition}, {parts[0]}, {parts[1]})",
                f"value_or({parts[0]}, {parts[1]})",
                f"{self.choose(['sum', 'mean', 'min', 'max'])}({', '.join(parts)}, q1..q3)",
                f"count({condition}, q2..q4 >= 1)",
                "answered(q1..q5)",
                f"{self.choose(['abs', 'floor', 'round'])}({parts[0]})",
            ]
        )

    def condition(self, depth: int) -> str:
        if depth == 0:
            return self.choose(["q1 >= 2", "chosen(m, 2)", "q3 in [0, 1]", "any(q1..q3 == 1)"])
        numbers = [self.number(depth - 1) for _ in range(2)]
        conditions = [self.condition(depth - 1) for _ in range(2)]
        sign = self.choose(["==", "!=", "<", "<=", ">", ">="])
        return self.choose(
            [
                f"{numbers[0]} {sign} {numbers[1]}",
                f"({conditions[0]} and {conditions[1]})",
                f"({conditions[0]} or {conditions[1]})",
                f"not ({conditions[0]})",
                f"all({conditions[0]}, q1..q4 != 3)",
                f"{numbers[0]} not in [1, -2, 3]",
            ]
        )


def same(one: float, other: float) -> bool:
    return (isnan(one) and isnan(other)) or one == pytest.approx(other, rel=1e-9, abs=1e-9)


@given(st.data())
def test_a_person_and_a_cohort_agree(data: st.DataObject):
    writer = Writer(lambda options: data.draw(st.sampled_from(options)))
    is_condition = data.draw(st.booleans())
    text = writer.condition(2) if is_condition else writer.number(2)
    logic = compile_logic(text, SCOPE, condition=is_condition)
    value = st.sampled_from([nan, 0.0, 1.0, 2.0, 3.0])
    rows = data.draw(
        st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, value)), min_size=1, max_size=5)
    )
    columns = {name: np.array([row[name] for row in rows]) for name in NAMES}

    together = evaluate_many(logic.data, columns, len(rows))

    for row, result in zip(rows, together, strict=True):
        assert same(evaluate(logic.data, row), float(result)), text


@pytest.mark.e2e
def test_the_browser_agrees(browser):
    chance = random.Random(7)
    writer = Writer(chance.choice)
    cases = []
    for number in range(2000):
        is_condition = bool(number % 2)
        text = writer.condition(3) if is_condition else writer.number(3)
        if len(text) > 2000:
            continue
        values = {name: chance.choice([nan, 0.0, 1.0, 2.0, 3.0]) for name in NAMES}
        cases.append((compile_logic(text, SCOPE, condition=is_condition).data, values))
    sent = json.dumps(
        [
            [data, {name: None if isnan(value) else value for name, value in values.items()}]
            for data, values in cases
        ]
    )

    page = browser.new_page()
    results = page.evaluate(
        """async ([module, cases]) => {
             const url = URL.createObjectURL(new Blob([module], {type: "text/javascript"}));
             const {evaluate} = await import(url);
             return JSON.parse(cases).map(([data, values]) => String(evaluate(data, values)));
           }""",
        [LOGIC_JS.read_text(encoding="utf-8") + "\nexport { evaluate };", sent],
    )
    page.close()

    for (data, values), result in zip(cases, results, strict=True):
        assert same(evaluate(data, values), float(result)), data
