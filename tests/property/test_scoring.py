"""What must hold for every instrument, whatever its items, options and answers."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.instruments.loader import parse_instrument
from app.scoring import CompiledInstrument
from app.scoring.report import number_text

HEAD = """\
code: made
version: '1.0.0'
title: {en: Made}
student_title: {en: How you felt}
languages: [en]
ages: {}
licence: {terms: public_domain, statement: Free for all., source: Made}
citation: Nobody
translations: {en: {status: original, source: Made}}
recall: {en: now}
instructions: {en: Choose.}
"""
RULES = (
    "{rule: refuse}",
    "{rule: prorate, at_least: 1, round: none}",
    "{rule: prorate, at_least: 1, round: half_up}",
    "{rule: available, at_least: 1}",
    "{rule: substitute, at_least: 1, value: %d}",
)


@dataclass(frozen=True)
class Made:
    """An instrument of one scale with answers to it."""

    compiled: CompiledInstrument
    answers: np.ndarray
    low: int
    high: int
    size: int

    @property
    def complete(self) -> np.ndarray:
        return np.nan_to_num(self.answers, nan=self.low)


def text(
    low: int, high: int, size: int, *, method: str, rule: str, reverse: tuple[int, ...]
) -> str:
    options = ", ".join(f"{{value: {value}}}" for value in range(low, high + 1))
    factor = 1 if method == "mean" else size
    edges = np.linspace(low * factor, high * factor, 4)[1:-1].round(2).tolist()
    return (
        HEAD
        + f"""\
items:
  - {{codes: q1..q{size}, options: [{options}]}}
scales:
  - code: total
    title: {{en: Total}}
    method: {method}
    items: q1..q{size}
    reverse: [{", ".join(f"q{item + 1}" for item in reverse)}]
    missing: {rule % low if "%d" in rule else rule}
    range: [{low * factor}, {high * factor}]
    higher_is: worse
    bands:
      - set: made
        source: Made
        population: Nobody
        bands:
          - {{code: low, label: {{en: low}}}}
          - {{code: middle, from: {edges[0]}, label: {{en: middle}}}}
          - {{code: high, from: {edges[1]}, label: {{en: high}}}}
"""
    )


@st.composite
def made(draw: st.DrawFn, *, reverse: bool = True) -> Made:
    low = draw(st.integers(0, 1))
    high = low + draw(st.integers(1, 6))
    size = draw(st.integers(2, 8))
    chosen = draw(st.sets(st.integers(0, size - 1))) if reverse else set()
    source = text(
        low,
        high,
        size,
        method=draw(st.sampled_from(["sum", "mean"])),
        rule=draw(st.sampled_from(RULES)),
        reverse=tuple(sorted(chosen)),
    )
    cell = st.one_of(st.integers(low, high).map(float), st.just(np.nan))
    rows = draw(st.lists(st.lists(cell, min_size=size, max_size=size), min_size=1, max_size=6))
    return Made(CompiledInstrument(parse_instrument(source)), np.array(rows), low, high, size)


def total(case: Made, answers: np.ndarray) -> np.ndarray:
    return case.compiled.score(answers).scales["total"].score


@given(made())
def test_reversing_every_answer_and_every_key_leaves_the_score(case: Made):
    scale = case.compiled.instrument.scale("total")
    others = tuple(i for i in range(case.size) if f"q{i + 1}" not in scale.reverse)
    mirrored = CompiledInstrument(
        parse_instrument(
            text(case.low, case.high, case.size, method=scale.method, rule=RULES[0], reverse=others)
        )
    )

    scores = mirrored.score(case.low + case.high - case.complete).scales["total"].score

    np.testing.assert_allclose(scores, total(case, case.complete))


@given(made(reverse=False))
def test_mirrored_answers_mirror_the_score(case: Made):
    lowest, highest = case.compiled.instrument.scale("total").range

    mirrored = total(case, case.low + case.high - case.complete)

    np.testing.assert_allclose(mirrored, lowest + highest - total(case, case.complete))


@given(made(), st.randoms(use_true_random=False))
def test_permuting_people_permutes_results(case: Made, random):
    order = list(range(len(case.answers)))
    random.shuffle(order)

    np.testing.assert_array_equal(
        total(case, case.answers[order]), total(case, case.answers)[order]
    )


@given(made())
def test_without_missing_answers_every_missing_rule_gives_the_plain_score(case: Made):
    scale = case.compiled.instrument.scale("total")
    signs = np.array([-1 if code in scale.reverse else 1 for code in scale.items])
    mirrors = np.where(signs < 0, case.low + case.high, 0)
    plain = (case.complete * signs + mirrors).sum(axis=1)

    expected = plain / (case.size if scale.method == "mean" else 1)

    np.testing.assert_allclose(total(case, case.complete), expected)


@given(made())
def test_every_score_has_exactly_one_band_and_no_score_has_none(case: Made):
    columns = case.compiled.score(case.answers).scales["total"]
    starts = [
        -np.inf,
        *(b.start for b in case.compiled.instrument.scale("total").bands[0].bands[1:]),
    ]

    for score, band in zip(columns.score, columns.band, strict=True):
        if np.isnan(score):
            assert band == -1
        else:
            assert starts[band] <= score + 1e-9
            assert band == len(starts) - 1 or score < starts[band + 1]


@given(made())
def test_one_person_is_scored_as_in_a_cohort(case: Made):
    columns = case.compiled.score(case.answers).scales["total"]
    codes = case.compiled.instrument.item_codes

    for row, sheet in enumerate(case.answers):
        single = case.compiled.score_one(dict(zip(codes, sheet.tolist(), strict=True)))
        alone = single.scales["total"]
        assert number_text(np.nan if alone.score is None else alone.score) == number_text(
            columns.score[row]
        )
        assert alone.answered == columns.answered[row]
        assert alone.band == (
            columns.band_codes[columns.band[row]] if columns.band[row] >= 0 else None
        )


@given(made())
def test_an_instrument_survives_being_stored_and_read_again(case: Made):
    instrument = case.compiled.instrument

    again = parse_instrument(instrument.source.instrument)

    assert again.model_dump() == instrument.model_dump()
    assert again.content_hash == instrument.content_hash
