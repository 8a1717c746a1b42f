"""What somebody did who broke the rules of YAML: the line they meant, and how to mend it."""

import re

import yaml

from app.instruments.said import Said, mark, said

Place = tuple[int, int]

_CHINESE_COLON = re.compile(r"^\s*(?:- )?[\w'\"-]+：")
_CHINESE_COMMA = re.compile(r"[{\[][^}\]]*[，：、]")
_NO_SPACE = re.compile(r"^\s*(?:- )?[A-Za-z_][A-Za-z0-9_]*:[^\s:/]")
_TAB = re.compile(r"^ *\t")
_WIDE_SPACE = re.compile(r"^ *[\u00a0\u3000]|^\s*(?:- )?[A-Za-z_]\w*:[\u00a0\u3000]")
_WIDE_HASH = re.compile(r"\s＃")
_ODD_DASH = re.compile(r"^\s*(?:[－—–−•·*]\s*|-)(?=[A-Za-z_{])")
_HASH_IN_TEXT = re.compile(r"[{\[][^}\]'\"]*\s#")
_HALF_QUOTED = re.compile(r": *(?:'[^']*'|\"[^\"]*\") *[^\s,}\]#'\"]")

#: Mistakes that the parser notices late or names strangely; looked for where it stopped, and above.
_HABITS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_TAB, mark("this line is indented with a tab; use spaces, two for each level.")),
    (_WIDE_SPACE, mark("a Chinese or unbreakable space stands here; type an ordinary space.")),
    (_WIDE_HASH, mark("a Chinese “＃” stands here; a comment begins with an ordinary “#”.")),
    (_ODD_DASH, mark("write “- ” before an entry of a list: an ordinary minus and a space.")),
    (_CHINESE_COLON, mark("a Chinese colon “：” stands here; write “: ”, a colon and a space.")),
    (
        _CHINESE_COMMA,
        mark("Chinese punctuation stands between brackets; write “, ” and “: ” instead."),
    ),
    (_HALF_QUOTED, mark("the quotes end in the middle of the text; put all of it in quotes.")),
    (_HASH_IN_TEXT, mark("“#” begins a comment here; put the text that holds it in quotes.")),
    (_NO_SPACE, mark("a space is missing after the colon; write “key: value”.")),
)
#: How far above the place where the parser stopped a habit is looked for.
_ABOVE = 2

_MENDS: tuple[tuple[str, str], ...] = (
    ("cannot start any token", mark("put the text in quotes; this sign cannot begin a value.")),
    (
        "mapping values are not allowed",
        mark("put text with a colon in quotes; or mend the indent of this line."),
    ),
    ("could not find expected ':'", mark("write a colon and a space after the key.")),
    (
        "did not find expected key",
        mark("line the keys up under each other, and close every quote and bracket."),
    ),
    (
        "did not find expected '-' indicator",
        mark("line the list entries (the “-”) up under each other."),
    ),
    (
        "did not find expected ',' or",
        mark("close the bracket that opens here, and put commas between its entries."),
    ),
    ("unexpected end of stream", mark("close the quote or bracket that opens here.")),
    ("unknown escape", mark("use single quotes, or double the backslash.")),
    ("", mark("mend the punctuation or the indent of this line.")),
)


def explain_syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[Place, Said]:
    """Return where the mistake stands, which may be above where reading stopped, and its mend."""
    told = f"{error.context or ''} {error.problem or ''}"
    stopped = error.problem_mark or error.context_mark
    place = (stopped.line + 1, stopped.column + 1) if stopped else (1, 1)
    lines = text.split("\n")
    for line in range(place[0], max(place[0] - _ABOVE - 1, 0), -1):
        for habit, mend in _HABITS:
            if line <= len(lines) and (found := habit.search(lines[line - 1])):
                return (line, found.end()), said(mend)
    opened = error.context_mark
    if opened and ("quoted scalar" in told or "parsing a flow" in told):
        place = (opened.line + 1, opened.column + 1)
    return place, said(next(mend for sign, mend in _MENDS if sign in told))
