"""Any scale sheet becomes YAML that reads back as the same scale, and its examples come out."""

import string
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.authoring.starter.arithmetic import bounds
from app.authoring.starter.examples import examples_text
from app.authoring.starter.sheet import (
    TOTAL,
    Band,
    Calling,
    Cutoff,
    Factor,
    Licence,
    Missing,
    Option,
    Question,
    ScaleSheet,
)
from app.authoring.starter.writing import instrument_text, scale_code
from app.instruments import strict_yaml, yaml_text
from app.instruments.loader import parse_instrument
from app.instruments.model import Instrument
from app.scoring import compile_instrument

LOCALES = ("zh_Hans", "en")
NASTY = [
    "yes",
    "否",
    "No",
    "12:30",
    "- a",
    "# b",
    "a: b",
    "问：答",
    "'",
    '"',
    "null",
    "1",
    "*x",
    "{",
    "1e3",
]
#: What a person may type in one line, and the words that YAML would take for something else.
lines = st.one_of(
    st.sampled_from(NASTY),
    st.text(
        st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=90
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool),
)
words = st.fixed_dictionaries(dict.fromkeys(LOCALES, lines))


def rows_of(values: list[int]) -> st.SearchStrategy[tuple[Option, ...]]:
    return st.tuples(*(words.map(lambda label, v=v: Option(v, label)) for v in values))


answer_rows = st.lists(st.integers(-3, 9), min_size=2, max_size=5, unique=True).flatmap(rows_of)


@st.composite
def sheets(draw: st.DrawFn) -> ScaleSheet:
    options = draw(answer_rows)
    questions = tuple(
        draw(
            st.lists(
                st.builds(Question, words, st.one_of(st.just(()), st.just(()), answer_rows)),
                min_size=1,
                max_size=8,
            )
        )
    )
    numbers = list(range(1, len(questions) + 1))
    some = st.lists(st.sampled_from(numbers), min_size=1, unique=True).map(sorted).map(tuple)
    method = draw(st.sampled_from(["sum", "mean"]))
    times = st.sampled_from([Fraction(1), Fraction(2), Fraction(5, 4)])
    bare = ScaleSheet(
        code="sample",
        version="0.1.0",
        languages=LOCALES,
        title=draw(words),
        student_title={"zh_Hans": "最近的感受", "en": "How you have felt"},
        recall=draw(words),
        instructions=draw(words),
        informant=draw(st.sampled_from(["self", "guardian", "teacher"])),
        ages=(draw(st.integers(6, 12)), draw(st.one_of(st.none(), st.integers(13, 25)))),
        licence=Licence("ask_permission", draw(lines), draw(lines), "2026-03-01", draw(lines)),
        citation=draw(lines),
        population=draw(lines),
        wording=dict.fromkeys(LOCALES, "established"),
        options=options,
        questions=questions,
        method=method,
        multiply=draw(times) if method == "sum" else Fraction(1),
        missing=draw(
            st.one_of(
                st.just(Missing("refuse")),
                st.integers(1, 100).map(lambda share: Missing("others", share)),
            )
        ),
        higher_is=draw(st.sampled_from(["worse", "better", "neither"])),
        reverse=frozenset(draw(st.lists(st.sampled_from(numbers)))),
        factors=tuple(draw(st.lists(st.builds(Factor, words, some), max_size=3))),
        figures_source=draw(lines),
        calling=tuple(_calling(draw, n, questions[n - 1].options or options) for n in numbers[:1]),
        cleared=tuple((n, "Asked and found harmless") for n in numbers[1:]),
    )
    return _with_figures(draw, bare)


def _calling(draw: st.DrawFn, number: int, options: tuple[Option, ...]) -> Calling:
    answers = draw(st.lists(st.sampled_from([o.value for o in options]), min_size=1, unique=True))
    return Calling(number, tuple(answers), draw(st.sampled_from(["fast", "same_day", None])))


def _with_figures(draw: st.DrawFn, sheet: ScaleSheet) -> ScaleSheet:
    lowest, highest = map(float, bounds(sheet, TOTAL))
    middle = (lowest + highest) // 2
    if not lowest < middle < highest or not draw(st.booleans()):
        return sheet
    labels = draw(st.tuples(words, words))
    has_bands = sheet.method == "sum" and all(
        [o.value for o in row] == list(range(row[0].value, row[0].value + len(row)))
        for row in [sheet.options, *(q.options for q in sheet.questions if q.options)]
    )
    return ScaleSheet(
        **(
            vars(sheet)
            | {
                "bands": (
                    Band(TOTAL, lowest, middle - 1, labels[0]),
                    Band(TOTAL, middle, highest, labels[1]),
                )
                if has_bands and middle > lowest
                else (),
                "cutoffs": (Cutoff(TOTAL, middle),),
            }
        )
    )


@given(sheets())
@settings(max_examples=20, deadline=None)
def test_sheet_comes_back_from_its_text_and_its_examples_come_out(sheet: ScaleSheet) -> None:
    read = parse_instrument(instrument_text(sheet), examples=examples_text(sheet))

    compile_instrument(read)
    assert [(i.text.root, _rows(i.options)) for i in read.items if i.text] == [
        (q.text, [(o.value, o.label) for o in q.options or sheet.options]) for q in sheet.questions
    ]
    assert [_scale(read, scale_code(sheet, target)) for target in sheet.targets] == [
        (
            [f"q{n}" for n in sheet.members(target)],
            {f"q{n}" for n in sheet.members(target)} & {f"q{n}" for n in sheet.reverse},
            tuple(pytest.approx(float(end)) for end in bounds(sheet, target)),
        )
        for target in sheet.targets
    ]
    assert read.title.root == sheet.title
    assert [band.label.root for s in read.scales for e in s.bands for band in e.bands] == [
        band.label for band in sheet.bands
    ]


data = st.recursive(
    st.one_of(lines, st.integers(-999, 999), st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(string.ascii_lowercase, min_size=1), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.dictionaries(lines, data, min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_written_data_is_read_back_unchanged(written: dict[str, object]) -> None:
    problems: list = []

    root = strict_yaml.read(yaml_text.write(written), "f.yaml", problems)

    assert problems == []
    assert root is not None
    assert root.plain() == written


def _rows(options: tuple) -> list[tuple[float, dict[str, str]]]:
    return [(option.value, option.label.root) for option in options]


def _scale(read: Instrument, code: str) -> tuple[list[str], set[str], tuple[float, float]]:
    scale = read.scale(code)
    return list(scale.items), set(scale.reverse), scale.range
