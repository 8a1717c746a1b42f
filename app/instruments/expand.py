"""Short forms written out: named option sets, runs of items such as q1..q9, groups of items."""

import re
from collections.abc import Iterator
from copy import copy

from app.instruments.problems import Problem
from app.instruments.said import said
from app.instruments.strict_yaml import Node

MAX_ITEMS = 500
#: How much short forms may add when written out; a longer file is a mistake or a bomb.
MAX_NODES = 200_000
_DASHED = re.compile(r"([a-z_]+\d+) *[-~–—至到]+ *([a-z_]*\d+)")
_RUN = re.compile(r"([a-z_]*?)([0-9]+)\.\.([a-z_]*?)([0-9]+)")


class Expander:
    """Rewrites the nodes of one instrument in place; what cannot be written out is noted."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self._budget = MAX_NODES

    def expand(self, root: Node) -> None:
        """Write every short form of the file out."""
        items = root.get("items")
        if items is None or not isinstance(items.value, list):
            return
        items.value = [single for node in items.value for single in self._singles(node)]
        for item in items.value:
            self._name_options(root, item)
        order = [str(code.value) for item in items.value if (code := item.get("code"))]
        self._check_twins(items.value)
        for part in _entries(root.get("scales")) + _entries(root.get("sections")):
            for key in ("items", "reverse"):
                if (listed := part.get(key)) is not None:
                    self._runs(listed, order)

    def _check_twins(self, items: list[Node]) -> None:
        """A run from one item to another means nothing while two items have one code."""
        seen: set[object] = set()
        for item in items:
            if (code := item.get("code")) is not None:
                if code.value in seen:
                    self._note(
                        code,
                        said("“{code}” is used twice; give each its own code.", code=code.value),
                    )
                seen.add(code.value)

    def _note(self, node: Node, message: str) -> None:
        self.problems.append(Problem(self.path, *node.place, message))

    def _singles(self, node: Node) -> Iterator[Node]:
        run = node.get("codes")
        if run is None:
            yield node
            return
        for code in self._count(run):
            if not self._afford(node):
                return
            single = copy(node)
            single.value = {k: v for k, v in node.value.items() if k != "codes"}  # type: ignore[union-attr]  # it has a key, so it is a mapping
            single.value["code"] = Node(code, run.place)
            yield single

    def _count(self, run: Node) -> list[str]:
        found = _RUN.fullmatch(run.value) if isinstance(run.value, str) else None
        if found is None or found[3] not in ("", found[1]):
            self._note(run, said("write a run of item codes such as q1..q100 after “codes”."))
            return []
        numbers = range(int(found[2]), int(found[4]) + 1)
        if not 0 < len(numbers) <= MAX_ITEMS:
            self._note(
                run,
                said("a run goes upwards and has at most {most} items.", most=MAX_ITEMS),
            )
            return []
        return [f"{found[1]}{number}" for number in numbers]

    def _name_options(self, root: Node, item: Node) -> None:
        options = item.get("options")
        if options is None or not isinstance(options.value, str):
            return
        sets = root.get("option_sets")
        named = sets.get(options.value) if sets else None
        if named is None:
            self._note(
                options,
                said("no option set is called “{value}”; define it above.", value=options.value),
            )
        elif self._afford(named):
            item.value["options"] = named  # type: ignore[index,call-overload]  # it has a key, so it is a mapping

    def _afford(self, node: Node) -> bool:
        """Tell whether one more copy of `node` may be written out."""
        if self._budget >= 0:
            self._budget -= node.size()
            if self._budget < 0:
                self._note(
                    node, said("written out this grows too large; use fewer items or options.")
                )
        return self._budget >= 0

    def _runs(self, listed: Node, order: list[str]) -> None:
        if isinstance(listed.value, str):
            listed.value = [Node(listed.value, listed.place)]
        if isinstance(listed.value, list):
            listed.value = [single for node in listed.value for single in self._run(node, order)]

    def _run(self, node: Node, order: list[str]) -> Iterator[Node]:
        if isinstance(node.value, str) and (dashed := _DASHED.fullmatch(node.value)):
            self._note(
                node,
                said("write a run of items with two dots: {run}.", run="..".join(dashed.groups())),
            )
            return
        if not isinstance(node.value, str) or ".." not in node.value:
            yield node
            return
        first, _, last = node.value.partition("..")
        if len(set(order)) < len(order):
            return  # two items of one code are told where they stand
        if first not in order or last not in order or order.index(first) > order.index(last):
            self._note(
                node,
                said(
                    "“{value}” must name two items of this file, earlier one first.",
                    value=node.value,
                ),
            )
            return
        for code in order[order.index(first) : order.index(last) + 1]:
            yield Node(code, node.place)


def _entries(node: Node | None) -> list[Node]:
    return node.value if node is not None and isinstance(node.value, list) else []
