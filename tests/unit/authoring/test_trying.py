"""A try scored by the engine, and kept as an example that proves itself."""

import pytest

from app.authoring.blank import blank_files
from app.authoring.checking import check_files
from app.authoring.trying import try_out, with_example
from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE
from app.scoring import CompiledInstrument
from app.scoring.results import Person
from tests.factories.authoring import read


@pytest.fixture
def phq9() -> CompiledInstrument:
    return CompiledInstrument(read("phq9"))


def test_what_cannot_be_read_counts_as_not_answered(phq9: CompiledInstrument) -> None:
    chosen = {"q1": ["2"], "q2": ["7"], "q3": ["two"], "q4": [""], "q5": ["nan"], "q99": ["1"]}

    tried = try_out(phq9, chosen, Person(), locale="en")

    assert tried.answers == {"q1": 2.0}
    assert tried.scores.scales["total"].score is None


def test_a_refused_critical_item_calls_somebody(phq9: CompiledInstrument) -> None:
    tried = try_out(phq9, {"q9": ["refused"]}, Person(), locale="en")

    assert [flag.code for flag in tried.scores.flags] == ["critical_q9"]


@pytest.mark.parametrize("examples", ["", "examples:\n- name: a\n  source: b\n  answers: [0, 0]\n"])
def test_an_example_is_added_in_the_layout_of_the_file(examples: str) -> None:
    files = {**blank_files("x"), EXAMPLES_FILE: examples and f"instrument: my_scale\n{examples}"}
    if examples:
        files[EXAMPLES_FILE] += "  expect: {scores: {total: 2}, flags: []}\n"
    compiled = check_files({INSTRUMENT_FILE: files[INSTRUMENT_FILE]}).compiled
    assert compiled is not None
    person = Person(sex="female", age=13)
    tried = try_out(compiled, {"q1": ["0"], "q2": ["refused"]}, person, locale="en")

    kept = with_example(files, "my_scale", tried, name="一: 二", source='"1"')

    checked = check_files(kept)
    assert checked.problems == []
    assert checked.instrument is not None
    last = checked.instrument.examples[-1]
    assert (last.name, last.source, last.person.age) == ("一: 二", '"1"', 13)
    assert last.answers == {"q1": 0, "q2": "refused"}
