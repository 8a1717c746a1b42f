"""Forty mistakes that people make: each is told at its line, with its mend, in both languages."""

from dataclasses import dataclass
from functools import cache

import pytest
from babel.messages.pofile import read_po

from app.authoring.blank import blank_files
from app.authoring.checking import check_files
from app.authoring.domain import Files
from app.config import ROOT
from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE
from app.instruments.problems import Problem

BANDS = """\
    bands:
      - set: ours
        source: Our own work
        population: Nobody yet
        bands:
          - {code: low, from: 0, to: 2, label: {zh_Hans: 较低, en: low}}
          - {code: high, from: 3, to: 4, label: {zh_Hans: 较高, en: high}}
"""
CUTOFF = """\
    cutoffs:
      - {set: ours, at_least: 3, source: Us, population: All, meaning: {zh_Hans: 建议, en: a talk}}
"""
HARM = "text: {zh_Hans: 我想过伤害自己, en: I have thought of hurting myself}\n    options: often\n"
PICTURE = "    image: {file: images/moon.png, description: {zh_Hans: 月亮, en: A moon}}\n"
TIRED = "text: {zh_Hans: 我觉得累, en: I have felt tired}\n    options: often\n"
LAST = "    higher_is: worse\n"


@dataclass(frozen=True)
class Mistake:
    """`old` in the blank questionnaire became `new`; the line and words that tell about it."""

    name: str
    old: str
    new: str
    line: int
    words: str
    file: str = INSTRUMENT_FILE


MISTAKES = (
    Mistake("tab", "  terms: free", "\tterms: free", 13, "a tab"),
    Mistake("indent", "  statement: Written", "   statement: Written", 14, "indent"),
    Mistake("list indent", "  - code: q2\n", "   - code: q2\n", 36, "list entries"),
    Mistake(
        "twice", "version: '1.0.0'\n", "version: '1.0.0'\nversion: '1.0.1'\n", 5, "second time"
    ),
    Mistake("near word", "    method: sum", "    methid: sum", 43, "write “method”"),
    Mistake("far word", "citation: Our", "zzzz: Our", 16, "“zzzz”"),
    Mistake("no items", "items: ", "itmes: ", 32, "write “items”"),
    Mistake("Chinese colon", "citation: Our", "citation：Our", 16, "Chinese colon"),
    Mistake("Chinese comma", "{from: 12, to: 18}", "{from: 12，to: 18}", 10, "Chinese punctuation"),
    Mistake("full-width digit", "{from: 12,", "{from: \uff11\uff12,", 10, "full-width"),
    Mistake(
        "yes",
        "    options: often\n\n",
        "    options: often\n    scored: yes\n\n",
        39,
        "true or false",
    ),
    Mistake("misplaced", "languages:", "scored: true\nlanguages:", 9, "another part"),
    Mistake("nan", "range: [0, 4]", "range: [0, .nan]", 47, "ordinary number"),
    Mistake("colon in text", "statement: Written by us.", "statement: Note: ours", 14, "colon"),
    Mistake("no space", "terms: free", "terms:free", 13, "space"),
    Mistake("open quote", "version: '1.0.0'", "version: '1.0.0", 4, "quote"),
    Mistake("open bracket", "languages: [zh_Hans, en]", "languages: [zh_Hans, en", 9, "bracket"),
    Mistake("no version", "version: '1.0.0'\n", "", 3, "“version” is missing"),
    Mistake("short version", "version: '1.0.0'", "version: '1.0'", 4, "three numbers"),
    Mistake("bare version", "version: '1.0.0'", "version: 1.0", 4, "in quotes"),
    Mistake("code", "code: my_scale ", "code: My-Scale ", 3, "lower-case"),
    Mistake("no such terms", "terms: free_no_permission", "terms: free", 13, "free_no_permission"),
    Mistake("option word", "{value: 2,", "{value: 经常,", 30, "number"),
    Mistake("option twice", "{value: 2,", "{value: 1,", 30, "twice"),
    Mistake("option set", "options: often\n\n", "options: oftn\n\n", 38, "option set"),
    Mistake("no English", "en: I have felt tired", "de: müde", 37, "missing in en"),
    Mistake("telling title", "zh_Hans: 最近的状态", "zh_Hans: 抑郁筛查", 7, "neutral"),
    Mistake("item unknown", "items: q1..q2", "items: [q1, q3]", 44, "q3"),
    Mistake("run unknown", "items: q1..q2", "items: q1..q9", 44, "q1..q9"),
    Mistake("reverse", "reverse: [q1] ", "reverse: [q7] ", 45, "q7"),
    Mistake("no rule", "    missing: {rule: refuse}\n", "", 41, "“missing” is missing"),
    Mistake("rule half", "{rule: refuse}", "{rule: prorate}", 46, "at_least"),
    Mistake("range", "range: [0, 4]", "range: [0, 10]", 47, "0 to 4"),
    Mistake("gap", LAST, LAST + BANDS.replace("from: 3", "from: 4"), 54, "score 3"),
    Mistake("overlap", LAST, LAST + BANDS.replace("from: 3", "from: 2"), 55, "inside"),
    Mistake("cut-off", LAST, LAST + CUTOFF.replace("3,", "9,"), 50, "everybody or nobody"),
    Mistake("harm", TIRED, HARM, 37, "“hurting myself”"),
    Mistake(
        "not refused",
        TIRED,
        HARM + "    critical: [{answers: [2], lane: fast}]\n",
        39,
        "refused",
    ),
    Mistake("never shown", TIRED, TIRED + "    show_when: q1 > 5\n", 39, "no answers ever"),
    Mistake("no picture", TIRED, TIRED + PICTURE, 39, "no file images/moon.png here"),
    Mistake("picture elsewhere", TIRED, TIRED + PICTURE.replace("images/", "../"), 39, "beside"),
    Mistake("drawing", TIRED, TIRED + PICTURE.replace("png", "svg"), 39, "PNG, JPEG or WebP"),
    Mistake("no words", TIRED, TIRED + PICTURE.replace("zh_Hans: 月亮, ", ""), 39, "missing in zh"),
    Mistake("old recording", TIRED, TIRED + "    audio: {en: a/q.wav}\n", 39, "MP3 or M4A"),
    Mistake("wrong sum", "scores: {total: 4}", "scores: {total: 3}", 15, "not 3", EXAMPLES_FILE),
    Mistake("wide hash", "# 题目", "＃ 题目", 32, "ordinary “#”"),
    Mistake("wide dash", "  - code: q2", "  － code: q2", 36, "ordinary minus"),
    Mistake("bullet", "  - code: q2", "  • code: q2", 36, "ordinary minus"),
    Mistake("dash alone", "  - code: q2", "  -code: q2", 36, "ordinary minus"),
    Mistake("no dash", "  - code: q2", "    code: q2", 36, "put “- ” before it"),
    Mistake("twins", "code: q2", "code: q1", 36, "used twice"),
    Mistake("dashed run", "items: q1..q2", "items: q1-q2", 44, "q1..q2"),
    Mistake("Chinese space", "  terms: free", "\u3000terms: free", 13, "ordinary space"),
    Mistake("space of the web", "  terms: free", "\xa0\xa0terms: free", 13, "ordinary space"),
    Mistake("space behind", "terms: free", "terms:\u3000free", 13, "ordinary space"),
    Mistake("invisible", "terms: free", "\u200bterms: free", 13, "invisible"),
    Mistake("mark inside", "items: ", "\ufeffitems: ", 32, "invisible"),
    Mistake("control", "我觉得累", "我觉得\x0b累", 37, "control character"),
    Mistake("quoted half", "en: I have felt", "en: 'Tired' I have felt", 37, "all of it in quotes"),
    Mistake("number sign", "en: I have felt tired", "en: I am #1", 37, "begins a comment"),
    Mistake("sign", "citation: Our own work", "citation: %50 of us", 16, "put the text in quotes"),
    Mistake("word for number", "{value: 2,", "{value: 二,", 30, "a number"),
    Mistake("number as text", "{value: 2,", "{value: '2',", 30, "a number"),
    Mistake("years", "{from: 12, to", "{from: 12岁, to", 10, "a whole number"),
    Mistake("rule in Chinese", "method: sum", "method: 求和", 43, "use one of: sum"),
    Mistake("alias", "citation: Our", "citation: *our", 16, "instead of the alias"),
    Mistake("code in Chinese", "code: q2", "code: 题2", 36, "lower-case letters"),
    Mistake("short language", "[zh_Hans, en]", "[zh, en]", 9, "zh_Hans instead of zh"),
    Mistake("of another", "instrument: my_scale", "instrument: phq9", 3, "another", EXAMPLES_FILE),
    Mistake("no list", "answers: [0, 2]", "answers: 0 2", 13, "“answers”", EXAMPLES_FILE),
    Mistake("too few", "answers: [0, 2]", "answers: [0]", 13, "1 answers for 2", EXAMPLES_FILE),
    Mistake("no answer", "answers: [0, 2]", "answers: [0, 7]", 13, "with 7", EXAMPLES_FILE),
    Mistake("end of the file", "items:     ", "...\nitems:     ", 32, "remove this line"),
    Mistake("curly code", "code: my_scale  ", "code: “my_scale”", 3, "Chinese quotes"),
    Mistake("curly key", "version: '1", "“version”: '1", 4, "Chinese quotes"),
    Mistake("curly text", "我觉得累", "“我觉得累”", 37, "around “我觉得累”"),
    Mistake("long question", "我觉得累", "累" * 3_000, 37, "3000 letters"),
    Mistake("longest question", "我觉得累", "累" * 4_001, 37, "under 4000 letters"),
    Mistake("long answer", "zh_Hans: 有时", "zh_Hans: " + "有" * 301, 29, "keep it under 300"),
    Mistake("long title", "zh_Hans: 最近的状态", "zh_Hans: " + "最" * 201, 7, "keep it under 200"),
)


@cache
def blank() -> Files:
    return blank_files("睡眠小问卷")


def faults(mistake: Mistake) -> list[Problem]:
    """What is told about the blank questionnaire with the mistake in it."""
    text = blank()[mistake.file]
    assert mistake.old in text
    return list(
        check_files({**blank(), mistake.file: text.replace(mistake.old, mistake.new, 1)}).problems
    )


@cache
def _chinese() -> dict[str, str]:
    path = ROOT / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return {entry.id: entry.string for entry in read_po(file) if isinstance(entry.id, str)}


def test_the_blank_questionnaire_is_in_order() -> None:
    assert check_files(blank()).problems == []


def test_there_are_forty_and_no_two_alike() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) >= 40


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_at_its_line_with_its_mend(mistake: Mistake) -> None:
    told = [(one.path, one.line) for one in faults(mistake) if mistake.words in one.message]

    assert told == [(mistake.file, mistake.line)]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_files_of_other_systems_are_in_order(ends: str) -> None:
    files = {name: "\ufeff" + text.replace("\n", ends) for name, text in blank().items()}

    assert check_files(files).problems == []


def test_chinese_quotes_in_ordinary_ones_and_inside_a_text_are_letters() -> None:
    text = blank()[INSTRUMENT_FILE].replace("我觉得累", "'“累”'").replace("我睡得好", "“好”和“坏”")

    assert check_files({**blank(), INSTRUMENT_FILE: text}).problems == []


def test_a_long_passage_to_be_read_is_in_order() -> None:
    passage = f"  - {{code: story, kind: info, text: {{zh_Hans: {'长' * 3_000}, en: A story}}}}\n"
    text = blank()[INSTRUMENT_FILE].replace("  - code: q1\n", f"{passage}  - code: q1\n", 1)

    assert check_files({INSTRUMENT_FILE: text}).problems == []


def test_faces_and_joined_faces_are_letters() -> None:
    text = blank()[INSTRUMENT_FILE].replace("我觉得累", "我觉得累😴👨\u200d👩\u200d👧")

    assert check_files({**blank(), INSTRUMENT_FILE: text}).problems == []


@pytest.mark.parametrize("read_as", ["latin-1", "utf-8"])
def test_a_file_read_in_the_wrong_encoding_is_told(read_as: str) -> None:
    text = blank()[INSTRUMENT_FILE].encode("gbk").decode(read_as, "replace")

    told = check_files({INSTRUMENT_FILE: text.replace("\x85", "")}).problems

    assert any("wrong encoding" in problem.message for problem in told)


@pytest.mark.parametrize("pasted", ["睡眠问卷\n1. 我睡得好\n", "<html><body>hi</body></html>"])
def test_what_is_no_questionnaire_is_told_how_to_begin(pasted: str) -> None:
    (told,) = check_files({INSTRUMENT_FILE: pasted}).problems

    assert "begin with a line" in told.message


def test_a_bomb_of_aliases_is_told_and_not_lit() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{after}: &{after} [{', '.join(['*' + before] * 9)}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )

    told = {problem.line for problem in check_files({INSTRUMENT_FILE: bomb}).problems}

    assert set(range(1, 10)) <= told


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_in_chinese_too(mistake: Mistake) -> None:
    for problem in faults(mistake):
        said = problem.message.within(lambda template: _chinese().get(template) or template)

        assert any("一" <= letter <= "鿿" for letter in said), said
        assert "{" not in said.replace("{zh_Hans", "")
