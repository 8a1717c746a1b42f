import pytest

from app.instruments import strict_yaml
from app.instruments.problems import InstrumentError, Problem


def read(text: str) -> tuple[object, list[str]]:
    problems: list[Problem] = []
    node = strict_yaml.read(text, "f.yaml", problems)
    return (node.plain() if node else None), [str(problem) for problem in problems]


def test_read_returns_plain_values():
    text = "a: 1\nb: -2.50\nc: true\nd: words here\ne: '012'\nf: [x, 'no', null]\n7: seven\n"

    value, problems = read(text)

    assert problems == []
    assert value == {
        "a": 1,
        "b": -2.5,
        "c": True,
        "d": "words here",
        "e": "012",
        "f": ("x", "no", None),
        7: "seven",
    }


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("no", "put a word in quotes"),
        ("YES", "put a word in quotes"),
        ("~", "put a word in quotes"),
        ("True", "put a word in quotes"),
        ("012", "remove the leading zero"),
        ("0x1F", "ordinary digits"),
        ("0o17", "ordinary digits"),
        ("12:30", "put a time in quotes"),
        ("12:30:45", "put a time in quotes"),
        ("2024-01-01", "put a date in quotes"),
        ("2024-01-01 10:00:00", "put a date in quotes"),
        (".nan", "not-a-number"),
        ("-.inf", "not-a-number"),
        ("NaN", "not-a-number"),
        ("1e3", "a plain number"),
        ("1_000", "a plain number"),
        ("+5", "a plain number"),
        ("5.", "a plain number"),
        (".5", "a plain number"),
        ("=", "write every key out"),
        ("1234567890123456", "at most 15 digits"),
    ],
)
def test_read_refuses_words_with_two_readings(written: str, mend: str):
    _, problems = read(f"a: 1\nb: {written}\n")

    assert len(problems) == 1
    assert problems[0].startswith("f.yaml:2:4: ")
    assert mend in problems[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "a: 1\na: 2\n",
            "f.yaml:2:1: “a” stands here a second time (first in line 1); keep one of the two.",
        ),
        ("a: &x 1\nb: *x\n", "f.yaml:1:4: remove the anchor &x; nothing may refer to it."),
        (
            "a: !!str 1\n",
            "f.yaml:1:4: remove the tag tag:yaml.org,2002:str; values have no tags here.",
        ),
        (
            "a: !!python/object:os.system x\n",
            "f.yaml:1:4: remove the tag "
            "tag:yaml.org,2002:python/object:os.system; values have no tags here.",
        ),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: only one document a file; remove the line “---”."),
        ("true: 1\n", "f.yaml:1:1: a key is one word or number; write it plainly."),
        ("? [a]\n: 1\n", "f.yaml:1:3: a key is one word or number; write it plainly."),
        ("", "f.yaml:1:1: the file is empty; write the instrument here."),
        ("# only a comment\n", "f.yaml:1:1: the file is empty; write the instrument here."),
        ("a: b\x00\n", "f.yaml:1:5: remove the control character; only printable text is allowed."),
        ("a: \ud800\n", "f.yaml:1:1: remove the half character (a lone surrogate)."),
    ],
)
def test_read_names_place_and_mend(text: str, problem: str):
    _, problems = read(text)

    assert problems[0] == problem


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 'b\n", "f.yaml:1:4: close the quote"),
        ("a:\n\t- b\n", "f.yaml:2:1: this line is indented with a tab"),
        ("a: [1, 2\n", "f.yaml:1:4: close the bracket"),
        ("a: b: c\n", "f.yaml:1:5: put text with a colon in quotes"),
        ("a\nb: 1\n", "f.yaml:2:2: put text with a colon in quotes"),
    ],
)
def test_read_reports_broken_punctuation_once(text: str, told: str):
    value, problems = read(text)

    assert value is None
    assert len(problems) == 1
    assert problems[0].startswith(told)


def test_read_collects_every_fault_of_a_file():
    _, problems = read("a: no\nb: 012\nb: .nan\n")

    assert [problem.split(":")[1] for problem in problems] == ["1", "2", "3", "3"]


def test_alias_bomb_is_refused_without_being_expanded():
    bomb = "a: &a [x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9)
    )

    _, problems = read(bomb)

    assert len(problems) == 10 + 81


def test_depth_is_limited():
    _, problems = read("[" * 1000)

    assert problems == ["f.yaml:1:21: this is nested deeper than 20 levels; make it flatter."]


def test_size_is_limited():
    with pytest.raises(InstrumentError, match="keep it under 262,144"):
        strict_yaml.decode(b"a" * (strict_yaml.MAX_BYTES + 1), "f.yaml")


def test_text_that_is_not_utf8_is_refused_with_its_place():
    with pytest.raises(InstrumentError) as caught:
        strict_yaml.decode("a: 1\nb: 心\n".encode("gbk"), "f.yaml")

    assert str(caught.value) == (
        "f.yaml:2:4: this is not UTF-8 text; save the file with the encoding UTF-8."
    )


def test_a_byte_order_mark_is_tolerated():
    assert strict_yaml.decode("\ufeffa: 1".encode(), "f.yaml") == "a: 1"
    assert read("\ufeffa: 1") == ({"a": 1}, [])
