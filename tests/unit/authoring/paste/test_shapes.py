"""A file in the layout of each licensed scale is understood."""

from pathlib import Path

import pytest

from app.authoring.paste.files import file_rows
from app.authoring.paste.recognise import recognise
from app.instruments.loader import load_instrument
from app.instruments.model import Instrument
from tests.unit.authoring.paste.shapes import SHAPES, as_docx, as_xlsx

LIBRARY = Path(__file__).parents[4] / "instruments"
SHELLS = sorted(
    path.parent.name
    for path in LIBRARY.glob("*/instrument.yaml")
    if "not_included" in path.read_text(encoding="utf-8")
)
#: Scores that no paper lists as a factor: totals, counts, and what is made of other scores.
NO_FACTORS = {
    "scl90": {"positive_items"},
    "pss10": {"helplessness", "self_efficacy"},
    "uls8": {"without_reversed"},
}


def test_every_shell_of_the_library_has_a_shape() -> None:
    assert sorted(SHAPES) == SHELLS


@pytest.mark.parametrize("form", [as_xlsx, as_docx])
@pytest.mark.parametrize("code", SHELLS)
def test_the_shape_of_a_shell_is_understood(code: str, form) -> None:
    shell = load_instrument(LIBRARY / code)

    found = recognise(file_rows(form(SHAPES[code]())))

    assert [question.number for question in found.in_order] == list(range(1, len(shell.items) + 1))
    assert [
        sorted(answer.value for answer in question.answers or found.answers)
        for question in found.in_order
    ] == [sorted(item.values) for item in shell.items]
    assert all(a.label for q in found.in_order for a in q.answers or found.answers)
    assert found.reverse == _numbers({code for scale in shell.scales for code in scale.reverse})
    assert sorted(map(set, found.factors.values()), key=min) == _factors(shell)
    assert found.not_understood == []


def _factors(shell: Instrument) -> list[set[int]]:
    return sorted(
        (
            _numbers(set(scale.items))
            for scale in shell.scales
            if scale.items
            and scale.code != "total"
            and scale.code not in NO_FACTORS.get(shell.code, set())
        ),
        key=min,
    )


def _numbers(codes: set[str]) -> set[int]:
    return {int(code.removeprefix("q")) for code in codes}
