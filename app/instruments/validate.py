"""What makes an instrument consistent: rules that concern more than one value of the file."""

import re
from collections.abc import Iterator, Sequence

from app.instruments import validate_scales
from app.instruments.examples import Example
from app.instruments.items import Item
from app.instruments.lexicon import find_critical
from app.instruments.model import Instrument
from app.instruments.origin import Location
from app.instruments.words import REFUSED, Text

Finding = tuple[Location, str]

_TELLING_TITLE = re.compile(
    r"抑郁|焦虑|自杀|自伤|精神|病|障碍|筛查|depress|anxi|suicid|disorder|illness|screen",
    re.IGNORECASE,
)


def check_instrument(instrument: Instrument) -> Iterator[Finding]:
    """Yield every inconsistency of the instrument file."""
    yield from _repeated((("items", i, "code"), c) for i, c in enumerate(instrument.item_codes))
    yield from _repeated(
        (("scales", i, "code"), scale.code) for i, scale in enumerate(instrument.scales)
    )
    yield from _check_languages(instrument)
    for locale, title in instrument.student_title.root.items():
        if found := _TELLING_TITLE.search(title):
            yield (
                ("student_title", locale),
                f"a student would read “{found.group()}”; choose a neutral title.",
            )
    for index, item in enumerate(instrument.items):
        yield from _check_item(("items", index), item, instrument)
    yield from validate_scales.check_scales(instrument)


def check_examples(instrument: Instrument) -> Iterator[Finding]:
    """Yield every name or value in the examples that the instrument does not know."""
    for index, example in enumerate(instrument.examples):
        yield from _check_example(("examples", index), example, instrument)


def _repeated(named: Iterator[tuple[Location, str]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for location, code in named:
        if code in seen:
            yield location, f"“{code}” is used twice; give each its own code."
        seen.add(code)


def _check_languages(instrument: Instrument) -> Iterator[Finding]:
    wanted = frozenset(instrument.languages)
    for location, text in _texts(instrument):
        if missing := sorted(wanted - text.locales):
            yield location, f"this text is missing in {', '.join(missing)}; add it."
        if surplus := sorted(text.locales - wanted):
            yield location, f"{', '.join(surplus)} is not among the languages; list it there."
    if missing := sorted(wanted - set(instrument.translations)):
        yield (
            ("translations",),
            f"say where the wording in {', '.join(missing)} comes from (status and source).",
        )


def _texts(instrument: Instrument) -> Iterator[tuple[Location, Text]]:
    for name in ("title", "student_title", "recall", "instructions"):
        yield (name,), getattr(instrument, name)
    for i, item in enumerate(instrument.items):
        if item.text is not None:
            yield ("items", i, "text"), item.text
        for j, option in enumerate(item.options):
            if option.label is not None:
                yield ("items", i, "options", j, "label"), option.label
    for i, scale in enumerate(instrument.scales):
        yield ("scales", i, "title"), scale.title
        for j, entry in enumerate(scale.bands):
            for k, band in enumerate(entry.bands):
                yield ("scales", i, "bands", j, "bands", k, "label"), band.label
        for j, cutoff in enumerate(scale.cutoffs):
            yield ("scales", i, "cutoffs", j, "meaning"), cutoff.meaning


def _check_item(at: Location, item: Item, instrument: Instrument) -> Iterator[Finding]:
    for index, value in enumerate(item.values):
        if value in item.values[:index]:
            yield (*at, "options", index), f"the value {value} is used twice; change one."
    for index, rule in enumerate(item.critical):
        yield from _check_answers((*at, "critical", index, "answers"), rule.answers, item)
    if item.attention is not None:
        yield from _check_answers((*at, "attention", "answers"), item.attention.answers, item)
    if item.critical and not any(REFUSED in rule.answers for rule in item.critical):
        yield (
            (*at, "critical"),
            "a shown and refused critical item must call somebody; add “refused” to one rule.",
        )
    is_used = item.code in instrument.scored_item_codes
    if item.scored and not is_used:
        yield at, f"no scale uses {item.code}; add it to one, or write “scored: false”."
    if not item.scored and is_used:
        yield (*at, "scored"), f"a scale uses {item.code}; remove “scored: false”."
    yield from _check_lexicon(at, item)


def _check_answers(at: Location, answers: Sequence[object], item: Item) -> Iterator[Finding]:
    known = ", ".join(str(value) for value in item.values)
    for index, answer in enumerate(answers):
        if answer != REFUSED and answer not in item.values:
            yield (*at, index), f"{item.code} has no answer {answer}; use {known} or refused."


def _check_lexicon(at: Location, item: Item) -> Iterator[Finding]:
    if item.text is None or item.critical or item.attention or item.not_critical:
        return
    for locale, wording in item.text.root.items():
        if words := find_critical(wording):
            yield (
                (*at, "text", locale),
                f"“{words}” may speak of self-harm; give the item a critical or attention rule, "
                "or say under “not_critical” why it needs none.",
            )


def _check_example(at: Location, example: Example, instrument: Instrument) -> Iterator[Finding]:
    if isinstance(example.answers, tuple):
        if len(example.answers) != len(instrument.items):
            yield (
                (*at, "answers"),
                f"{len(example.answers)} answers for {len(instrument.items)} items; "
                "write one for each, null for a missing one.",
            )
    else:
        for name in example.answers:
            if not names_items(name, instrument.item_codes):
                yield (*at, "answers", name), f"no item is called “{name}”; correct the name."
    scales = {scale.code: scale for scale in instrument.scales}
    for code in (*example.expect.scores, *example.expect.bands):
        if code not in scales:
            yield (*at, "expect"), f"no scale is called “{code}”; correct the name."
    for code, band in example.expect.bands.items():
        if code in scales and band is not None and band not in scales[code].band_codes:
            yield (*at, "expect", "bands", code), f"{code} has no band “{band}”; correct it."
    for index, code in enumerate(example.expect.flags):
        if code not in instrument.flag_codes:
            known = ", ".join(instrument.flag_codes) or "none"
            yield (*at, "expect", "flags", index), f"no flag “{code}”; the flags are: {known}."


def names_items(name: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the items that `name` stands for in an example: `all`, a run `q1..q4`, or one code."""
    if name == "all":
        return codes
    first, dots, last = name.partition("..")
    if dots and first in codes and last in codes:
        return codes[codes.index(first) : codes.index(last) + 1]
    return (name,) if name in codes else ()
