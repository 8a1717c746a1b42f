"""Scales as people paste them: numbers, answers, reversed questions, factors in many styles."""

import pytest

from app.authoring.paste.answers import row_of_answers
from app.authoring.paste.findings import Findings
from app.authoring.paste.marks import number_list
from app.authoring.paste.prefill import fields_of
from app.authoring.paste.recognise import LONGEST_ROW, recognise
from app.authoring.paste.rows import MOST_CELLS, MOST_LETTERS, MOST_ROWS, text_rows


def read(text: str) -> Findings:
    return recognise(text_rows(text))


def values(found: Findings) -> list[int | None]:
    return [answer.value for answer in found.answers]


@pytest.mark.parametrize(
    "lines",
    [
        "1. 我睡得好\n2. 我很累\n3. 我吃得香",
        "1、我睡得好\n2、我很累\n3、我吃得香",
        "１．我睡得好\n２．我很累\n３．我吃得香",
        "（1）我睡得好\n（2）我很累\n（3）我吃得香",
        "①我睡得好\n② 我很累\n③我吃得香",
        "【1】我睡得好\n【2】我很累\n【3】我吃得香",
        "第1题：我睡得好\n第2题：我很累\n第3题：我吃得香",
        "1 我睡得好\n2 我很累\n3 我吃得香",
        "1)我睡得好\n2)我很累\n3)我吃得香",
        "Q1: 我睡得好\nQ2: 我很累\nQ3: 我吃得香",
        "序号\t题目\n1\t我睡得好\n2\t我很累\n3\t我吃得香",
        "题目\t从不\t总是\n我睡得好\t□\t□\n我很累\t□\t□\n我吃得香\t□\t□",
        "1\t我睡得好\t3\t我吃得香\n2\t我很累",
        "1. 我睡得好\t3. 我吃得香\n2. 我很累",
        "1. 我睡得好 0 1 2 3\n2. 我很累 0 1 2 3\n3. 我吃得香 0 1 2 3",
    ],
)
def test_questions_are_found_however_they_are_numbered(lines: str) -> None:
    found = read(lines)

    assert [(q.number, q.chinese) for q in found.in_order] == [
        (1, "我睡得好"),
        (2, "我很累"),
        (3, "我吃得香"),
    ]
    assert found.not_understood == []


@pytest.mark.parametrize(
    ("line", "labels", "counts"),
    [
        ("0=没有 1=有时 2=经常", ["没有", "有时", "经常"], [0, 1, 2]),
        ("0＝没有；1＝有时；2＝经常", ["没有", "有时", "经常"], [0, 1, 2]),
        ("选项：A.没有 B.有时 C.经常", ["没有", "有时", "经常"], [1, 2, 3]),
        ("没有（0分） 有时（1分） 经常（2分）", ["没有", "有时", "经常"], [0, 1, 2]),
        ("没有=4，有时=3，经常=2", ["没有", "有时", "经常"], [4, 3, 2]),
        ("①没有②有时③经常", ["没有", "有时", "经常"], [1, 2, 3]),
        ("1没有  2有时  3经常", ["没有", "有时", "经常"], [1, 2, 3]),
        ("评分：1-没有，2-有时，3-经常", ["没有", "有时", "经常"], [1, 2, 3]),
        (
            "0 = Not at all, 1 = Sometimes, 2 = Often",
            ["Not at all", "Sometimes", "Often"],
            [0, 1, 2],
        ),
        ("是=1 否=0", ["是", "否"], [1, 0]),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_row_of_answers_is_read(
    line: str, labels: list[str], counts: list[int], is_first: bool
) -> None:
    questions = "1. 我睡得好\n2. 我很累"

    found = read(f"睡眠问卷\n{line}\n{questions}" if is_first else f"{questions}\n{line}")

    assert [answer.label for answer in found.answers] == labels
    assert values(found) == counts
    assert len(found.questions) == 2


@pytest.mark.parametrize(
    "note",
    [
        "反向计分题：2、3",
        "反向题目为 2，3",
        "反向计分：第2题、第3题",
        "第2、3题反向计分",
        "其中2-3题为反向计分",
        "逆向计分条目：②③",
        "Reverse-scored items: 2, 3",
        "Items 2 and 3 are reverse scored",
        "注：2、3为反向题（4→1，3→2）",
    ],
)
def test_a_list_of_reversed_questions_is_read(note: str) -> None:
    found = read(f"0=没有 1=有时 2=经常\n1. 我睡得好\n2. 我很累\n3. 我吃得香\n4. 我困\n{note}")

    assert found.reverse == {2, 3}
    assert found.not_understood == []


def test_a_list_too_far_from_the_word_is_given_up_in_time() -> None:
    numbers = "、".join(map(str, range(1, 60)))

    found = read(f"1. 我睡得好\n2. 我很累\n{numbers} 题的计分方式与其余各题相反属于反向")

    assert (found.reverse, sorted(found.questions)) == (set(), [1, 2])


@pytest.mark.parametrize(
    "table",
    [
        "题号\t题目\t反向\n1\t我睡得好\t\n2\t我很累\t是\n3\t我吃得香\t√",
        "题号\t题目\t计分方向\n1\t我睡得好\t正\n2\t我很累\t反\n3\t我吃得香\t反向",
        "1\t我睡得好\n2\t我很累\tR\n3\t我吃得香\t*",
        "1. 我睡得好\n2. 我很累*\n3. ＊我吃得香",
        "1. 我睡得好\n2. 我很累（R）\n3. 我吃得香 (反向)",
        "\t\t没有\t有时\t经常\n1\t我睡得好\t0\t1\t2\n5\t我饿\t0\t1\t2\n6\t我渴\t0\t1\t2\n"
        "2\t我很累\t2\t1\t0\n3\t我吃得香\t2\t1\t0",
    ],
)
def test_a_mark_or_a_column_says_reversed(table: str) -> None:
    found = read(table)

    assert found.reverse == {2, 3}
    assert [q.chinese for q in found.in_order][:3] == ["我睡得好", "我很累", "我吃得香"]


FIVE = "\n".join(f"{n}. 占位句子{'甲乙丙丁戊'[n - 1]}" for n in range(1, 6))


@pytest.mark.parametrize(
    "lines",
    [
        "睡眠：1、2、5\n白天：3-4",
        "因子一 睡眠：1，2，5\n因子二 白天：3～4",
        "（1）睡眠：1、2、5\n（2）白天：3、4",
        "睡眠包括1、2、5共3项\n白天包括3、4共2项",
        "睡眠（1、2、5）\n白天（3、4）",
        "因子\t题号\n睡眠\t1、2、5\n白天\t3-4",
        "维度\t项目数\t题目\n睡眠\t3\t1, 2, 5\n白天\t2\t3, 4",
        "序号\t因子名称\t包含题目\n1\t睡眠\t1 2 5\n2\t白天\t3 4",
        "Subscale\tItems\nSleep\t1, 2, 5\nDay\t3, 4",
    ],
)
def test_factors_are_read_from_lines_and_tables(lines: str) -> None:
    found = read(f"{FIVE}\n{lines}")

    assert sorted(found.factors.values()) == [(1, 2, 5), (3, 4)]
    assert len(found.questions) == 5


def test_a_column_names_the_factor_of_each_question() -> None:
    found = read("题号\t题目\t维度\n1\t甲乙丙\t睡眠\n2\t丁戊己\t白天\n3\t庚辛壬\t睡眠")

    assert found.factors == {"睡眠": (1, 3), "白天": (2,)}


def test_answers_below_each_question_belong_to_it() -> None:
    found = read("1. 入睡\nA. 很快\nB. 较慢\nC. 很慢\n2. 醒来\nA. 从不\nB. 有时\nC. 常常")

    assert [[a.label for a in q.answers] for q in found.in_order] == [
        ["很快", "较慢", "很慢"],
        ["从不", "有时", "常常"],
    ]
    assert found.has_assumed_values


def test_numbered_answers_below_a_question_are_not_taken_for_questions() -> None:
    found = read(
        "1. 入睡\n1) 很快\n2) 较慢\n3) 很慢\n2. 醒来\n1) 从不\n2) 有时\n3) 常常\n"
        "3. 累\n1) 不\n2) 有点\n3) 很"
    )

    assert [q.chinese for q in found.in_order] == ["入睡", "醒来", "累"]
    assert [len(q.answers) for q in found.in_order] == [3, 3, 3]


def test_answers_that_all_questions_share_belong_to_the_scale() -> None:
    found = read("1. 甲乙\n0 没有 1 有时 2 经常\n2. 丙丁\n0 没有 1 有时 2 经常")

    assert values(found) == [0, 1, 2]
    assert all(not q.answers for q in found.in_order)


def test_both_languages_of_a_question_stand_beside_each_other() -> None:
    found = read(
        "No.\tItem\tEnglish\n1\t我睡得好\tI sleep well\n2\t我很累\tI am tired\n"
        "3\t我吃得香\tI eat with pleasure"
    )

    assert [(q.chinese, q.english) for q in found.in_order][1] == ("我很累", "I am tired")


def test_title_instructions_and_bands_are_kept_apart() -> None:
    found = read(
        "校园睡眠问卷\n指导语：请按最近一周的情况作答。\n0=没有 1=有时 2=经常\n"
        "1. 甲乙\n2. 丙丁\n3. 戊己\n"
        "评分标准：0-2分 较低；3-4分 中等；5-6分 较高"
    )

    assert found.title == "校园睡眠问卷"
    assert found.instructions == "请按最近一周的情况作答。"
    assert found.bands == [(0, 2, "较低"), (3, 4, "中等"), (5, 6, "较高")]


def test_what_is_not_understood_is_named_with_its_place() -> None:
    found = read("1. 甲乙\n2. 丙丁\n联系人请见附页的说明文字")

    assert [(row.place.row, row.cells) for row in found.not_understood] == [
        (3, ("联系人请见附页的说明文字",))
    ]


def test_a_column_to_fill_in_is_no_answer() -> None:
    found = read(
        "题号\t题目\t从不\t偶尔\t总是\t计分\t得分\n1\t我睡得好\t1\t2\t3\t反向\t0\n2\t我很累\t1\t2\t3\t正向\t0"
    )

    assert [(a.value, a.label) for a in found.answers] == [(1, "从不"), (2, "偶尔"), (3, "总是")]
    assert found.reverse == {1}
    assert not found.has_assumed_values


def test_missing_numbers_are_named() -> None:
    assert read("1. 甲乙\n2. 丙丁\n4. 戊己").gaps == [3]


def test_fields_hold_what_was_understood() -> None:
    fields = fields_of(
        read(
            "睡眠问卷\n0=没有 1=有时 2=经常\n1. 我睡得好*\n2. 我很累\n3. 我不想活了\n"
            "睡眠：1、2\n情绪：2-3"
        )
    )

    assert fields == {
        "title_zh": "睡眠问卷",
        "options": "0 没有\n1 有时\n2 经常",
        "questions_zh": "我睡得好\n我很累\n我不想活了",
        "reverse": "1",
        "factors": "睡眠: 1, 2\n情绪: 2, 3",
        "same_day": "3: 1, 2",
    }


def test_the_time_asked_about_is_taken_from_the_introduction() -> None:
    fields = fields_of(read("课间问卷\n指导语：请按过去一个月的情况选择。\n1. 我睡得好\n2. 我很累"))

    assert fields["recall_zh"] == "过去一个月"


def test_pasted_cells_may_hold_lines_and_quotes() -> None:
    found = read('题号\t题目\n1\t"我睡得好，\n一直如此"\n2\t我说"好"')

    assert [q.chinese for q in found.in_order] == ["我睡得好， 一直如此", '我说"好"']


@pytest.mark.parametrize(
    "text", ["", "\n\n", "没有任何题目的一段话", "1\t2\t3\n4\t5\t6", "A\tB\nC\tD"]
)
def test_a_text_without_questions_gives_none(text: str) -> None:
    assert read(text).questions == {}


@pytest.mark.parametrize("sign", ["1", "1 ", "没", "没 ", "反向 1,", "1=没 ", "(1", "and"])
def test_row_longer_than_any_question_is_named_and_not_looked_at(sign: str) -> None:
    long = (sign * LONGEST_ROW)[:LONGEST_ROW].strip() + "没没"

    found = read(f"1. 我睡得好\n2. 我很累\n{long}\n3. 我吃得香")

    assert list(found.questions) == [1, 2, 3]
    assert [row.cells for row in found.not_understood] == [(long,)]


def test_cells_that_are_long_together_are_named_too() -> None:
    cells = ["没" * LONGEST_ROW, *["反向1"] * 50]

    found = read("1. 我睡得好\n" + "\t".join(cells))

    assert len(found.not_understood) == 1
    assert found.reverse == set()


def test_long_words_before_the_questions_are_what_is_said_to_whoever_answers() -> None:
    said = "请按最近两周的情况回答。" * 60

    found = read(f"睡眠问卷\n{said}\n1. 我睡得好\n2. 我很累")

    assert found.instructions == said
    assert found.not_understood == []


@pytest.mark.parametrize("text", ["12345-3", "1-600", "5-3"])
def test_range_is_read_from_where_its_number_begins(text: str) -> None:
    assert number_list(text) is None


def test_answers_may_follow_each_other_without_a_gap() -> None:
    answers = row_of_answers("没有=4分有时=3分经常=2分")

    assert answers is not None
    assert [answer.label for answer in answers] == ["没有", "有时", "经常"]


def test_value_behind_an_answer_ends_it_and_words_may_hold_spaces() -> None:
    answers = row_of_answers("not at all (0), some of the time (1), all of the time (2)")

    assert answers is not None
    assert [(answer.value, answer.label) for answer in answers] == [
        (0, "not at all"),
        (1, "some of the time"),
        (2, "all of the time"),
    ]


@pytest.mark.parametrize(
    "long",
    ["请按最近两周的情况回答。" * (MOST_LETTERS // 10), "\t".join(["说明", *["一"] * MOST_CELLS])],
)
def test_row_of_which_a_part_is_not_read_is_named(long: str) -> None:
    found = read(f"睡眠问卷\n{long}\n1. 我睡得好\n2. 我很累")

    assert [row.place.row for row in found.cut] == [2]


def test_rows_beyond_those_that_are_read_are_told_of() -> None:
    text = "\n".join(["1. 我睡得好"] * MOST_ROWS)

    assert not read(text).has_unread_rows
    assert read(f"{text}\n2. 我很累").has_unread_rows
