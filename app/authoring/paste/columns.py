"""The heading of a table of questions: which column holds what."""

import re
from dataclasses import dataclass, field

from app.authoring.paste.answers import FEWEST, one_answer
from app.authoring.paste.marks import Answer, has_words, whole_number
from app.authoring.paste.rows import Row

_NUMBER = re.compile(r"序号|题号|编号|号|no\.?|nr\.?|#|item no\.?|number", re.IGNORECASE)
_TEXT = re.compile(
    r"题目|条目|项目|内容|问题|题项|题干|陈述|症状|表现|中文|chinese|items?|questions?|statements?"
    r"|symptoms?|text|(?:题目|条目|项目|问题|测试|测题)内容|中文(?:题目|条目)?|描述",
    re.IGNORECASE,
)
_ENGLISH = re.compile(r"英文(?:题目|条目|原文)?|english.*", re.IGNORECASE)
_REVERSE = re.compile(r".*(?:反向|逆向|反序|计分方向|revers).*|r", re.IGNORECASE)
_FACTOR = re.compile(
    r"(?:所属)?(?:因子|维度|分量表|因素|内容量表)(?:名称)?|(?:sub)?scales?|factors?|dimensions?|domains?",
    re.IGNORECASE,
)
_MEMBERS = re.compile(
    r"(?:包含|所含|对应|组成)?(?:题号|题目|项目|条目|题项)(?:编号|序号|号|组成)?"
    r"|items?(?: numbers?| no\.?)?|questions?",
    re.IGNORECASE,
)
#: Columns that people fill in with a pen, or that hold a remark: they are no answers.
_ASIDE = re.compile(
    r"(?:[计记]分(?:方式|方法)?|方向|得分|评分|分数|分值|备注|说明)|scor(?:e|ing)|points|notes?|remarks?",
    re.IGNORECASE,
)
LONGEST_HEADING = 24


@dataclass
class Heading:
    """The columns of a table; `answers` says which column is which answer."""

    row: Row
    text: int | None = None
    english: int | None = None
    reverse: int | None = None
    factor: int | None = None
    answers: dict[int, Answer] = field(default_factory=dict)
    aside: set[int] = field(default_factory=set)


def heading_of(row: Row) -> Heading | None:
    """The heading a row is, or None; whether questions follow is for the caller to see."""
    cells = row.filled
    if len(cells) < FEWEST or any(len(cell) > LONGEST_HEADING for _, cell in cells):
        return None
    heading, is_named = Heading(row), False
    rest: list[tuple[int, str]] = []
    for column, cell in cells:
        name = re.sub(r"\s+", "", cell)
        if _NUMBER.fullmatch(name) or _NUMBER.fullmatch(cell):
            is_named = True
        elif _ENGLISH.fullmatch(cell):
            heading.english = column
        elif _TEXT.fullmatch(name) and heading.text is None:
            heading.text, is_named = column, True
        elif _FACTOR.fullmatch(cell):
            heading.factor = column
        elif _REVERSE.fullmatch(cell):
            heading.reverse = column
        elif _ASIDE.fullmatch(name):
            heading.aside.add(column)
        elif not (_NUMBER.fullmatch(name) or _TEXT.fullmatch(name)):
            rest.append((column, cell))
    if not is_named and (len(rest) < len(cells) or not all(has_words(cell) for _, cell in rest)):
        return None
    rest = [(column, cell) for column, cell in rest if column > (heading.text or 0)]
    heading.answers = _answers(rest)
    return heading if is_named or len(heading.answers) >= FEWEST else None


def is_factor_heading(row: Row) -> bool:
    """Tell whether a row heads a table of factors: their names and their questions."""
    cells = [cell for _, cell in row.filled]
    return any(_FACTOR.fullmatch(c) for c in cells) and any(_MEMBERS.fullmatch(c) for c in cells)


def values_below(heading: Heading, row: Row) -> dict[int, int] | None:
    """The values of the answers, where a second row of the heading holds nothing else."""
    values = {column: whole_number(cell) for column, cell in row.filled}
    if not heading.answers or None in values.values() or set(values) != set(heading.answers):
        return None
    return {column: value for column, value in values.items() if value is not None}


def _answers(cells: list[tuple[int, str]]) -> dict[int, Answer]:
    """Answers heading the columns: words, words with values, or values alone."""
    return {
        column: Answer(value, "") if (value := whole_number(cell)) is not None else one_answer(cell)
        for column, cell in cells
        if whole_number(cell) is not None or has_words(cell)
    }
