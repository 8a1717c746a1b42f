"""The owner's words put into a licensed shell: scored as the shell was, in the languages it has."""

from pathlib import Path

import pytest

from app.authoring.paste.files import file_rows
from app.authoring.paste.prefill import fields_of
from app.authoring.paste.recognise import recognise
from app.authoring.starter.filling import fill
from app.instruments.loader import load_instrument, parse_instrument
from app.scoring import compile_instrument
from tests.unit.authoring.paste.shapes import SHAPES, as_xlsx

LIBRARY = Path(__file__).parents[4] / "instruments"
PROOF = {
    "terms": "ask_permission",
    "granted_by": "某出版社版权部",
    "granted_on": "2026-02-01",
    "reference": "合同 2026-17",
}


def pasted(code: str) -> dict[str, str]:
    return fields_of(recognise(file_rows(as_xlsx(SHAPES[code]())))) | PROOF


@pytest.mark.parametrize("code", sorted(set(SHAPES) - {"sabas"}))
def test_a_pasted_file_gives_a_shell_its_words(code: str) -> None:
    shell = load_instrument(LIBRARY / code)

    filled, problems = fill(shell, pasted(code))

    assert problems == []
    assert filled is not None
    instrument = parse_instrument(filled.text, examples=shell.source.examples)
    compile_instrument(instrument)
    assert instrument.has_item_texts
    assert instrument.languages == ("zh_Hans",)
    assert instrument.version == "1.1.0"
    assert [item.critical for item in instrument.items] == [item.critical for item in shell.items]
    assert [
        scale.model_dump(include={"items", "reverse", "range"}) for scale in instrument.scales
    ] == [scale.model_dump(include={"items", "reverse", "range"}) for scale in shell.scales]
    assert "某出版社版权部" not in filled.text


def test_answers_counted_otherwise_are_matched_by_their_order_and_named() -> None:
    shell = load_instrument(LIBRARY / "scl90")
    fields = pasted("scl90") | {"options": "0 没有\n1 很轻\n2 中等\n3 偏重\n4 严重"}

    filled, _problems = fill(shell, fields)

    assert filled is not None
    assert filled.recounted == tuple(range(1, 91))
    assert parse_instrument(filled.text).item("q1").options[0].label.root == {"zh_Hans": "没有"}


def test_another_number_of_questions_or_answers_is_refused() -> None:
    shell = load_instrument(LIBRARY / "brs")
    fields = pasted("brs")

    _, too_few = fill(shell, fields | {"questions_zh": "甲\n乙"})
    _, other_answers = fill(shell, fields | {"options": "1 是\n0 否"})

    assert [str(problem) for problem in too_few] == [
        "2 questions here, but 简明心理韧性量表（BRS） has 6."
    ]
    assert str(other_answers[0]) == "Question 1 has 2 answers here, but 5 are scored."


def test_without_proof_of_the_licence_nothing_is_filled() -> None:
    shell = load_instrument(LIBRARY / "brs")

    filled, problems = fill(shell, pasted("brs") | {"granted_by": "", "terms": "public_domain"})

    assert filled is None
    assert [problem.name for problem in problems] == ["granted_by"]
