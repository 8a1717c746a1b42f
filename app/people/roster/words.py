"""What people write in cells, read the way it was meant: names, numbers, classes, dates."""

import re
import unicodedata
from datetime import date, timedelta

from app.people.domain import Sex

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x200E, 0x200F])
_DOTS = {ord(dot): "·" for dot in "•‧・⋅∙●｡"}
_HAN = r"\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_STOP_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\.(?=[{_HAN}])")
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}·]) +(?=[{_HAN}·])")

_SEXES = {
    **dict.fromkeys(("男", "男性", "男生", "m", "male", "boy", "1"), Sex.MALE),
    **dict.fromkeys(("女", "女性", "女生", "f", "female", "girl", "2"), Sex.FEMALE),
}
_ANSWERS = {
    **dict.fromkeys(("同意", "已同意", "是", "yes", "y", "true", "1", "agree", "agreed"), True),
    **dict.fromkeys(("不同意", "未同意", "拒绝", "否", "no", "n", "false", "0", "refused"), False),
}
#: GB/T 2261.1 knows 0 (unknown) and 9 (not stated) beside 1 and 2.
_NO_SEX = {"", "0", "9", "未知", "未说明", "unknown", "other", "其他"}

_ISO_LIKE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_SERIAL = re.compile(r"\d{5}")
#: Excel counts days from here (its 1900 has a 29 February that never was).
_EXCEL_ZERO = date(1899, 12, 30)
_MONTHS = 12

_DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九十")}
_STAGES = {
    **dict.fromkeys(("小学", "小"), 0),
    **dict.fromkeys(("初中", "初"), 6),
    **dict.fromkeys(("高中", "高", "职高", "中职", "中专"), 9),
    **dict.fromkeys(("大学", "大"), 12),
}
_LONGEST_STAGE = {0: 6, 6: 3, 9: 3, 12: 4}
LAST_GRADE = 16
_STAGE_GRADE = re.compile(
    r"(小学|小|初中|初|职高|高中|高|中职|中专|大学|大)([一二三四五六]|[1-6](?!\d))"
)
_YEAR_GRADE = re.compile(r"(十[一二]|[一二三四五六七八九十]|1[0-2]|[1-9])年级")
_ENGLISH_GRADE = re.compile(r"(?:grade|year|g)\s*(1[0-6]|[1-9])(?!\d)", re.IGNORECASE)
_LEADING_GRADE = re.compile(r"(1[0-2]|[1-9])\s*[（(.-]\s*\d")
_CLASS_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_SIGNS = re.compile(r"[\s()\[\]{}〔〕【】〈〉《》._·-]+")
_PARTED = re.compile(r"(?<!\d) | (?!\d)")
_ENTRY_YEAR = re.compile(r"(19|20)\d{2}(级|届)?")


def narrow(text: str) -> str:
    """Full-width letters, digits and signs made narrow, what cannot be seen removed."""
    return text.translate(_FULL_WIDTH).translate(_INVISIBLE)


def clean_name(text: str) -> str:
    """A name with the blanks gone that only align columns; rare characters stay as they are.

    Unicode normalisation would replace compatibility ideographs in names by other glyphs.
    """
    words = " ".join(narrow(text).translate(_DOTS).split())
    return _STOP_BETWEEN_HAN.sub("·", _BETWEEN_HAN.sub("", words))


def clean_number(text: str) -> str:
    """A student number without blanks, width and the apostrophe that keeps it text in Excel."""
    return "".join(narrow(text).split()).lstrip("'`’‘")


def clean_class(text: str) -> str:
    """A class name as it is written on the door: 初二（3）班, Grade 8 (3)."""
    words = _BETWEEN_HAN.sub("", " ".join(narrow(text).split()))
    if any(re.match(f"[{_HAN}]", character) for character in words):
        return words.replace(" ", "").replace("(", "（").replace(")", "）")
    return words


def class_key(name: str) -> str:
    """By this two spellings of one class are the same: 初二(3)班, 初二（3） 班."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def loose_class_key(name: str) -> str:
    """By this one class is recognised in other signs: 初一（1）班, 初一 1 班, 初一(1).

    Signs between two digits keep these apart: 7(11) is another class than 71(1).
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _PARTED.sub("", _SIGNS.sub(" ", plain).strip()).removesuffix("班")


def class_number(name: str) -> int | None:
    """The number of a class in its grade, by which classes are sorted: 12 for 初二（12）班."""
    numbers = _CLASS_NUMBER.findall(name)
    return int(numbers[-1]) if numbers else None


def number_key(student_no: str) -> str:
    """By this two spellings of one student number are the same."""
    return unicodedata.normalize("NFKC", student_no).casefold().strip()


def read_answer(text: str) -> bool:
    """Whether a guardian agrees; anything that is not plainly yes or no is refused."""
    word = "".join(narrow(text).casefold().split())
    if word not in _ANSWERS:
        raise ValueError(text)
    return _ANSWERS[word]


def read_sex(text: str) -> Sex | None:
    """Return the sex, None where the cell says nothing; raise `ValueError` on other words."""
    word = narrow(text).strip().casefold()
    if word in _NO_SEX:
        return None
    if word not in _SEXES:
        raise ValueError(text)
    return _SEXES[word]


def read_date(text: str) -> date:
    """Return the date in any of the shapes schools use; raise `ValueError` on others.

    Day and month are told apart only where one of them exceeds 12: guessing makes wrong birthdays.
    """
    written = narrow(text).strip()
    if match := _ISO_LIKE.fullmatch(written) or _COMPACT.fullmatch(written):
        return date(*map(int, match.groups()))
    if _SERIAL.fullmatch(written):
        return _EXCEL_ZERO + timedelta(days=int(written))
    if match := _YEAR_LAST.fullmatch(written):
        first, second, year = map(int, match.groups())
        if first > _MONTHS or second > _MONTHS or first == second:
            return date(year, min(first, second), max(first, second))
    raise ValueError(text)


def read_grade(text: str) -> int | None:
    """Return the grade from 1 (first of primary) to 16; None for an entry year such as 2024级."""
    written = narrow(text).strip()
    if not written or _ENTRY_YEAR.fullmatch(written):
        return None
    if written.isascii() and written.isdigit() and 1 <= int(written) <= LAST_GRADE:
        return int(written)
    grade = guess_grade(written)
    if grade is None:
        raise ValueError(text)
    return grade


def guess_grade(class_name: str) -> int | None:
    """The grade that a class name speaks of: 初二（3）班 is 8, 高一 is 10, 八年级 is 8."""
    name = narrow(class_name)
    if match := _STAGE_GRADE.search(name):
        base, year = _STAGES[match[1]], _count(match[2])
        return base + year if year <= _LONGEST_STAGE[base] else None
    if match := _YEAR_GRADE.search(name):
        return _count(match[1])
    if match := _ENGLISH_GRADE.search(name) or _LEADING_GRADE.match(name):
        return int(match[1])
    return None


def _count(written: str) -> int:
    return int(written) if written.isdigit() else sum(_DIGITS[digit] for digit in written)
