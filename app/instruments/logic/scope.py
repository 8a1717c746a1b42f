"""Names given a meaning: a syntax tree checked against an instrument becomes plain data.

The data is a number, or a list of an operation and its arguments: ["and", [">=", ["get", "q1"], 2],
…]. Truth is 1, falsehood 0, unknown is missing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.instruments.logic.grammar import LogicError, Tree, parse
from app.instruments.said import said

Data = float | list["Data | str"]

MAX_NODES = 5000
PERSON_NAMES = frozenset({"sex", "age", "grade"})
CONSTANTS = {"male": 1.0, "female": 2.0}

_ELSEWHERE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_NUMBER, _TRUTH = "number", "condition"
#: Function → what it takes, what it gives, fewest and most arguments (None: any number).
_FUNCTIONS: dict[str, tuple[str, str, int, int | None]] = {
    "sum": (_NUMBER, _NUMBER, 1, None),
    "mean": (_NUMBER, _NUMBER, 1, None),
    "min": (_NUMBER, _NUMBER, 1, None),
    "max": (_NUMBER, _NUMBER, 1, None),
    "answered": (_NUMBER, _NUMBER, 1, None),
    "count": (_TRUTH, _NUMBER, 1, None),
    "any": (_TRUTH, _TRUTH, 1, None),
    "all": (_TRUTH, _TRUTH, 1, None),
    "abs": (_NUMBER, _NUMBER, 1, 1),
    "floor": (_NUMBER, _NUMBER, 1, 1),
    "round": (_NUMBER, _NUMBER, 1, 1),
    "value_or": (_NUMBER, _NUMBER, 2, 2),
}
_ARITHMETIC = frozenset({"+", "-", "*", "/", "neg"})
_JOINS = frozenset({"and", "or", "not"})


@dataclass(frozen=True)
class ScaleNames:
    """What an expression may ask of a scale: its bands in order, its smallest reliable change."""

    bands: tuple[str, ...] = ()
    least_change: float | None = None


@dataclass(frozen=True)
class Scope:
    """The names an expression may use."""

    items: tuple[str, ...]
    scales: Mapping[str, ScaleNames] = field(default_factory=dict)
    multiple: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    allows_context: bool = False


@dataclass(frozen=True)
class Logic:
    """A checked expression as plain data, with the names it reads."""

    text: str
    data: Data
    names: frozenset[str]
    is_condition: bool


def compile_logic(text: str, scope: Scope, *, condition: bool) -> Logic:
    """Check `text` against `scope`; raise `LogicError` where it has no meaning."""
    resolver = _Resolver(scope)
    data, kind = resolver.resolve(parse(text))
    if kind != (_TRUTH if condition else _NUMBER):
        wanted = said("a condition, such as q1 >= 2") if condition else said("a number")
        raise LogicError(
            1, said("this gives a {kind}; {wanted} is needed", kind=said(kind), wanted=wanted)
        )
    return Logic(text, data, frozenset(resolver.names), condition)


def names_in(data: Data) -> frozenset[str]:
    """Return the names that `data` reads."""
    if not isinstance(data, list):
        return frozenset()
    if data[0] == "get":
        return frozenset([str(data[1])])
    return frozenset().union(*(names_in(part) for part in data[1:] if not isinstance(part, str)))


class _Resolver:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names: set[str] = set()
        self._nodes = 0

    def resolve(self, tree: Tree) -> tuple[Data, str]:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise LogicError(tree.column, said("this grows too large; split it into scales"))
        if tree.kind == "number":
            return tree.number, _NUMBER
        if tree.kind == "name":
            return self._name(tree), _NUMBER
        if tree.kind == "run":
            raise LogicError(
                tree.column, said("a run such as q1..q9 stands inside sum(), count() etc.")
            )
        if tree.kind == "call":
            return self._call(tree)
        takes, gives = _signature(tree.kind)
        return [tree.kind, *(self._typed(part, takes) for part in tree.parts)], gives

    def _typed(self, tree: Tree, wanted: str) -> Data:
        data, kind = self.resolve(tree)
        if kind != wanted:
            raise LogicError(
                tree.column,
                said("a {wanted} is needed here, and this is a {kind}", wanted=wanted, kind=kind),
            )
        return data

    def _name(self, tree: Tree) -> Data:
        if tree.name in CONSTANTS:
            return CONSTANTS[tree.name]
        if tree.name in self.scope.multiple:
            raise LogicError(
                tree.column,
                said("several answers can be chosen; ask chosen({name}, 1)", name=tree.name),
            )
        return self._get(tree.name, tree.column)

    def _get(self, name: str, column: int) -> Data:
        if not self._knows(name):
            raise LogicError(
                column,
                said("no item or scale is called “{name}” here; correct the name", name=name),
            )
        self.names.add(name)
        return ["get", name]

    def _knows(self, name: str) -> bool:
        owner, _, aspect = name.partition(".")
        if name in self.scope.items or name in self.scope.scales or name in PERSON_NAMES:
            return True
        if owner in self.scope.scales:
            return aspect in ("raw", "answered", "band")
        if not self.scope.allows_context or owner in self.scope.items:
            return False
        if owner == "previous":
            return aspect in self.scope.scales
        return bool(_ELSEWHERE.fullmatch(name))

    def _call(self, tree: Tree) -> tuple[Data, str]:
        if tree.name in _SPECIAL:
            return _SPECIAL[tree.name](self, tree)
        if tree.name not in _FUNCTIONS:
            known = ", ".join(sorted([*_FUNCTIONS, *_SPECIAL]))
            raise LogicError(
                tree.column,
                said("no function “{name}”; there are {known}", name=tree.name, known=known),
            )
        takes, gives, fewest, most = _FUNCTIONS[tree.name]
        parts = [single for part in tree.parts for single in self._spread(part)]
        if len(parts) < fewest or (most is not None and len(parts) > most):
            raise LogicError(
                tree.column, said("{name}() takes {fewest} of them", name=tree.name, fewest=fewest)
            )
        if tree.name == "answered":
            return ["answered", *(self._item(part) for part in parts)], gives
        name = {"any": "or", "all": "and"}.get(tree.name, tree.name)
        return [name, *(self._typed(part, takes) for part in parts)], gives

    def _spread(self, tree: Tree) -> list[Tree]:
        """Write a run out; a comparison with a run becomes one comparison an item."""
        if tree.kind == "run":
            return [Tree("name", tree.column, name=code) for code in self._run(tree)]
        if tree.parts and tree.parts[0].kind == "run" and tree.kind not in ("run", "call"):
            singles = self._spread(tree.parts[0])
            return [Tree(tree.kind, tree.column, (one, *tree.parts[1:])) for one in singles]
        return [tree]

    def _run(self, tree: Tree) -> tuple[str, ...]:
        items, first, last = self.scope.items, tree.name, tree.parts[0].name
        if first not in items or last not in items or items.index(first) > items.index(last):
            raise LogicError(
                tree.column,
                said(
                    "“{first}..{last}” must name two items, earlier first", first=first, last=last
                ),
            )
        return items[items.index(first) : items.index(last) + 1]

    def _item(self, tree: Tree) -> Data:
        if tree.kind != "name":
            raise LogicError(tree.column, said("write items here, such as q1 or q1..q9"))
        return self._get(tree.name, tree.column)

    def _if(self, tree: Tree) -> tuple[Data, str]:
        if len(tree.parts) != 3:  # noqa: PLR2004 -- condition, then, else
            raise LogicError(tree.column, said("write if(condition, value, other value)"))
        condition = self._typed(tree.parts[0], _TRUTH)
        (then, kind), other = self.resolve(tree.parts[1]), tree.parts[2]
        return ["if", condition, then, self._typed(other, kind)], kind

    def _chosen(self, tree: Tree) -> tuple[Data, str]:
        names = [part.name or part.number for part in tree.parts]
        values = self.scope.multiple.get(str(names[0]), ()) if names else ()
        if len(names) != 2 or names[1] not in values:  # noqa: PLR2004 -- item and option
            raise LogicError(
                tree.column, said("write chosen(item, value) for a multiple-choice item")
            )
        return ["chosen", self._get(str(names[0]), tree.column), values.index(float(names[1]))], (
            _TRUTH
        )

    def _reaches(self, tree: Tree) -> tuple[Data, str]:
        scale, band = self._scale_and(tree, "reaches(scale, band)", 2)
        bands = self.scope.scales[scale].bands
        if band not in bands:
            raise LogicError(
                tree.column,
                said("{scale} has no band “{band}”; correct the name", scale=scale, band=band),
            )
        position = self._get(f"{scale}.band", tree.column)
        return [">=", position, float(bands.index(band))], _TRUTH

    def _changed(self, tree: Tree) -> tuple[Data, str]:
        scale, _ = self._scale_and(tree, f"{tree.name}(scale)", 1)
        least = self.scope.scales[scale].least_change
        if least is None or not self.scope.allows_context:
            raise LogicError(
                tree.column,
                said(
                    "{scale} cites no reliability; add it, or leave {name}() out",
                    scale=scale,
                    name=tree.name,
                ),
            )
        now, before = self._get(scale, tree.column), self._get(f"previous.{scale}", tree.column)
        ends = (now, before) if tree.name == "risen" else (before, now)
        return [">=", ["-", *ends], least], _TRUTH

    def _scale_and(self, tree: Tree, wanted: str, size: int) -> tuple[str, str]:
        names = [part.name for part in tree.parts]
        if len(names) != size or names[0] not in self.scope.scales:
            raise LogicError(
                tree.column, said("write {wanted} with a scale of this file", wanted=wanted)
            )
        return names[0], names[-1]


_SPECIAL: dict[str, Callable[[_Resolver, Tree], tuple[Data, str]]] = {
    "if": _Resolver._if,
    "chosen": _Resolver._chosen,
    "reaches": _Resolver._reaches,
    "risen": _Resolver._changed,
    "fallen": _Resolver._changed,
}


def _signature(kind: str) -> tuple[str, str]:
    if kind in _ARITHMETIC:
        return _NUMBER, _NUMBER
    if kind in _JOINS:
        return _TRUTH, _TRUTH
    return _NUMBER, _TRUTH
