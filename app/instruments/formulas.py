"""Every condition and expression of an instrument, compiled; scales in the order they build up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from app.instruments.items import NUMERIC_KINDS
from app.instruments.logic import Logic, LogicError, Scope, compile_logic
from app.instruments.logic.scope import Data, ScaleNames
from app.instruments.model import Instrument
from app.instruments.origin import Finding, Location
from app.instruments.said import said
from app.instruments.scales import Scale


@dataclass(frozen=True)
class Formulas:
    """The compiled logic of one instrument."""

    shown: Mapping[str, Data]
    expressions: Mapping[str, Logic]
    rules: Mapping[str, tuple[Logic | None, ...]]
    flags: Mapping[str, Logic]
    order: tuple[str, ...]
    leaves: Mapping[str, tuple[str, ...]]


def read_formulas(instrument: Instrument, findings: list[Finding] | None = None) -> Formulas:
    """Compile the logic of `instrument`; what has no meaning is added to `findings`."""
    reader = _Reader(instrument, [] if findings is None else findings)
    expressions = dict(reader.expressions())
    rules = dict(reader.rules())
    needs = {
        scale.code: reader.needs(scale, expressions.get(scale.code), rules.get(scale.code, ()))
        for scale in instrument.scales
    }
    order = tuple(reader.order(needs))
    leaves: dict[str, tuple[str, ...]] = {}
    for code in order:
        behind = needs[code].union(*(leaves.get(name, ()) for name in needs[code]))
        leaves[code] = tuple(item for item in instrument.item_codes if item in behind)
    return Formulas(dict(reader.shown()), expressions, rules, dict(reader.flags()), order, leaves)


class _Reader:
    def __init__(self, instrument: Instrument, findings: list[Finding]) -> None:
        self.instrument = instrument
        self.findings = findings
        self._scales = {
            scale.code: ScaleNames(scale.band_codes, scale.least_change)
            for scale in instrument.scales
        }

    def shown(self) -> Iterator[tuple[str, Data]]:
        """Yield the condition of every item that is not always shown."""
        sections = {
            code: (index, section)
            for index, section in enumerate(self.instrument.sections)
            for code in section.items
        }
        for index, item in enumerate(self.instrument.items):
            conditions: list[Data] = []
            if item.code in sections:
                place, section = sections[item.code]
                self._condition(
                    ("sections", place, "show_when"),
                    section.show_when,
                    section.items[0],
                    conditions,
                )
            self._condition(("items", index, "show_when"), item.show_when, item.code, conditions)
            if conditions:
                yield item.code, conditions[0] if len(conditions) == 1 else ["and", *conditions]

    def expressions(self) -> Iterator[tuple[str, Logic]]:
        """Yield the expression of every scale that has one."""
        for index, scale in enumerate(self.instrument.scales):
            if scale.expression is not None:
                at: Location = ("scales", index, "expression")
                logic = self._compile(at, scale.expression, self._scope(), condition=False)
                if logic is not None:
                    yield scale.code, logic

    def rules(self) -> Iterator[tuple[str, tuple[Logic | None, ...]]]:
        """Yield the rules of every scale that is decided by rules."""
        for index, scale in enumerate(self.instrument.scales):
            if scale.rules:
                yield scale.code, tuple(self._rules_of(index, scale))

    def _rules_of(self, index: int, scale: Scale) -> Iterator[Logic | None]:
        for place, rule in enumerate(scale.rules):
            at: Location = ("scales", index, "rules", place, "when")
            yield self._compile(at, rule.when, self._scope()) if rule.when else None

    def flags(self) -> Iterator[tuple[str, Logic]]:
        """Yield the condition of every declared flag."""
        for index, rule in enumerate(self.instrument.flags):
            scope = self._scope(allows_context=True)
            logic = self._compile(("flags", index, "when"), rule.when, scope)
            if logic is not None:
                yield rule.code, logic

    def needs(
        self, scale: Scale, expression: Logic | None, rules: tuple[Logic | None, ...]
    ) -> frozenset[str]:
        """Return the items and scales that `scale` is made of."""
        logics = [logic for logic in (expression, *rules) if logic is not None]
        read = chain.from_iterable(logic.names for logic in logics)
        owners = (name.partition(".")[0] for name in read)
        return frozenset(scale.items) | frozenset(scale.scales) | frozenset(owners)

    def order(self, needs: Mapping[str, frozenset[str]]) -> Iterator[str]:
        """Yield scale codes so that each comes after those it is made of."""
        done: set[str] = set()
        waiting = list(needs)
        while waiting:
            ready = [code for code in waiting if needs[code].isdisjoint(set(needs) - done)]
            if not ready:
                self._refuse_circle(waiting)
                return
            yield from ready
            done.update(ready)
            waiting = [code for code in waiting if code not in done]

    def _refuse_circle(self, waiting: list[str]) -> None:
        for index, scale in enumerate(self.instrument.scales):
            if scale.code in waiting:
                self.findings.append(
                    (
                        ("scales", index),
                        said(
                            "{names} are made of each other; break the circle.",
                            names=", ".join(waiting),
                        ),
                    )
                )
                return

    def _condition(
        self, at: Location, text: str | None, before: str, conditions: list[Data]
    ) -> None:
        if text is not None:
            logic = self._compile(at, text, self._scope(before=before, scales=False))
            if logic is not None:
                conditions.append(logic.data)

    def _compile(
        self, at: Location, text: str, scope: Scope, *, condition: bool = True
    ) -> Logic | None:
        try:
            return compile_logic(text, scope, condition=condition)
        except LogicError as error:
            self.findings.append(
                (at, said("at character {column}: {error}.", column=error.column, error=error.told))
            )
            return None

    def _scope(
        self, *, before: str | None = None, scales: bool = True, allows_context: bool = False
    ) -> Scope:
        """Return the names that may be used; a branch looks only at what was asked before it."""
        items = self.instrument.items
        codes = self.instrument.item_codes
        if before is not None and before in codes:
            items = items[: codes.index(before)]
        return Scope(
            items=tuple(item.code for item in items if item.kind in NUMERIC_KINDS | {"multiple"}),
            scales=self._scales if scales else {},
            multiple={
                item.code: tuple(map(float, item.values))
                for item in items
                if item.kind == "multiple"
            },
            allows_context=allows_context,
        )
