"""The file of wording is refused where it would hush a danger, blame, or tell a result."""

import re

import pytest

from app.instruments.problems import InstrumentError
from app.profiles.lint import find_banned, find_result
from app.profiles.wording import STANDARD_FILE, parse_wording, standard

TEXT = STANDARD_FILE.read_text(encoding="utf-8")


def without_rule(text: str, section: str, number: int) -> str:
    """The file without one rule of a list."""
    head, body = text.split(f"  {section}:\n", 1)
    rules = re.split(r"(?m)^(?=    - )", body)
    del rules[number + 1]
    return head + f"  {section}:\n" + "".join(rules)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    en: 'refused'\n", "", "“en” is missing here"),
        ("  refused:\n", "  refusedd:\n", "“refused” is missing here"),
        ("  refused:\n", "  refusedd:\n", "nothing says “refusedd”"),
        ("'≥ {value}'", "'≥ {number}'", "{number} cannot be filled here; possible: {value}"),
        ("en: '≥ {value}'", "en: 'many'", "both languages need the same braces: {value}"),
        ("'≥ {value}'", "'≥ {value.real}'", "the braces do not pair, or hold more than a word"),
        ("'≥ {value}'", "'≥ {value:d}'", "the braces do not pair, or hold more than a word"),
        ("'≥ {value}'", "'≥ {value'", "the braces do not pair, or hold more than a word"),
        ("when: [attention]", "when: [atention]", "“atention” is no fact here"),
        ("when: [fast]", "when: [fast, cutoff]", "danger comes first"),
        ("otherwise: true", "when: [words]", "something must always"),
        ("- when: [cutoff]", "- otherwise: true", "“otherwise” comes last in its list"),
        ("- when: [cutoff]", "- unless: [cutoff]", "say when: a rule without “when”"),
        ("作答不足，按计分规则不计分", "该患者作答不足", "“患者” names an illness"),
        ("'asked for support'", "'was diagnosed'", "“diagnosed” names an illness"),
        ("十分钟也算", "10 分钟也算", "“10” tells that somebody was measured"),
        ("Ten minutes count", "Your score counts", "“score” tells that somebody was measured"),
        ("version: '1.1.0'", "version: 1", "is no version"),
    ],
)
def test_what_is_refused_says_why_and_where(old, new, complaint):
    assert old in TEXT

    with pytest.raises(InstrumentError) as refused:
        parse_wording(TEXT.replace(old, new, 1), path="mine.yaml")

    assert complaint in str(refused.value)
    assert re.match(r"mine\.yaml:\d+:\d+: ", str(refused.value))


@pytest.mark.parametrize(
    ("section", "number", "complaint"),
    [
        ("steps", 1, "no rule asks “same_day”"),
        ("safety", 0, "no rule asks “critical”"),
        ("score", 0, "no rule asks “unscored”"),
    ],
)
def test_rule_whose_silence_would_hide_something_cannot_be_removed(section, number, complaint):
    with pytest.raises(InstrumentError, match=complaint):
        parse_wording(without_rule(TEXT, section, number))


def test_first_fitting_rule_of_a_list_speaks_alone():
    (said,) = standard().speak("scale_strengths", {"eased", "reliable", "below"})

    assert said.en == "{label} has clearly eased since the last time"


def test_otherwise_speaks_only_where_nothing_else_does():
    assert [said.en[:7] for said in standard().speak("steps", set())] == ["Nothing"]
    assert [said.en[:7] for said in standard().speak("steps", {"cutoff"})] == ["Arrange"]


@pytest.mark.parametrize("word", ["患者", "高危名单", "约谈", "诊断为", "a patient", "abnormal"])
def test_lint_finds(word):
    assert find_banned(f"这名学生{word}") is not None


@pytest.mark.parametrize(
    "said", ["仅为筛查参考，不能作为诊断依据", "this is not a diagnosis", "平时"]
)
def test_lint_leaves_be(said):
    assert find_banned(said) is None


@pytest.mark.parametrize("said", ["17 分", "困扰水平", "a moderate level", "above the cut-off"])
def test_results_are_found(said):
    assert find_result(said) is not None
