"""What is typed into the form becomes a scale, and what cannot be read is named with its line."""

import pytest

from app.authoring.starter.examples import examples_text
from app.authoring.starter.fields import read_fields
from app.authoring.starter.numbers import NotNumbersError, read_numbers
from app.authoring.starter.sheet import Band, Calling, Cutoff, ScaleSheet
from app.authoring.starter.writing import instrument_text
from app.instruments.loader import parse_instrument
from app.scoring import compile_instrument

FILLED = {
    "code": "my_sleep",
    "english": "",
    "title_zh": "睡眠小问卷",
    "student_title_zh": "最近睡得怎么样",
    "recall_zh": "最近一周",
    "instructions_zh": "请选出最符合你的一项。",
    "informant": "self",
    "age_from": "１２",
    "age_to": "18",
    "terms": "ask_permission",
    "holder": "某某大学",
    "granted_by": "某某教授",
    "granted_on": "2026-03-01",
    "reference": "邮件，编号 12",
    "citation": "某某 2020",
    "population": "初中生",
    "wording_zh": "original",
    "options": "0 没有\n1：有时\n２ 经常\n",
    "questions_zh": "我睡得好\n\n我很难入睡\n我夜里醒来\n我白天很困",
    "reverse": "1",
    "factors": "睡眠质量：1、2-3\n白天: 4",
    "has_total": "y",
    "method": "sum",
    "missing": "others",
    "missing_share": "75％",
    "higher_is": "worse",
    "bands": "0-3 较低\n4～8：较高\n白天: 0-1 低\n白天: 2 高",
    "cutoffs": "≥ 5",
    "figures_source": "某某 2020",
    "same_day": "4: 2",
    "attention": "3: 1-2",
}


def read(**changes: str) -> ScaleSheet:
    sheet, problems = read_fields(FILLED | changes)
    assert problems == []
    assert sheet is not None
    return sheet


def faults(**changes: str) -> list[tuple[str, int | None, str]]:
    sheet, problems = read_fields(FILLED | changes)
    assert sheet is None
    return [(problem.name, problem.line, str(problem)) for problem in problems]


def test_fields_become_a_sheet() -> None:
    sheet = read()

    assert sheet.ages == (12, 18)
    assert [option.value for option in sheet.options] == [0, 1, 2]
    assert sheet.options[1].label == {"zh_Hans": "有时"}
    assert len(sheet.questions) == 4
    assert [factor.questions for factor in sheet.factors] == [(1, 2, 3), (4,)]
    assert sheet.missing.share == 75
    assert sheet.bands[1] == Band(None, 4, 8, {"zh_Hans": "较高"})
    assert sheet.bands[3] == Band(1, 2, 2, {"zh_Hans": "高"})
    assert sheet.cutoffs == (Cutoff(None, 5),)
    assert sheet.calling == (Calling(4, (2,), "same_day"), Calling(3, (1, 2)))


def test_the_text_is_checked_and_its_examples_reach_everything() -> None:
    sheet = read()

    instrument = parse_instrument(instrument_text(sheet), examples=examples_text(sheet))

    compile_instrument(instrument)
    assert instrument.scale("total").reverse == ("q1",)
    assert instrument.scale("factor_2").items == ("q4",)
    assert instrument.licence.statement == "Permission given on 2026-03-01 (邮件，编号 12)."
    assert "某某教授" not in instrument_text(sheet)
    assert sheet.licence.proof == "某某教授\n2026-03-01\n邮件，编号 12"
    assert instrument.item("q4").critical[0].answers == (2, "refused")


@pytest.mark.parametrize(
    ("times", "range_", "scores"),
    [("1.25", (0, 10), [2, 7]), ("×２", (0, 16), [4, 12])],
)
def test_a_sum_becomes_a_standard_score(times: str, range_, scores: list[int]) -> None:
    sheet = read(multiply=times, factors="", bands="", cutoffs="≥ 6")

    instrument = parse_instrument(instrument_text(sheet), examples=examples_text(sheet))

    compile_instrument(instrument)
    assert instrument.scale("total").range == range_
    found = [example.expect.scores["total"] for example in instrument.examples]
    assert found[:2] == scores


def test_a_standard_score_is_a_number_of_a_sum() -> None:
    assert [name for name, *_ in faults(multiply="much")] == ["multiply"]
    assert [name for name, *_ in faults(multiply="2", method="mean", bands="", cutoffs="")] == [
        "multiply"
    ]


@pytest.mark.parametrize("has_total", ["y", ""])
def test_positive_items_are_counted_beside_the_scores(has_total: str) -> None:
    sheet = read(positive_from="≥ 1", reverse="", bands="", cutoffs="", has_total=has_total)

    instrument = parse_instrument(instrument_text(sheet), examples=examples_text(sheet))

    compile_instrument(instrument)
    assert instrument.scale("positive_items").endorsed == {"all": (1, 2)}
    found = [example.expect.scores["positive_items"] for example in instrument.examples]
    assert found[:2] == [0, len(sheet.questions)]
    assert None in found


@pytest.mark.parametrize(
    ("value", "reverse"), [("much", ""), ("0", ""), ("9", ""), ("2", "1")], ids=str
)
def test_what_is_no_positive_item_is_named(value: str, reverse: str) -> None:
    told = faults(positive_from=value, reverse=reverse, bands="", cutoffs="")

    assert [name for name, *_ in told] == ["positive_from"]


def test_the_file_speaks_the_language_of_its_author() -> None:
    said = {"Answers in turn": "各选项轮流选", "Factors: %(factors)s.": "因子：%(factors)s 个。"}

    def say(sentence: str) -> str:
        return said.get(sentence, sentence)

    assert "因子：2 个。" in instrument_text(read(), say)
    assert "name: 各选项轮流选" in examples_text(read(), say)


def test_answers_of_one_question_stand_behind_it() -> None:
    sheet = read(
        questions_zh="我睡得好\n我很难入睡 // 0 从不 // 3 总是\n我夜里醒来\n我白天很困",
        bands="",
        cutoffs="",
    )

    assert sheet.values_of(2) == (0, 3)
    assert sheet.values_of(1) == (0, 1, 2)


def test_both_languages_stand_side_by_side() -> None:
    sheet = read(
        english="y",
        title_en="Sleep",
        student_title_en="How you slept",
        recall_en="the last week",
        instructions_en="Choose one.",
        wording_en="unvalidated",
        options="0 没有 | Never\n1 有时｜Sometimes\n2 经常 | Often",
        questions_en="I slept well\nI lay awake\nI woke up\nI was sleepy",
        factors="睡眠质量 | Quality: 1-3\n白天 | Daytime: 4",
        bands="0-3 较低 | low\n4-8 较高 | high",
    )

    assert sheet.questions[3].text == {"zh_Hans": "我白天很困", "en": "I was sleepy"}
    assert sheet.options[2].label["en"] == "Often"


@pytest.mark.parametrize(
    ("changes", "field", "line", "words"),
    [
        ({"options": "0 没有\n有时\n2 经常"}, "options", 2, "Begin with what the answer counts"),
        ({"options": "0 没有\n0 有时"}, "options", None, "count the same"),
        ({"reverse": "1、9"}, "reverse", None, "no question 9; the last one is 4"),
        ({"reverse": "一"}, "reverse", None, "“一” is no number"),
        ({"factors": "睡眠\n白天: 4"}, "factors", 1, "a colon, and its questions"),
        ({"bands": "0-3 较低\n4-9 较高"}, "bands", 2, "9 cannot be reached"),
        ({"bands": "0-3 较低\n3-8 较高"}, "bands", None, "3 lies in two bands"),
        ({"bands": "0-3 较低"}, "bands", None, "leave scores out"),
        ({"bands": "学校: 0-3 较低"}, "bands", 1, "No factor is called “学校”"),
        ({"cutoffs": "0"}, "cutoffs", 1, "flag everybody or nobody"),
        ({"figures_source": ""}, "figures_source", None, "need their source"),
        ({"missing": ""}, "missing", None, "when an answer is missing"),
        ({"missing_share": "0"}, "missing_share", None, "per cent"),
        ({"granted_by": ""}, "granted_by", None, "not free"),
        ({"same_day": "4: 7"}, "same_day", 1, "Question 4 has no answer 7"),
        ({"cleared": "4: 无"}, "cleared", 1, "ten letters"),
        ({"questions_zh": "我不想活\nb\nc\nd"}, "same_day", None, "may speak of self-harm"),
        ({"age_to": "9"}, "age_to", None, "swap"),
        ({"questions_zh": ""}, "questions_zh", None, "one a line"),
        (
            {"has_total": "", "factors": "", "bands": "", "cutoffs": ""},
            "has_total",
            None,
            "Nothing",
        ),
        ({"title_zh": ""}, "title_zh", None, "fill this in"),
        ({"questions_zh": "甲 // 0 从不\n乙\n丙\n丁"}, "questions_zh", 1, "Two answers at least"),
    ],
)
def test_a_fault_is_named_beside_its_field(
    changes: dict[str, str], field: str, line: int | None, words: str
) -> None:
    found = faults(**changes)

    assert [(name, at) for name, at, said in found if words in said] == [(field, line)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3, 5, 7-9", (3, 5, 7, 8, 9)),
        ("３、５，７～９", (3, 5, 7, 8, 9)),
        ("第2题、第4题和第6题", (2, 4, 6)),
        ("①③⑫", (1, 3, 12)),
        ("1至5、7 及 9", (1, 2, 3, 4, 5, 7, 9)),
        ("(2) (4)", (2, 4)),
        ("2 and 4", (2, 4)),
        ("", ()),
    ],
)
def test_lists_of_numbers_are_read_as_people_write_them(
    text: str, numbers: tuple[int, ...]
) -> None:
    assert read_numbers(text) == numbers


@pytest.mark.parametrize("text", ["七", "3 或 x", "9-3", "1-9999"])
def test_what_is_no_list_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(NotNumbersError):
        read_numbers(text)
