"""Instruments spoiled in hundreds of ways: every one is refused, with its place and its mend."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.instruments.loader import InstrumentError, load_instrument, parse_instrument
from app.instruments.strict_yaml import MAX_BYTES
from app.scoring import compile_instrument

LIBRARY = Path(__file__).parents[2] / "instruments"
PHQ9, ASQ, SDQ = (
    (LIBRARY / code / "instrument.yaml").read_text(encoding="utf-8")
    for code in ("phq9", "asq", "sdq")
)
EXAMPLES = {
    code: (LIBRARY / code / "examples.yaml").read_text(encoding="utf-8")
    for code in ("phq9", "asq", "sdq")
}
OWN_KEY = re.compile(r"^( *)(?!- )[a-z_]+:(?: .*)?$")
NUMBER = re.compile(r"(?<=[ \[])-?[0-9]+(?=[,}\]\n])")


def doubled_keys(text: str) -> Iterator[str]:
    """Every key of the file that stands alone in its line, a second time."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        inside = line.strip() and not line.lstrip().startswith("#") and OWN_KEY.match(line)
        if inside and not line.endswith((">-", ":")):
            yield "\n".join([*lines[: index + 1], line, *lines[index + 1 :]])


def spoiled_numbers(text: str) -> Iterator[str]:
    """Every number of the scales made something that is none."""
    scales = text.index("\nscales:")
    for count, found in enumerate(NUMBER.finditer(text, scales)):
        if "source:" in text[text.rfind("\n", 0, found.start()) : found.start()]:
            continue
        word = (".nan", "-.inf", "0o7", "1_0", "1e2", "x", "yes", "12:30")[count % 8]
        yield text[: found.start()] + word + text[found.end() :]


def shifted_bands(text: str) -> Iterator[str]:
    """Every edge of a band one too high or too low: gaps, overlaps, ends left open."""
    for found in re.finditer(r"^ {12}(from|to): ([0-9]+)$", text, re.MULTILINE):
        for shift in (-1, 1):
            shifted = str(int(found[2]) + shift)
            yield text[: found.start(2)] + shifted + text[found.end(2) :]


def misspelt_keys(text: str) -> Iterator[str]:
    """Every kind of key misspelt once, and every obligatory one left out."""
    keys = re.findall(r"(?:^ *(?:- )?|[{,] ?)([a-z_]+): ", text, re.MULTILINE)
    for key in dict.fromkeys(keys):
        yield re.sub(rf"(?<=[ {{\n]){key}: ", f"{key}x: ", text, count=1)
    for line in re.findall(r"^[a-z_]+: .*\n", text, re.MULTILINE):
        if not line.startswith(("informant", "ages", "notes")):
            yield text.replace(line, "", 1)


def replaced(text: str, pairs: list[tuple[str, str]]) -> Iterator[str]:
    for old, new in pairs:
        assert old in text, old
        yield text.replace(old, new, 1)


WRONG_MEANINGS = [
    ("items: q1..q9", "items: q1..q19"),
    ("items: q1..q9", "items: [q1, q2, q1]"),
    ("items: q1..q9", "items: []"),
    ("items: q1..q9", "scales: [total]"),
    ("items: q1..q9", "scales: [algorithm]\n    reverse: [q1]"),
    ("method: sum", "method: count"),
    ("method: sum", "method: expression"),
    ("method: sum", "method: weighted_sum"),
    ("method: sum", "method: rules"),
    ("rule: prorate", "rule: zero"),
    ("at_least: 7", "at_least: 0"),
    ("at_least: 7", "at_least: 10"),
    ("at_least: 7, round: half_up", "at_least: 7"),
    ("{rule: prorate, at_least: 7, round: half_up}", "{}"),
    ("    missing: {rule: prorate, at_least: 7, round: half_up}\n", ""),
    ("range: [0, 27]", "range: [0, 36]"),
    ("range: [0, 27]", "range: [27, 0]"),
    ("range: [0, 27]", "range: [0, 27, 54]"),
    ("at_least: 10", "at_least: 0"),
    ("at_least: 10", "at_least: 28"),
    ("at_least: 10", "at_least: 10\n        at_most: 12"),
    ("answers: [2, 3]", "answers: [4]"),
    ("answers: [2, 3]", "answers: []"),
    ("answers: [1, refused]", "answers: [1]"),
    ("lane: fast", "lane: slow"),
    ("{value: 1,", "{value: 0,"),
    ("{value: 1,", "{value: one,"),
    ("options: frequency", "options: often"),
    ("options: frequency", "options: [{value: 0}]"),
    ("options: frequency", "options: frequency\n    show_when: q2 >= 1"),
    ("options: frequency", "options: frequency\n    show_when: total >= 1"),
    ("options: frequency", "options: frequency\n    kind: date"),
    ("options: frequency", "options: frequency\n    hidden_counts_as: 0"),
    ("options: frequency", "options: frequency\n    image: {file: ../x.png, description: {en: x}}"),
    ("code: q2", "code: q1"),
    ("code: q2", "code: Q2"),
    ("code: q2", "code: q2\n    show_when: q1 > 5"),
    ("code: q2", "code: q2\n    show_when: q1 == 1 and q1 == 2"),
    ("code: q2", "code: q2\n    show_when: q2 == 1"),
    ("code: algorithm", "code: total"),
    ("最近两周的感受", "抑郁筛查"),
    ("How you felt in the last two weeks", "Depression screening"),
    ("languages: [zh_Hans, en]", "languages: [zh_Hans, en, fr]"),
    ("languages: [zh_Hans, en]", "languages: [zh_Hans]"),
    ("languages: [zh_Hans, en]", "languages: []"),
    ("    text:\n      zh_Hans: 有不如死掉或用某种方式伤害自己的念头\n", "    text:\n"),
    ("      - set: richardson_2010\n", "      - "),
    ("source: Richardson and others", "population: Richardson and others"),
    ("higher_is: worse", "higher_is: bad"),
    ("version: '1.0.0'", "version: '1.0'"),
    ("version: '1.0.0'", "version: 1.0"),
    ("otherwise: true", "when: q1 > 0"),
    ("otherwise: true", "otherwise: false"),
    ("band: other", "band: major"),
]  # fmt: skip
EXPRESSIONS = [
    *r"""q1 >
q1 >= 
>= 2
q1 = 2
q1 => 2
q1 >= 2 &&
q1 >= 2 >= 1
q1 and q2
q1 + 2
q99 >= 1
q9.total >= 1
total >= 1
sum(q1..q99) > 1
sum() > 1
max > 1
q1..q9 > 1
9**9**9 > 1
__import__('os')
q1.__class__ == 1
lambda: 1
[q1] == 1
q1 in q2
q1 in [q2]
q1 in []
'a' * 10 > 1
eval(1) > 1
not not not q1 > 1
reaches(total, huge)
risen(total)
chosen(q1, 1)
if(q1 > 1, 2) > 1
q1 > 1; q2 > 1
q1 > 1 # comment
q1 ≥ 2
true
1
abs(q1, q2) > 1
value_or(q1) > 1
count(q1) > 1
any(q1..q9)
q1 > 1)
((q1 > 1)
q1 > 0x1F
q1 > 1e9
q1 > .5.5
q1 > 1 if q2
total.band.x > 1
previous.total > 1
q1 ** 2 > 1
q1 // 2 > 1
q1 % 2 > 1
-(q1 > 1) > 0
q1 not 1
q1 is 1
{{ q1 }}
{% if q1 %}
${q1}
`q1`
""".splitlines(),
    "(" * 60 + "q1" + ")" * 60 + " > 1",
    "q1 > 1 or " * 300 + "q1 > 1",
    "sum(" * 20 + "q1" + ")" * 20 + " + (q1 > 1) > 1",
    "q1\x00 > 1",
]
EXAMPLE_FAULTS = [
    ("scores: {total: 4,", "scores: {total: 5,"),
    ("bands: {total: minimal,", "bands: {total: mild,"),
    ("bands: {total: minimal,", "bands: {total: tiny,"),
    ("flags: [cutoff_total]", "flags: []"),
    ("flags: [cutoff_total]", "flags: [cutoff_sum]"),
    ("flags: [critical_q9, cutoff_total]", "flags: [cutoff_total]"),
    ("answers: [0, 0, 0, 0, 0, 0, 0, 0, 0]", "answers: [0, 0, 0]"),
    ("answers: [0, 0, 0, 0, 0, 0, 0, 0, 0]", "answers: [0, 0, 0, 0, 0, 0, 0, 0, 4]"),
    ("answers: [0, 0, 0, 0, 0, 0, 0, 0, 0]", "answers: {q10: 1}"),
    ("answers: [0, 0, 0, 0, 0, 0, 0, 0, 0]", "answers: {all: yes}"),
    ("answers: [0, 0, 0, 0, 0, 0, 0, 0, 0]", "answers: 0"),
    ("scores: {total: 4,", "scores: {sum: 4,"),
    ("source: Sum worked out by hand", "sources: Sum worked out by hand"),
    ("examples:", "example:"),
]
STRUCTURES = {
    "nothing": "",
    "a comment": "# PHQ-9\n",
    "a list": "- phq9\n",
    "a word": "phq9\n",
    "two documents": PHQ9 + "---\n" + PHQ9,
    "alias bomb": "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50)),
    "alias": PHQ9.replace("options: frequency", "options: *x", 1),
    "anchor": PHQ9.replace("total\n    title:", "total\n    title: &x", 1),
    "tag": PHQ9.replace("code: phq9", "code: !!str phq9"),
    "python tag": PHQ9.replace("code: phq9", "code: !!python/object/apply:os.system ['true']"),
    "merge key": PHQ9.replace("code: phq9", "<<: {code: phq9}"),
    "deep nesting": "a: " + "[" * 5000,
    "deep mapping": "".join(" " * n + "a:\n" for n in range(100)),
    "five megabytes": PHQ9 + "# " + "x" * 5_000_000,
    "just too large": PHQ9 + "#" * MAX_BYTES,
    "long number": PHQ9.replace("at_least: 10", "at_least: " + "9" * 4000),
    "long text": PHQ9.replace("How you felt in the last two weeks", "x" * 5000),
    "tab": PHQ9.replace("  - code: q1", "\t- code: q1"),
    "open quote": PHQ9.replace("version: '1.0.0'", "version: '1.0.0"),
    "open bracket": PHQ9.replace("range: [0, 27]", "range: [0, 27"),
    "half a file": PHQ9[: len(PHQ9) // 2],
    "half a line": PHQ9[:-30],
    "control character": PHQ9.replace("PHQ-9", "PHQ\x07-9", 1),
    "nul": PHQ9.replace("PHQ-9", "PHQ\x00-9", 1),
    "lone surrogate": PHQ9.replace("PHQ-9", "PHQ\ud800-9", 1),
    "wrong indentation": PHQ9.replace("    method: sum", "   method: sum"),
    "circular scales": SDQ.replace("items: [q3, q8, q13, q16, q24]", "scales: [total]"),
    "unknown scale": SDQ.replace("hyperactivity, peer]", "hyperactivity, friends]"),
    "five hundred items": PHQ9.replace("  - code: q1\n", "  - codes: q1..q9999\n"),
}  # fmt: skip
WRONG_ENCODINGS = {
    "gbk": PHQ9.encode("gbk"),
    "utf-16": PHQ9.encode("utf-16"),
    "utf-32": PHQ9.encode("utf-32"),
    "latin-1": b"title: \xe9\n",
    "cut in the middle of a character": PHQ9.encode()[: PHQ9.encode().index("患".encode()) + 1],
}


def mutants() -> Iterator[tuple[str, str, str | None]]:
    """Yield a name, the instrument text and the examples of every spoiled instrument."""
    for maker in (doubled_keys, spoiled_numbers, shifted_bands, misspelt_keys):
        for number, text in enumerate(maker(PHQ9)):
            yield f"{maker.__name__} {number}", text, EXAMPLES["phq9"]
    for number, text in enumerate(replaced(PHQ9, WRONG_MEANINGS)):
        yield f"meaning {WRONG_MEANINGS[number][1][:40]}", text, EXAMPLES["phq9"]
    for expression in EXPRESSIONS:
        quoted = expression.replace("'", "''")
        text = ASQ.replace("when: any(q1..q4 in [1, 2])\n", f"when: '{quoted}'\n")
        yield f"expression {expression[:30]}", text, EXAMPLES["asq"]
    for number, examples in enumerate(replaced(EXAMPLES["phq9"], EXAMPLE_FAULTS)):
        yield f"example {number}", PHQ9, examples
    for name, text in STRUCTURES.items():
        yield name, text, EXAMPLES["sdq" if "scale" in name else "phq9"]


ALL = list(mutants())


def test_there_are_three_hundred_of_them():
    assert len({(text, examples) for _, text, examples in ALL}) >= 300


@pytest.mark.parametrize(("text", "examples"), [m[1:] for m in ALL], ids=[m[0] for m in ALL])
def test_a_spoiled_instrument_is_refused_with_its_place_and_its_mend(text: str, examples: str):
    with pytest.raises(InstrumentError) as caught:
        compile_instrument(parse_instrument(text, examples=examples, path="x/instrument.yaml"))

    assert caught.value.problems
    for problem in caught.value.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message.endswith(".")
        assert len(problem.message) > 20
        assert "Input should be" not in problem.message


@pytest.mark.parametrize("data", WRONG_ENCODINGS.values(), ids=WRONG_ENCODINGS.keys())
def test_a_file_in_another_encoding_is_refused(tmp_path: Path, data: bytes):
    folder = tmp_path / "phq9"
    folder.mkdir()
    (folder / "instrument.yaml").write_bytes(data)

    with pytest.raises(InstrumentError) as caught:
        load_instrument(folder)

    assert caught.value.problems[0].line >= 1
