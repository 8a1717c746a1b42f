"""The grammar: text in, a syntax tree out, and never anything executed.

condition  = conjunction { "or" conjunction }
conjunction = negation { "and" negation }
negation   = [ "not" ] comparison
comparison = sum [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) sum | [ "not" ] "in" list ]
sum        = product { ( "+" | "-" ) product }
product    = factor { ( "*" | "/" ) factor }
factor     = [ "-" ] ( number | name | run | call | "(" condition ")" )
run        = name ".." name
call       = name "(" [ condition { "," condition } ] ")"
list       = "[" number { "," number } "]"
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from app.instruments.said import said

MAX_LENGTH = 2000
MAX_DEPTH = 50

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_]))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<sign>\.\.|==|!=|<=|>=|[-+*/()<>,\[\]]))"
)
_WORDS = frozenset({"and", "or", "not", "in"})
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


class LogicError(ValueError):
    """An expression that is refused; `column` counts from 1, `told` says why."""

    def __init__(self, column: int, message: str) -> None:
        self.column, self.told = column, message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Tree:
    """One operation with what it works on; leaves are numbers and names."""

    kind: str
    column: int
    parts: "tuple[Tree, ...]" = ()
    name: str = ""
    number: float = 0.0


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def parse(text: str) -> Tree:
    """Return the syntax tree of `text`, or raise `LogicError`."""
    if len(text) > MAX_LENGTH:
        raise LogicError(
            1,
            said(
                "this is longer than {most} characters; split it into scales",
                most=MAX_LENGTH,
            ),
        )
    return _Parser(text).parse()


def _tokens(text: str) -> Iterator[_Token]:
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            column = len(text) - len(text[place:].lstrip()) + 1
            raise LogicError(
                column, said("“{text}” has no meaning here; remove it", text=text[column - 1])
            )
        word = found[found.lastgroup]
        kind = "sign" if word in _WORDS else found.lastgroup
        yield _Token(kind, word, found.start(found.lastgroup) + 1)
        place = found.end()
    yield _Token("end", "the end", len(text) + 1)


class _Parser:
    """Recursive descent; depth is counted so that nothing can exhaust the stack."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._place = 0
        self._depth = 0

    def parse(self) -> Tree:
        tree = self._condition()
        if self._now.kind != "end":
            self._refuse(
                said(
                    "“{text}” is not expected here; join conditions by and/or", text=self._now.text
                )
            )
        return tree

    @property
    def _now(self) -> _Token:
        return self._tokens[self._place]

    def _refuse(self, message: str) -> NoReturn:
        raise LogicError(self._now.column, message)

    def _take(self, *signs: str) -> _Token | None:
        token = self._now
        if token.kind != "sign" or token.text not in signs:
            return None
        self._place += 1
        return token

    def _need(self, sign: str) -> None:
        if self._take(sign) is None:
            self._refuse(said("write “{sign}” before “{text}”", sign=sign, text=self._now.text))

    def _condition(self) -> Tree:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._refuse(
                said(
                    "this is nested deeper than {most} levels; make it flatter",
                    most=MAX_DEPTH,
                )
            )
        tree = self._joined("or", self._conjunction)
        self._depth -= 1
        return tree

    def _conjunction(self) -> Tree:
        return self._joined("and", self._negation)

    def _joined(self, word: str, part: Callable[[], Tree]) -> Tree:
        column, parts = self._now.column, [part()]
        while self._take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Tree(word, column, tuple(parts))

    def _negation(self) -> Tree:
        token = self._take("not")
        return Tree("not", token.column, (self._comparison(),)) if token else self._comparison()

    def _comparison(self) -> Tree:
        left = self._sum()
        if token := self._take(*_COMPARISONS):
            tree = Tree(token.text, token.column, (left, self._sum()))
            if self._now.text in _COMPARISONS:
                self._refuse(said("write each comparison out and join them by “and”"))
            return tree
        if token := self._take("in"):
            return Tree("in", token.column, (left, *self._list()))
        if self._now.text == "not" and self._tokens[self._place + 1].text == "in":
            token = self._now
            self._place += 2
            return Tree("not", token.column, (Tree("in", token.column, (left, *self._list())),))
        return left

    def _list(self) -> Iterator[Tree]:
        self._need("[")
        yield self._literal()
        while self._take(","):
            yield self._literal()
        self._need("]")

    def _literal(self) -> Tree:
        minus = self._take("-")
        if self._now.kind != "number":
            self._refuse(said("only numbers can stand in a list"))
        number = self._number()
        return Tree("neg", minus.column, (number,)) if minus else number

    def _number(self) -> Tree:
        token = self._now
        self._place += 1
        return Tree("number", token.column, number=float(token.text))

    def _sum(self) -> Tree:
        return self._chained(("+", "-"), self._product)

    def _product(self) -> Tree:
        return self._chained(("*", "/"), self._factor)

    def _chained(self, signs: tuple[str, ...], part: Callable[[], Tree]) -> Tree:
        tree = part()
        while token := self._take(*signs):
            tree = Tree(token.text, token.column, (tree, part()))
        return tree

    def _factor(self) -> Tree:
        if minus := self._take("-"):
            return Tree("neg", minus.column, (self._atom(),))
        return self._atom()

    def _atom(self) -> Tree:
        if self._take("("):
            tree = self._condition()
            self._need(")")
            return tree
        if self._now.kind == "number":
            return self._number()
        if self._now.kind != "name":
            self._refuse(said("a number or a name is missing before “{text}”", text=self._now.text))
        return self._named()

    def _named(self) -> Tree:
        token = self._now
        self._place += 1
        if self._take("("):
            return Tree("call", token.column, tuple(self._arguments()), token.text)
        if self._take(".."):
            if self._now.kind != "name":
                self._refuse(said("write an item after “..”, as in q1..q9"))
            last = Tree("name", self._now.column, name=self._now.text)
            self._place += 1
            return Tree("run", token.column, (last,), token.text)
        return Tree("name", token.column, name=token.text)

    def _arguments(self) -> Iterator[Tree]:
        if self._take(")"):
            return
        yield self._condition()
        while self._take(","):
            yield self._condition()
        self._need(")")
