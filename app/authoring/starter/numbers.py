"""Numbers as people write them: full-width and circled digits, 3、5、7-9, 第3题, 1～5."""

import re
import unicodedata

#: No scale has more questions; a longer run is a typing error.
MOST = 500

_RANGE = re.compile(r"(?<!\d)(\d+)\s*(?:-|–|—|−|~|至|到|\.\.)+\s*(\d+)")
_LIST = re.compile(r"[\d\s,.;:、/&+()和及与题項项第号-]*(?:and[\d\s,.;()]*)*", re.IGNORECASE)


class NotNumbersError(ValueError):
    """Something in the list is no number; `part` says what."""

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__(part)


def simple(text: str) -> str:
    """Return `text` with plain digits, commas and brackets, without blanks at the ends."""
    parted = "".join(f" {c} " if unicodedata.category(c) == "No" else c for c in text)
    plain = unicodedata.normalize("NFKC", parted).replace("，", ",").replace("〜", "~")
    return " ".join(plain.split())


def read_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of a list such as “3、5，7-9”, in order and each once."""
    plain = simple(text)
    found: list[int] = []
    for first, last in _RANGE.findall(plain):
        if not 0 < int(first) <= int(last) <= MOST:
            raise NotNumbersError(f"{first}-{last}")
        found += range(int(first), int(last) + 1)
    rest = _RANGE.sub(" ", plain)
    if not _LIST.fullmatch(rest):
        raise NotNumbersError(re.sub(r"[\d\s,.;、]+", " ", rest).strip()[:20] or rest[:20])
    found += map(int, re.findall(r"\d+", rest))
    return tuple(sorted({number for number in found if number <= MOST}))
