"""What makes items consistent: keys that belong, rules that can fire, sections that hold all."""

import re
from collections.abc import Iterator, Sequence

from app.instruments.formulas import Formulas
from app.instruments.items import CHOICE_KINDS, NUMERIC_KINDS, Item
from app.instruments.lexicon import find_critical
from app.instruments.model import Instrument
from app.instruments.origin import Finding, Location
from app.instruments.words import REFUSED, Text

_BELONGS = {
    "options": ("single", "multiple"),
    "range": ("number", "slider"),
    "step": ("number", "slider"),
    "unit": ("number",),
    "ends": ("slider",),
    "lines": ("text",),
    "hidden_counts_as": ("single", "number", "slider"),
    "critical": ("single",),
    "attention": ("single",),
}
_NEEDS = {"single": "options", "multiple": "options", "number": "range", "slider": "range"}


def check_items(instrument: Instrument, formulas: Formulas) -> Iterator[Finding]:
    """Yield every inconsistency of the items and sections."""
    used = {code for leaves in formulas.leaves.values() for code in leaves}
    for index, item in enumerate(instrument.items):
        at: Location = ("items", index)
        yield from _check_kind(at, item)
        yield from _check_rules(at, item)
        yield from _check_use(at, item, item.code in used)
        yield from check_lexicon(at, item)
        if item.hidden_counts_as is not None and item.code not in formulas.shown:
            yield (*at, "hidden_counts_as"), f"{item.code} is always shown; remove this."
    yield from _check_sections(instrument)


def _check_kind(at: Location, item: Item) -> Iterator[Finding]:
    needed = _NEEDS.get(item.kind)
    for name, kinds in _BELONGS.items():
        given = getattr(item, name)
        if given not in (None, ()) and item.kind not in kinds:
            yield (*at, name), f"an item of the kind “{item.kind}” has no “{name}”; remove it."
        if given in (None, ()) and name == needed:
            yield at, f"{item.code} needs “{name}”; add it."
    if item.kind in CHOICE_KINDS and len(item.options) == 1:
        yield (*at, "options"), "one option leaves no choice; add another."
    for index, option in enumerate(item.options):
        if option.value in [other.value for other in item.options[:index]]:
            yield (*at, "options", index), f"the value {option.value} is used twice; change one."
    if item.range is not None and item.range[0] >= item.range[1]:
        yield (*at, "range"), "write the smaller end first."
    if item.kind == "info" and item.text is None:
        yield at, f"{item.code} shows nothing; give it a text."


def _check_rules(at: Location, item: Item) -> Iterator[Finding]:
    for index, rule in enumerate(item.critical):
        yield from _check_answers((*at, "critical", index, "answers"), rule.answers, item)
    if item.attention is not None:
        yield from _check_answers((*at, "attention", "answers"), item.attention.answers, item)
    if item.critical and not any(REFUSED in rule.answers for rule in item.critical):
        yield (
            (*at, "critical"),
            "a shown and refused critical item must call somebody; add “refused” to one rule.",
        )
    if item.hidden_counts_as is not None and not item.allows(item.hidden_counts_as):
        yield (*at, "hidden_counts_as"), f"{item.code} has no such answer; use one of its own."


def _check_answers(at: Location, answers: Sequence[object], item: Item) -> Iterator[Finding]:
    known = ", ".join(str(value) for value in item.values)
    for index, answer in enumerate(answers):
        if answer != REFUSED and answer not in item.values:
            yield (*at, index), f"{item.code} has no answer {answer}; use {known} or refused."


def _check_use(at: Location, item: Item, is_used: bool) -> Iterator[Finding]:
    if item.kind not in NUMERIC_KINDS:
        return
    if item.scored and not is_used:
        yield at, f"no scale uses {item.code}; add it to one, or write “scored: false”."
    if not item.scored and is_used:
        yield (*at, "scored"), f"a scale uses {item.code}; remove “scored: false”."


def check_lexicon(at: Location, item: Item) -> Iterator[Finding]:
    """Yield wordings that speak of self-harm where neither a rule nor a reason answers them."""
    if item.critical or item.attention or item.not_critical:
        return
    texts: list[tuple[Location, Text | None]] = [(("text",), item.text)]
    texts += [(("variants", i, "text"), v.text) for i, v in enumerate(item.variants)]
    texts += [(("options", i, "label"), o.label) for i, o in enumerate(item.options)]
    for location, text in texts:
        for locale, wording in (text.root if text else {}).items():
            if words := find_critical(re.sub(r"\s+", " ", wording)):
                yield (
                    (*at, *location, locale),
                    f"“{words}” may speak of self-harm; give the item a critical or attention "
                    "rule, or say under “not_critical” why it needs none.",
                )


def _check_sections(instrument: Instrument) -> Iterator[Finding]:
    if not instrument.sections:
        return
    listed = [code for section in instrument.sections for code in section.items]
    for index, section in enumerate(instrument.sections):
        for place, code in enumerate(section.items):
            if code not in instrument.item_codes:
                yield ("sections", index, "items", place), f"no item is called “{code}”."
        if section.layout == "matrix":
            yield from _check_matrix(("sections", index), section.items, instrument)
    if set(listed) == set(instrument.item_codes) and tuple(listed) != instrument.item_codes:
        yield ("sections",), "the sections must keep the order of the items, each item once."
    for code in instrument.item_codes:
        if code not in listed:
            yield ("sections",), f"{code} stands in no section; add it to one."


def _check_matrix(
    at: Location, codes: tuple[str, ...], instrument: Instrument
) -> Iterator[Finding]:
    options = [item.options for item in instrument.items if item.code in codes]
    if any(one != options[0] for one in options):
        yield (*at, "layout"), "a matrix needs the same options for all its items; use “list”."
