"""The licensed scales in the layouts in which they circulate; every wording here is invented.

A layout is a list of blocks: a paragraph, an automatically numbered paragraph, or a table. Each is
written as a workbook and as a document.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from docx import Document

NAMES = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Numbered:
    """Word counts these itself: the number stands in no text."""

    text: str


@dataclass(frozen=True)
class Table:
    rows: Sequence[Sequence[object]]
    #: Cells that reach over several rows: column, first row, last row.
    merged: Sequence[tuple[int, int, int]] = ()


Block = Paragraph | Numbered | Table
P = Paragraph


def said(number: int) -> str:
    """A placeholder with a length and signs like those of a real question."""
    tail = "，例如放学以后" if number % 3 == 0 else ""
    return f"这里是占位句子{NAMES[number % 10]}{NAMES[number // 10 % 10]}，没有真实内容{tail}"


def questions(size: int) -> list[tuple[int, str]]:
    return [(number, said(number)) for number in range(1, size + 1)]


def listed(numbers: Sequence[int], sign: str = "、") -> str:
    return sign.join(map(str, numbers))


def ticks(size: int, labels: Sequence[str]) -> Table:
    """A form to tick: the answers head empty boxes."""
    head = ["题号", "题目", *labels]
    return Table([head, *([n, text, *["□"] * len(labels)] for n, text in questions(size))])


def circles(size: int, labels: Sequence[str], values: Sequence[int]) -> Table:
    """A form to circle: the answers head their values."""
    head = ["", "", *labels]
    return Table([head, *([n, text, *values] for n, text in questions(size))])


SDQ_SCALES = {
    "情绪症状": "3、8、13、16、24",
    "品行问题": "5、7*、12、18、22",
    "多动": "2、10、15、21*、25*",
    "同伴交往问题": "6、11*、14*、19、23",
    "亲社会行为": "1、4、9、17、20",
}
SCL90_FACTORS = {
    "躯体化": "1, 4, 12, 27, 40, 42, 48, 49, 52, 53, 56, 58",
    "强迫症状": "3, 9, 10, 28, 38, 45, 46, 51, 55, 65",
    "人际关系敏感": "6, 21, 34, 36, 37, 41, 61, 69, 73",
    "因子四": "5, 14, 15, 20, 22, 26, 29, 30, 31, 32, 54, 71, 79",
    "因子五": "2, 17, 23, 33, 39, 57, 72, 78, 80, 86",
    "敌对": "11, 24, 63, 67, 74, 81",
    "因子七": "13, 25, 47, 50, 70, 75, 82",
    "偏执": "8, 18, 43, 68, 76, 83",
    "因子九": "7, 16, 35, 62, 77, 84, 85, 87, 88, 90",
    "其他": "19, 44, 59, 60, 64, 66, 89",
}
MHT_SCALES = [(1, 15), (16, 25), (26, 35), (36, 45), (46, 55), (56, 70), (71, 80)]
MSSMHS_FACTORS = [
    [3, 10, 12, 22, 23, 48],
    [11, 20, 24, 26, 47, 49],
    [19, 21, 25, 50, 52, 58],
    [4, 17, 18, 45, 51, 59],
    [5, 13, 14, 16, 44, 57],
    [6, 15, 34, 43, 46, 56],
    [31, 33, 36, 38, 40, 55],
    [1, 8, 9, 29, 39, 41],
    [2, 7, 27, 32, 35, 53],
    [28, 30, 37, 42, 54, 60],
]
SCARED_FACTORS = {
    "因子甲": [1, 6, 9, 12, 15, 18, 19, 22, 24, 27, 30, 34, 38],
    "因子乙": [5, 7, 14, 21, 23, 28, 33, 35, 37],
    "因子丙": [4, 8, 13, 16, 20, 25, 29, 31],
    "因子丁": [3, 10, 26, 32, 39, 40, 41],
    "因子戊": [2, 11, 17, 36],
}


def sdq() -> list[Block]:
    scales = [[name, numbers, "0-10"] for name, numbers in SDQ_SCALES.items()]
    return [
        P("长处和困难问卷（学生版）"),
        P("指导语：请根据过去六个月的情况作答。"),
        ticks(25, ["不符合", "有点符合", "完全符合"]),
        P("不符合=0，有点符合=1，完全符合=2；带*的题目反向计分"),
        Table([["分量表", "题号", "分数范围"], *scales]),
    ]


def scl90() -> list[Block]:
    factors = [[i, name, items] for i, (name, items) in enumerate(SCL90_FACTORS.items(), 1)]
    return [
        P("症状自评量表"),
        circles(90, ["没有", "很轻", "中等", "偏重", "严重"], [1, 2, 3, 4, 5]),
        Table([["序号", "因子", "项目"], *factors]),
        P("总分超过160分，需进一步检查"),
    ]


def mht() -> list[Block]:
    scales = [f"{NAMES[i]}类倾向：{a}—{b}" for i, (a, b) in enumerate(MHT_SCALES)]
    scales += ["辛类倾向：81、83、85、87、89、91、93、95、97、99"]
    scales += ["效度量表：82、84、86、88、90、92、94、96、98、100"]
    return [
        P("中小学生心理健康诊断测验"),
        P("选项：是=1 否=0"),
        *(Numbered(text) for _, text in questions(100)),
        P("内容量表"),
        *map(P, scales),
    ]


def mssmhs() -> list[Block]:
    return [
        P("中学生心理健康量表"),
        P("1无 2轻度 3中度 4偏重 5严重"),
        *(P(f"{n}、{text}") for n, text in questions(60)),
        *(
            P(f"{i}. 因子{NAMES[i - 1]}：由{listed(items, '，')}共6项组成")
            for i, items in enumerate(MSSMHS_FACTORS, 1)
        ),
    ]


def upi() -> list[Block]:
    left = [[n, said(n), "", n + 32, said(n + 32), ""] for n in range(1, 33)]
    return [
        P("大学生人格问卷"),
        P("请在符合的题后打√。选项：是=1；否=0"),
        Table([["题号", "题目", "选择", "题号", "题目", "选择"], *left]),
        P("测伪题：5、20、35、50"),
    ]


SDS_REVERSED = (2, 5, 6, 11, 12, 14, 16, 17, 18, 20)


def sds() -> list[Block]:
    labels = ["没有或很少时间", "小部分时间", "相当多时间", "绝大部分时间"]
    rows = [
        [f"{n}.", f"{'*' if n in SDS_REVERSED else ''}{text}", "A", "B", "C", "D"]
        for n, text in questions(20)
    ]
    return [
        P("自评量表"),
        P("A 没有或很少时间；B 小部分时间；C 相当多时间；D 绝大部分时间"),
        Table([["序号", "项目", *labels], *rows]),
        P("注：带*为反向计分题"),
    ]


def sas() -> list[Block]:
    return [
        P("自评量表"),
        P("A.没有或很少时间 B.小部分时间 C.相当多时间 D.绝大部分或全部时间"),
        *(P(f"（{n}）{text}") for n, text in questions(20)),
        P("反向计分题：5、9、13、17、19（按4、3、2、1计分）"),
    ]


def scared() -> list[Block]:
    factor = {n: name for name, numbers in SCARED_FACTORS.items() for n in numbers}
    rows = [[n, text, factor[n]] for n, text in questions(41)]
    return [
        P("儿童情绪筛查"),
        P("0＝没有，1＝有时，2＝经常"),
        Table([["题号", "条目", "因子"], *rows]),
    ]


def isi() -> list[Block]:
    below = [
        [P(f"{n}. {text}"), *(P(f"({v}) 第{n}题的程度{NAMES[v]}") for v in range(5))]
        for n, text in questions(7)
    ]
    return [P("睡眠指数"), *(block for group in below for block in group)]


def pss10() -> list[Block]:
    return [
        P("压力量表"),
        P("从不(0) 几乎不(1) 有时(2) 常常(3) 总是(4)"),
        *(P(f"{n}．{text}") for n, text in questions(10)),
        P("第4、5、7、8题为反向计分"),
    ]


def uls8() -> list[Block]:
    rows = [[n, text, "反向" if n in (3, 6) else ""] for n, text in questions(8)]
    return [
        P("八题版"),
        P("①从不 ②很少 ③有时 ④一直"),
        Table([["编号", "题项", "计分方向"], *rows]),
    ]


def ais() -> list[Block]:
    labels = [[f"{n}题程度{NAMES[v]}" for v in range(4)] for n in range(1, 9)]
    rows = [[n, text, *labels[n - 1]] for n, text in questions(8)]
    return [P("失眠量表"), Table([["序号", "项目", 0, 1, 2, 3], *rows])]


def brs() -> list[Block]:
    rows = [
        [n, f"{text}{'（R）' if n in (2, 4, 6) else ''}", 1, 2, 3, 4, 5] for n, text in questions(6)
    ]
    labels = ["非常不同意", "不同意", "中立", "同意", "非常同意"]
    return [P("韧性量表"), Table([["题号", "题目", *labels], *rows])]


def cries8() -> list[Block]:
    rows = [[n, text, "", "", "", ""] for n, text in questions(8)]
    return [
        P("事件影响量表"),
        Table([["题号", "题目", "从不", "很少", "有时", "经常"], ["", "", 0, 1, 3, 5], *rows]),
        P("闯入：1，3，6，7"),
        P("回避：2，4，5，8"),
    ]


def sabas() -> list[Block]:
    labels = "1 = Strongly disagree; 2 = Disagree; 3 = Slightly disagree; 4 = Slightly agree; "
    return [
        P("Phone use"),
        P(labels + "5 = Agree; 6 = Strongly agree"),
        *(
            P(f"{n}. This invented sentence number {NAMES[n]} stands for nothing")
            for n in range(1, 7)
        ),
    ]


def sci() -> list[Block]:
    return [
        P("睡眠状况"),
        Table(
            [
                ["题目", "选项"],
                *(
                    [f"{n}. {text}", "\n".join(f"{v} 第{n}题档{NAMES[v]}" for v in (4, 3, 2, 1, 0))]
                    for n, text in questions(8)
                ),
            ]
        ),
    ]


def as_xlsx(blocks: Sequence[Block]) -> bytes:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet, row, count = book.add_worksheet(), 0, 0
    for block in blocks:
        if isinstance(block, Table):
            for cells in block.rows:
                sheet.write_row(row, 0, cells)
                row += 1
        else:
            count += isinstance(block, Numbered)
            sheet.write(
                row, 0, f"{count}. {block.text}" if isinstance(block, Numbered) else block.text
            )
            row += 1
    book.close()
    return buffer.getvalue()


def as_docx(blocks: Sequence[Block]) -> bytes:
    document = Document()
    for block in blocks:
        if isinstance(block, Table):
            table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]))
            for line, cells in zip(table.rows, block.rows, strict=True):
                for cell, value in zip(line.cells, cells, strict=True):
                    cell.text = str(value)
        else:
            style = "List Number" if isinstance(block, Numbered) else None
            document.add_paragraph(block.text, style=style)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_ALL = (
    sdq,
    scl90,
    mht,
    mssmhs,
    upi,
    sds,
    sas,
    scared,
    isi,
    pss10,
    uls8,
    ais,
    brs,
    cries8,
    sabas,
    sci,
)
SHAPES = {shape.__name__: shape for shape in _ALL}
