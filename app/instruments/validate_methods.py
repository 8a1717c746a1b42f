"""What each scoring method is made of, and what it has no use for."""

from collections.abc import Iterator

from app.instruments.origin import Finding, Location
from app.instruments.said import said
from app.instruments.scales import Conversion, Scale

_MISSING_RULES = {
    "weighted_sum": ("refuse", "available", "substitute"),
    "max": ("refuse", "available"),
    "expression": ("refuse", "available"),
    "rules": ("refuse", "available"),
}
_OWN_KEYS = {
    "weights": "weighted_sum",
    "endorsed": "count",
    "expression": "expression",
    "rules": "rules",
}


def check_method(at: Location, scale: Scale) -> Iterator[Finding]:
    """Yield what the method of `scale` lacks, and what it cannot use."""
    yield from _check_keys(at, scale)
    yield from _check_sources(at, scale)
    yield from _check_missing(at, scale)
    yield from _check_members(at, scale)
    yield from _check_rules(at, scale)


def _check_keys(at: Location, scale: Scale) -> Iterator[Finding]:
    method = scale.method
    for key, owner in _OWN_KEYS.items():
        given = bool(getattr(scale, key))
        if given and method != owner:
            yield (
                (*at, key),
                said(
                    "“{key}” belongs to the method {owner}, not {method}; remove it.",
                    key=key,
                    owner=owner,
                    method=method,
                ),
            )
        if not given and method == owner:
            yield at, said("the method {method} needs “{key}”; add it.", method=method, key=key)


def _check_sources(at: Location, scale: Scale) -> Iterator[Finding]:
    """Items or scales, one of the two; expressions and rules name theirs themselves."""
    method = scale.method
    if method in ("expression", "rules"):
        if scale.items or scale.scales:
            yield (
                at,
                said("the method {method} names its items itself; remove the list.", method=method),
            )
    elif bool(scale.items) == bool(scale.scales):
        yield (
            at,
            said(
                "the method {method} needs either “items” or “scales”, one of the two.",
                method=method,
            ),
        )
    if scale.scales and (scale.reverse or method == "count"):
        yield at, said("scales can be neither reversed nor counted; list items instead.")


def _check_missing(at: Location, scale: Scale) -> Iterator[Finding]:
    method = scale.method
    if scale.missing.rule not in _MISSING_RULES.get(method, (scale.missing.rule,)):
        allowed = " or ".join(_MISSING_RULES[method])
        yield (
            (*at, "missing"),
            said(
                "the method {method} knows only the rules {allowed}.",
                method=method,
                allowed=allowed,
            ),
        )
    if scale.scales and scale.missing.rule == "substitute":
        yield (*at, "missing"), said("a missing scale cannot be replaced by a value; refuse it.")


def _check_members(at: Location, scale: Scale) -> Iterator[Finding]:
    members = (*scale.items, *scale.scales)
    for code in scale.weights:
        if code not in members:
            yield (
                (*at, "weights", code),
                said(
                    "{code} is no part of {scale}; remove its weight.", code=code, scale=scale.code
                ),
            )
    if scale.method == "weighted_sum":
        for code in members:
            if code not in scale.weights:
                yield (*at, "weights"), said("{code} has no weight; add one.", code=code)
    if scale.method == "count":
        for code in members:
            if not scale.endorsed_values(code):
                yield (*at, "endorsed"), said("say which answers of {code} count.", code=code)
    for code in scale.endorsed:
        if code != "all" and code not in members:
            yield (
                (*at, "endorsed", code),
                said("{code} is no part of {scale}; remove it.", code=code, scale=scale.code),
            )


def _check_rules(at: Location, scale: Scale) -> Iterator[Finding]:
    for index, rule in enumerate(scale.rules):
        place: Location = (*at, "rules", index)
        is_last = index == len(scale.rules) - 1
        if (rule.when is None) == (not rule.otherwise):
            yield place, said("write either “when” or “otherwise: true”, one of the two.")
        elif rule.otherwise != is_last:
            yield place, said("the last rule, and only that, is “otherwise: true”.")
        if rule.band in [other.band for other in scale.rules[:index]]:
            yield (
                (*place, "band"),
                said("“{band}” stands twice; join the two rules by “or”.", band=rule.band),
            )
    if scale.rules and scale.convert != Conversion():
        yield (*at, "convert"), said("the rules give the score already; remove the conversion.")
    if scale.rules and scale.bands:
        yield (*at, "bands"), said("the rules give the bands already; remove these.")
