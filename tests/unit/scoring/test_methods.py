"""Corners of the methods that the reference page does not show."""

import numpy as np
import pytest

from app.instruments.loader import parse_instrument
from app.scoring import CompiledInstrument, Person, compile_instrument
from app.scoring.column_map import ColumnMap
from app.scoring.reading import TableError, read_table
from app.scoring.table import TableReader
from tests.unit.scoring.constructs import HEAD

ITEMS = "items:\n  - {codes: q1..q4, options: degree}\n"


def scale(code: str, body: str, *, range_: str = "[0, 8]") -> str:
    return (
        f"  - code: {code}\n    title: {{en: Scale}}\n    {body}\n"
        f"    range: {range_}\n    higher_is: worse\n"
    )


def made(*scales: str, items: str = ITEMS, norms: str | None = None) -> CompiledInstrument:
    text = HEAD + items + "scales:\n" + "".join(scales)
    return CompiledInstrument(parse_instrument(text, norms=norms))


def scores(compiled: CompiledInstrument, *values: float | None, **known) -> dict[str, float | None]:
    answers = {f"q{n}": value for n, value in enumerate(values, start=1)}
    return {code: s.score for code, s in compiled.score_one(answers, **known).scales.items()}


HALVES = (
    scale("one", "method: sum\n    items: q1..q2\n    missing: {rule: refuse}", range_="[0, 4]"),
    scale("two", "method: sum\n    items: q3..q4\n    missing: {rule: refuse}", range_="[0, 4]"),
)


def test_scales_of_scales_by_every_method():
    compiled = made(
        *HALVES,
        scale("most", "method: max\n    scales: [one, two]\n    missing: {rule: available, "
              "at_least: 1}", range_="[0, 4]"),
        scale("middle", "method: mean\n    scales: [one, two]\n    missing: {rule: available, "
              "at_least: 1}", range_="[0, 4]"),
        scale("heavy", "method: weighted_sum\n    scales: [one, two]\n    weights: {one: 1, two: 3}"
              "\n    missing: {rule: refuse}", range_="[0, 16]"),
        scale("filled", "method: sum\n    scales: [one, two]\n    missing: {rule: prorate, "
              "at_least: 1, round: none}"),
    )  # fmt: skip

    assert scores(compiled, 1, 1, 2, 2) == {
        "one": 2, "two": 4, "most": 4, "middle": 3, "heavy": 14, "filled": 6,
    }  # fmt: skip
    assert scores(compiled, 1, 1, 2, None) == {
        "one": 2, "two": None, "most": 2, "middle": 2, "heavy": None, "filled": 4,
    }  # fmt: skip


def test_a_scale_may_stand_before_the_scales_it_is_made_of():
    compiled = made(
        scale("total", "method: sum\n    scales: [one, two]\n    missing: {rule: refuse}"), *HALVES
    )

    assert list(scores(compiled, 2, 2, 2, 2)) == ["total", "one", "two"]
    assert scores(compiled, 2, 2, 2, 2)["total"] == 8


def test_reversal_counts_in_the_maximum_and_in_substituted_answers():
    compiled = made(
        scale("most", "method: max\n    items: q1..q4\n    reverse: [q1]\n    missing: {rule: "
              "available, at_least: 1}", range_="[0, 2]"),
        scale("filled", "method: sum\n    items: q1..q4\n    reverse: [q1]\n    missing: {rule: "
              "substitute, at_least: 1, value: 0}"),
        scale("counted", "method: count\n    items: q1..q4\n    endorsed: {all: [0]}\n    missing: "
              "{rule: substitute, at_least: 1, value: 0}", range_="[0, 4]"),
    )  # fmt: skip

    assert scores(compiled, 0, 1, 0, 0) == {"most": 2, "filled": 3, "counted": 3}
    assert scores(compiled, None, 1, None, None) == {"most": 1, "filled": 3, "counted": 3}


def test_every_rounding_is_what_manuals_mean():
    from app.instruments.rounding import rounded

    values = np.array([0.5, 1.5, 2.5, -0.5, 0.4999999999999])

    assert rounded(values, "half_up").tolist() == [1, 2, 3, 0, 1]
    assert rounded(values[:3], "half_even").tolist() == [0, 2, 2]
    assert rounded(values[:3], "down").tolist() == [0, 1, 2]
    assert rounded(values[:3], "up").tolist() == [1, 2, 3]
    assert rounded(values, "none") is values


NORMS = """\
instrument: made
norms:
  - code: town
    version: '1.0.0'
    source: Made up
    population: Nobody
    collected: never
    scales:
      rank:
        - {for: {stage: junior}, size: 10, table: {0: 5, 1: 40, 2: 90}}
        - {for: {ages: {from: 16}}, size: 10, mean: 1, sd: 0.5}
      z: [{size: 10, mean: 4, sd: 2}]
"""


def test_percentiles_come_from_a_table_or_from_the_normal_curve():
    compiled = made(
        scale("rank", "method: sum\n    items: [q1]\n    missing: {rule: refuse}\n    convert: "
              "{method: percentile, norms: town}", range_="[0, 100]"),
        scale("z", "method: sum\n    items: q1..q4\n    missing: {rule: refuse}\n    convert: "
              "{method: z, norms: town}", range_="[-2, 2]"),
        norms=NORMS,
    )  # fmt: skip

    assert scores(compiled, 1, 2, 2, 1, person=Person(grade=8)) == {"rank": 40, "z": 1}
    assert scores(compiled, 1, 2, 2, 1, person=Person(age=17))["rank"] == pytest.approx(50)
    assert scores(compiled, 1, 2, 2, 1, person=Person(age=12))["rank"] is None


def test_another_set_of_cutoffs_can_be_chosen(phq9):
    sheet = {f"q{n}": 1.0 for n in range(1, 9)} | {"q9": 0.0, "q1": 3.0}
    adolescents = compile_instrument(phq9.instrument, sets={"total": "richardson_2010"})

    usual = phq9.score_one(sheet, person=Person(age=15))
    chosen = adolescents.score_one(sheet, person=Person(age=15))
    adult = adolescents.score_one(sheet | {"q2": 3.0}, person=Person(age=30))

    assert [flag.code for flag in usual.flags] == ["cutoff_total"]
    assert chosen.flags == ()
    assert adult.flags == ()


def test_numbers_sliders_and_multiple_choices_are_read_from_a_table():
    compiled = made(
        scale("total", "method: sum\n    items: [hours, mood]\n    missing: {rule: refuse}",
              range_="[0, 34]"),
        scale("sport", "method: expression\n    expression: if(chosen(fun, 3), 1, 0)\n    missing: "
              "{rule: refuse}", range_="[0, 1]"),
        items="items:\n"
        "  - {code: hours, kind: number, range: [0, 24], step: 0.5}\n"
        "  - {code: mood, kind: slider, range: [0, 10]}\n"
        "  - {code: fun, kind: multiple, options: [{value: 1}, {value: 3}]}\n"
        "  - {code: since, kind: date}\n",
    )  # fmt: skip
    text = "hours,mood,fun\n7.5,2.25,1;3\n8,1,1\n"
    reader = TableReader(read_table(text.encode()), ColumnMap())

    answers = reader.answers(compiled.instrument)
    reader.check()
    result = compiled.score(answers.matrix)

    assert result.scales["total"].score.tolist() == [9.75, 9]
    assert result.scales["sport"].score.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7.2,1,1", "“7.2” is not a number from 0 to 24."),
        ("25,1,1", "“25” is not a number from 0 to 24."),
        ("7,11,1", "“11” is not a number from 0 to 10."),
        ("7,1,1;2", "“1;2” is not some of 1, 3, joined by “;”."),
    ],
)
def test_wrong_numbers_and_choices_are_named(row: str, reason: str):
    compiled = made(
        scale("total", "method: sum\n    items: [hours, mood]\n    missing: {rule: refuse}",
              range_="[0, 34]"),
        items="items:\n"
        "  - {code: hours, kind: number, range: [0, 24], step: 0.5}\n"
        "  - {code: mood, kind: slider, range: [0, 10]}\n"
        "  - {code: fun, kind: multiple, scored: false, options: [{value: 1}, {value: 3}]}\n",
    )  # fmt: skip
    reader = TableReader(read_table(f"hours,mood,fun\n{row}\n".encode()), ColumnMap())
    reader.answers(compiled.instrument)

    with pytest.raises(TableError, match=reason.replace("“", ".").replace(".", ".")):
        reader.check()


def test_people_may_be_given_in_words_and_need_no_flags():
    from io import StringIO

    from app.scoring.report import write_scores

    compiled = made(
        scale("rank", "method: sum\n    items: [q1]\n    missing: {rule: refuse}\n    convert: "
              "{method: lookup, table: {0: 10, 1: 11.5, 2: 12.25}}", range_="[10, 12.25]"),
        items="items:\n  - {code: q1, options: degree}\n",
    )  # fmt: skip
    written = StringIO()

    result = compiled.score([[0], [1], [np.nan]], sex=["male", "female", None])
    write_scores(written, ["a", "b", "c"], result)

    assert written.getvalue().splitlines()[1:] == ["a,10,0,1,,", "b,11.5,1,1,,", "c,,,0,,"]
