"""The signs by which people mark things in a scale: numbers, answers, reversed questions."""

import re
from dataclasses import dataclass

from app.authoring.starter.numbers import NotNumbersError, read_numbers, simple

_SEPARATOR = r"[.．、)）:：]"
_NUMBER = re.compile(
    rf"[（(【\[]?\s*(?:第|Q|item\s*)?\s*(\d{{1,3}})\s*(?:题|[】\]]|{_SEPARATOR})*", re.I
)
_NUMBERED = re.compile(
    r"(?:[（(【\[]\s*(\d{1,3})\s*[)）】\]]\s*[.．、:：]?|第\s*(\d{1,3})\s*题\s*[.．、:：]?"
    r"|(?:Q|item\s*)?(\d{1,3})\s*(?:[.．、)）:：]|\s(?=\D)))\s*(\D.*|\d.*)",
    re.IGNORECASE | re.DOTALL,
)
_MARKER = r"R|反|反向|反向计分|反向题|逆|逆向|reversed?|[*＊★※#▲]"
_MARKED = re.compile(rf"\s*(?:[(（\[【]\s*(?:{_MARKER})\s*[)）\]】]|[*＊★※▲])\s*", re.IGNORECASE)
_IS_MARKER = re.compile(rf"[(（\[]?\s*(?:{_MARKER})\s*[)）\]]?", re.IGNORECASE)
_YES = re.compile(r"是|√|✓|✔|y|yes|1|true|-|负|逆向?", re.IGNORECASE)

_REVERSE = re.compile(r"反向|反序|逆向|逆序|负向计分|reverse", re.IGNORECASE)
_LISTED = r"[\d\s,，、;；~～\-—–至到和及与第题号项①-⒇*＊()（）R.．]"
_AFTER = re.compile(
    rf"(?:反向|反序|逆向|逆序|负向|revers)[^\d①-⒇]{{0,40}}({_LISTED}+(?:and\s*\d+)?)", re.IGNORECASE
)
#: Sign by sign and from where the list begins: a run within a run, or one tried from each of its
#: signs, takes longer than anybody waits.
_BEFORE = re.compile(
    rf"(?<!{_LISTED})((?:{_LISTED}|and)+)\s*(?:题|项)?[^\d*＊带标]{{0,8}}(?:反向|反序|逆向|revers)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Answer:
    """An answer as found; a letter gives only its place, and so does no value at all."""

    value: int | None
    label: str
    is_lettered: bool = False


def is_cjk(text: str) -> bool:
    """Tell whether a text is Chinese."""
    return bool(re.search(r"[\u3400-\u9fff]", text))


def has_words(text: str) -> bool:
    """Tell whether a cell holds words and not only a number, a tick or a mark."""
    return bool(re.search(r"[^\W\d_]", simple(text))) and not _IS_MARKER.fullmatch(text.strip())


def whole_number(text: str) -> int | None:
    """The value of a cell that is nothing but a whole number."""
    plain = simple(text)
    return int(plain) if re.fullmatch(r"-?\d{1,3}", plain) else None


def item_number(text: str) -> int | None:
    """The number of a cell such as 3, 3., （3）, ③, 第3题, Q3."""
    found = _NUMBER.fullmatch(simple(text))
    return int(found[1]) if found else None


def numbered(text: str) -> tuple[int, str] | None:
    """The number and the words of a line such as “3. …”, “3、…”, “（3）…”, “③…”."""
    if circled := re.match(r"\s*([①-⑳⑴-⒇⒈-⒛])\s*[.．、]?\s*(.+)", text, re.DOTALL):
        return int(re.sub(r"\D", "", simple(circled[1]))), circled[2]
    found = _NUMBERED.fullmatch(text.strip())
    if not found or not has_words(found[4]):
        return None
    return int(found[1] or found[2] or found[3]), found[4].strip()


def unmarked(text: str) -> tuple[str, bool]:
    """The words of a question without a mark for “reversed” at its ends, and whether it had one."""
    bare = re.sub(rf"^(?:{_MARKED.pattern})|(?:{_MARKED.pattern})$", "", text, flags=re.IGNORECASE)
    return bare.strip(), bare.strip() != text.strip()


def is_marker(text: str) -> bool:
    """Tell whether a cell is nothing but a mark for “reversed”."""
    return bool(_IS_MARKER.fullmatch(text.strip()))


def says_reversed(text: str) -> bool:
    """Tell whether a cell under the heading “reversed” means yes."""
    return is_marker(text) or bool(_YES.fullmatch(text.strip()))


def reverse_list(text: str) -> tuple[int, ...] | None:
    """The numbers of a sentence such as “反向计分题：3、5、7”; None where it says nothing of it."""
    if not _REVERSE.search(text):
        return None
    outside = re.sub(r"[（(][^（）()]*[)）]", " ", text)
    for said in (outside, text):
        for pattern in (_AFTER, _BEFORE):
            if (found := pattern.search(said)) and (numbers := number_list(found[1], fewest=1)):
                return numbers
    return None


def explains_mark(text: str) -> bool:
    """Tell whether a sentence only says what the mark for “reversed” looks like."""
    return bool(_REVERSE.search(text) and re.search(r"[*＊★※▲]|[(（]R[)）]", text))


def number_list(text: str, *, fewest: int = 2) -> tuple[int, ...] | None:
    """The numbers of a text that is nothing but a list of question numbers."""
    bare = re.sub(
        r"(?:共|[(（]\s*共?)\s*\d+\s*(?:项|个|题|items?)?\s*(?:组成)?[)）]?\s*$", "", text.strip()
    )
    bare = re.sub(r"(?<=\d)\s*(?:[(（]R[)）]|[*＊R])", "", bare).strip(" .。;；")
    bare = re.sub(r"^(?:第|items?\s)", "", bare, flags=re.IGNORECASE)
    try:
        numbers = read_numbers(bare)
    except NotNumbersError:
        return None
    return numbers if len(numbers) >= fewest and numbers[0] > 0 else None


def marked_numbers(text: str) -> tuple[int, ...]:
    """The numbers of a list that carry a mark for “reversed”: 5、7*、12(R)."""
    return tuple(map(int, re.findall(r"(\d{1,3})\s*(?:[(（]R[)）]|[*＊R])", simple(text))))
