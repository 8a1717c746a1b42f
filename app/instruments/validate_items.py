"""What makes items consistent: keys that belong, rules that can fire, sections that hold all."""

import re
from collections.abc import Iterator, Sequence

from app.instruments.formulas import Formulas
from app.instruments.items import CHOICE_KINDS, NUMERIC_KINDS, Item
from app.instruments.lexicon import find_critical
from app.instruments.model import Instrument
from app.instruments.origin import Finding, Location
from app.instruments.said import said
from app.instruments.words import MISSING_CODES, REFUSED, Text

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
            yield (
                (*at, "hidden_counts_as"),
                said("{item} is always shown; remove this.", item=item.code),
            )
    yield from _check_sections(instrument)


def _check_kind(at: Location, item: Item) -> Iterator[Finding]:
    needed = _NEEDS.get(item.kind)
    for name, kinds in _BELONGS.items():
        given = getattr(item, name)
        if given not in (None, ()) and item.kind not in kinds:
            yield (
                (*at, name),
                said(
                    "an item of the kind “{kind}” has no “{name}”; remove it.",
                    kind=item.kind,
                    name=name,
                ),
            )
        if given in (None, ()) and name == needed:
            yield at, said("{item} needs “{name}”; add it.", item=item.code, name=name)
    if item.kind in CHOICE_KINDS and len(item.options) == 1:
        yield (*at, "options"), said("one option leaves no choice; add another.")
    for index, option in enumerate(item.options):
        if option.value in [other.value for other in item.options[:index]]:
            yield (
                (*at, "options", index),
                said("the value {value} is used twice; change one.", value=option.value),
            )
    yield from _check_missing_codes(at, item)
    if item.range is not None and item.range[0] >= item.range[1]:
        yield (*at, "range"), said("write the smaller end first.")
    if item.kind == "info" and item.text is None:
        yield at, said("{item} shows nothing; give it a text.", item=item.code)


def _check_missing_codes(at: Location, item: Item) -> Iterator[Finding]:
    """In every file that leaves, these numbers say that nothing was answered."""
    low, high = item.range or (0, 0)
    for code in MISSING_CODES:
        if low <= code <= high or code in [option.value for option in item.options]:
            message = said(
                "{code} stands for a missing answer in exports; use other numbers.", code=code
            )
            yield (*at, "range" if item.range else "options"), message
            return


def _check_rules(at: Location, item: Item) -> Iterator[Finding]:
    for index, rule in enumerate(item.critical):
        yield from _check_answers((*at, "critical", index, "answers"), rule.answers, item)
    if item.attention is not None:
        yield from _check_answers((*at, "attention", "answers"), item.attention.answers, item)
    if item.critical and not any(REFUSED in rule.answers for rule in item.critical):
        yield (
            (*at, "critical"),
            said(
                "a shown and refused critical item must call somebody; add “refused” to one rule."
            ),
        )
    if item.hidden_counts_as is not None and not item.allows(item.hidden_counts_as):
        yield (
            (*at, "hidden_counts_as"),
            said("{item} has no such answer; use one of its own.", item=item.code),
        )


def _check_answers(at: Location, answers: Sequence[object], item: Item) -> Iterator[Finding]:
    known = ", ".join(str(value) for value in item.values)
    for index, answer in enumerate(answers):
        if answer != REFUSED and answer not in item.values:
            yield (
                (*at, index),
                said(
                    "{item} has no answer {answer}; use {known} or refused.",
                    item=item.code,
                    answer=answer,
                    known=known,
                ),
            )


def _check_use(at: Location, item: Item, is_used: bool) -> Iterator[Finding]:
    if item.kind not in NUMERIC_KINDS:
        return
    if item.scored and not is_used:
        yield (
            at,
            said("no scale uses {item}; add it to one, or write “scored: false”.", item=item.code),
        )
    if not item.scored and is_used:
        yield (*at, "scored"), said("a scale uses {item}; remove “scored: false”.", item=item.code)


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
                    said(
                        "“{words}” may speak of self-harm; give the item a critical or "
                        "attention rule, or say under “not_critical” why it needs none.",
                        words=words,
                    ),
                )


def _check_sections(instrument: Instrument) -> Iterator[Finding]:
    if not instrument.sections:
        return
    listed = [code for section in instrument.sections for code in section.items]
    for index, section in enumerate(instrument.sections):
        for place, code in enumerate(section.items):
            if code not in instrument.item_codes:
                yield (
                    ("sections", index, "items", place),
                    said("no item is called “{code}”.", code=code),
                )
        if section.layout == "matrix":
            yield from _check_matrix(("sections", index), section.items, instrument)
    if set(listed) == set(instrument.item_codes) and tuple(listed) != instrument.item_codes:
        yield ("sections",), said("the sections must keep the order of the items, each item once.")
    for code in instrument.item_codes:
        if code not in listed:
            yield ("sections",), said("{code} stands in no section; add it to one.", code=code)


def _check_matrix(
    at: Location, codes: tuple[str, ...], instrument: Instrument
) -> Iterator[Finding]:
    options = [item.options for item in instrument.items if item.code in codes]
    if any(one != options[0] for one in options):
        yield (
            (*at, "layout"),
            said("a matrix needs the same options for all its items; use “list”."),
        )
