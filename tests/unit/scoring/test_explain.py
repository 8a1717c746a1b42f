from app.instruments.loader import parse_instrument
from app.scoring import CompiledInstrument, Person
from app.scoring.explain import explain
from tests.unit.scoring.constructs import HEAD


def lines(compiled: CompiledInstrument, answers: dict[str, float | None], **known) -> list[str]:
    return ["  " * step.depth + step.text for step in explain(compiled, answers, **known)]


def sheet(*values: float | None) -> dict[str, float | None]:
    return {f"q{n}": value for n, value in enumerate(values, start=1)}


def test_a_prorated_total_is_explained_from_its_items_to_its_source(phq9):
    told = lines(phq9, sheet(3, 2, 1, 1, 1, 1, 1, None), refused=frozenset({"q9"}))

    assert told[:13] == [
        "Patient Health Questionnaire, depression module (PHQ-9), version 1.0.0",
        "total (Total): sum of 9",
        "  q1: 3",
        "  q2: 2",
        "  q3: 1",
        "  q4: 1",
        "  q5: 1",
        "  q6: 1",
        "  q7: 1",
        "  q8: missing",
        "  q9: refused",
        "  raw 10 from 7 of 9 answers",
        "  missing answers: 10 x 9 / 7, rounded half up",
    ]
    assert told[13] == "  score 13"
    assert told[14].startswith("  “moderate” by the bands “kroenke_2001”: Kroenke")
    assert "  7 of 9 are there, at least 9 are needed: no score" in told
    assert told[-2] == "  critical_q9: q9 answered refused, calls somebody the same day"
    assert told[-1].startswith("  cutoff_total: 13 is at least 10 of “kroenke_2001”")


def test_reversal_nesting_and_rules_are_explained(compiled):
    sdq = lines(compiled("sdq"), sheet(*[1] * 25))
    asq = lines(compiled("asq"), sheet(0, 2, 0, 0, 0))

    assert "  q7: 1, reversed 1" in sdq
    assert "total (Total difficulties): sum of 4" in sdq
    assert "  emotional: 5" in sdq
    assert "  q2: refused" in asq
    assert "  “positive, not acute”: any(q1..q4 in [1, 2])" in asq


def test_outside_the_ages_is_said_first(phq9):
    told = lines(phq9, sheet(*[0] * 9), person=Person(age=10))

    assert told[1] == "  outside the ages 12+: no band, no cut-off"
    assert told[-1] == "no flags"


def test_every_method_and_conversion_is_explained():
    made = CompiledInstrument(
        parse_instrument(
            HEAD
            + """\
items:
  - {codes: q1..q2, options: degree}
  - {code: q3, options: degree, show_when: q1 > 0, hidden_counts_as: 0}
scales:
  - code: weighted
    title: {en: Weighted}
    method: weighted_sum
    items: q1..q2
    weights: {q1: 2, q2: 0.5}
    missing: {rule: substitute, at_least: 1, value: 1}
    convert: {multiply: 2, add: 1, round: down}
    range: [1, 11]
    higher_is: worse
  - code: often
    title: {en: Count}
    method: count
    items: q1..q3
    endorsed: {all: [2]}
    missing: {rule: available, at_least: 1}
    range: [0, 3]
    higher_is: worse
  - code: spread
    title: {en: Spread}
    method: expression
    expression: q1 - q2
    missing: {rule: refuse}
    convert: {method: lookup, table: {-2: 0, -1: 0, 0: 0, 1: 1, 2: 2}}
    range: [0, 2]
    higher_is: neither
flags:
  - {code: odd, kind: validity, title: {en: Odd}, when: q1 != q2, source: Made up}
"""
        )
    )

    told = lines(made, sheet(0, 2, 2))

    assert "  q1: 0, times 2" in told
    assert "  times 2, plus 1, rounded down" in told
    assert "  q2: 2, counts" in told
    assert "  q1: 0, does not count" in told
    assert "  q3: not shown, counts as 0" in told
    assert "spread (Spread): expression q1 - q2" in told
    assert "  score from the table" in told
    assert told[-1] == "  odd: q1 != q2; Made up"
    assert "  missing answers count as 1" in lines(made, sheet(2, None, 2))


def test_a_missing_scale_among_scales_is_explained():
    made = CompiledInstrument(
        parse_instrument(
            HEAD
            + """\
items:
  - {codes: q1..q2, options: degree}
scales:
  - {code: one, title: {en: One}, method: sum, items: [q1], missing: {rule: refuse},
     range: [0, 2], higher_is: worse}
  - {code: two, title: {en: Two}, method: sum, items: [q2], missing: {rule: refuse},
     range: [0, 2], higher_is: worse}
  - {code: both, title: {en: Both}, method: sum, scales: [one, two], range: [0, 4],
     missing: {rule: prorate, at_least: 1, round: none}, higher_is: worse}
"""
        )
    )

    told = lines(made, sheet(2, None))

    assert told[told.index("both (Both): sum of 2") :] == [
        "both (Both): sum of 2",
        "  one: 2",
        "  two: none",
        "  raw 2 from 1 of 2 answers",
        "  missing scales: the mean of those present stands for the others",
        "  score 4",
        "no flags",
    ]
