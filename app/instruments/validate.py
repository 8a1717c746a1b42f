"""What makes an instrument consistent: rules that concern more than one value of the file."""

import re
from collections.abc import Iterator

from app.instruments.examples import Example
from app.instruments.formulas import read_formulas
from app.instruments.model import Instrument
from app.instruments.origin import Finding, Location
from app.instruments.said import said
from app.instruments.validate_branches import check_branches
from app.instruments.validate_groups import check_groups
from app.instruments.validate_items import check_items
from app.instruments.validate_lengths import check_lengths
from app.instruments.validate_norms import check_norms
from app.instruments.validate_scales import check_scales
from app.instruments.words import Answer, Part, Text

_TELLING_TITLE = re.compile(
    r"抑郁|焦虑|自杀|自伤|精神|病|障碍|筛查|depress|anxi|suicid|disorder|illness|screen",
    re.IGNORECASE,
)


def check_instrument(instrument: Instrument) -> Iterator[Finding]:
    """Yield every inconsistency of the instrument file."""
    yield from _check_codes(instrument)
    yield from check_languages(instrument)
    yield from check_lengths(instrument)
    for locale, title in instrument.student_title.root.items():
        if telling := telling_words(title):
            yield (
                ("student_title", locale),
                said("a student would read “{words}”; choose a neutral title.", words=telling),
            )
    findings: list[Finding] = []
    formulas = read_formulas(instrument, findings)
    yield from findings
    yield from check_items(instrument, formulas)
    if not findings:
        yield from check_branches(instrument, formulas)
    yield from _check_purpose(instrument)
    yield from check_scales(instrument, formulas)
    yield from check_norms(instrument)
    yield from check_groups(instrument)
    yield from _check_flags(instrument)


def telling_words(title: str) -> str | None:
    """Return what in a title would tell a student what is looked for, or None."""
    found = _TELLING_TITLE.search(title)
    return found.group() if found else None


def check_examples(instrument: Instrument) -> Iterator[Finding]:
    """Yield every name or value in the examples that the instrument does not know."""
    for index, example in enumerate(instrument.examples):
        yield from _check_example(("examples", index), example, instrument)


def names_items(name: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the items that `name` stands for in an example: `all`, a run `q1..q4`, or one code."""
    if name == "all":
        return codes
    first, dots, last = name.partition("..")
    if dots and first in codes and last in codes:
        return codes[codes.index(first) : codes.index(last) + 1]
    return (name,) if name in codes else ()


def _check_codes(instrument: Instrument) -> Iterator[Finding]:
    places: list[tuple[Location, str]] = [
        (("items", i, "code"), code) for i, code in enumerate(instrument.item_codes)
    ]
    places += [(("scales", i, "code"), scale.code) for i, scale in enumerate(instrument.scales)]
    seen: set[str] = set()
    for location, code in places:
        if code in seen:
            yield location, said("“{code}” is used twice; give each its own code.", code=code)
        seen.add(code)
    flags = instrument.flag_codes
    for index, rule in enumerate(instrument.flags):
        if flags.count(rule.code) > 1:
            yield (
                ("flags", index, "code"),
                said("the flag “{code}” exists already; rename it.", code=rule.code),
            )


def _check_purpose(instrument: Instrument) -> Iterator[Finding]:
    """Yield a questionnaire without scales: only a form that guides a talk may count nothing."""
    if not instrument.scales and instrument.informant != "interviewer":
        yield (
            ("scales",),
            said(
                "nothing is scored; add a scale, or write “informant: interviewer” for a form that "
                "guides a talk."
            ),
        )


#: What people write for Chinese in simplified letters, and no text here is filed under.
_SHORT_FOR_CHINESE = frozenset({"zh", "cn", "zh_CN", "zh-CN", "zh_Hans_CN", "zh-Hans"})


def check_languages(instrument: Instrument) -> Iterator[Finding]:
    """Yield every text that is missing in a language of the instrument."""
    wanted = frozenset(instrument.languages)
    if short := sorted(wanted & _SHORT_FOR_CHINESE):
        yield ("languages",), said("write zh_Hans instead of {name}.", name=", ".join(short))
        return  # every text would be told as missing
    for location, text in _texts(instrument):
        if missing := sorted(wanted - text.locales):
            yield (
                location,
                said("this text is missing in {names}; add it.", names=", ".join(missing)),
            )
        if surplus := sorted(text.locales - wanted):
            yield (
                location,
                said(
                    "{names} is not among the languages; list it there.", names=", ".join(surplus)
                ),
            )
    if missing := sorted(wanted - set(instrument.translations)):
        yield (
            ("translations",),
            said(
                "say where the wording in {names} comes from (status and source).",
                names=", ".join(missing),
            ),
        )


def _texts(instrument: Instrument) -> Iterator[tuple[Location, Text]]:
    """Yield every text of the instrument with its place, wherever the model holds one."""
    for name in type(instrument).model_fields:
        if name != "option_sets":
            yield from _texts_in(getattr(instrument, name), (name,))


def _texts_in(value: object, at: Location) -> Iterator[tuple[Location, Text]]:
    if isinstance(value, Text):
        yield at, value
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _texts_in(entry, (*at, index))
    elif isinstance(value, Part):
        for name, about in type(value).model_fields.items():
            yield from _texts_in(getattr(value, name), (*at, about.alias or name))


def _check_flags(instrument: Instrument) -> Iterator[Finding]:
    for index, rule in enumerate(instrument.flags):
        if rule.kind == "critical" and rule.lane is None:
            yield (
                ("flags", index),
                said("a critical flag calls a person; say how fast with “lane”."),
            )
        if rule.kind != "critical" and (rule.lane or rule.imminent):
            yield (
                ("flags", index),
                said("only critical flags have a lane; “{kind}” has none.", kind=rule.kind),
            )


def _check_example(at: Location, example: Example, instrument: Instrument) -> Iterator[Finding]:
    yield from _check_example_answers(at, example, instrument)
    scales = {scale.code: scale for scale in instrument.scales}
    for group in ("scores", "bands"):
        for code in getattr(example.expect, group):
            if code not in scales:
                yield (
                    (*at, "expect", group, code),
                    said("no scale is called “{code}”; correct it.", code=code),
                )
    for code, band in example.expect.bands.items():
        if code in scales and band is not None and band not in scales[code].band_codes:
            yield (
                (*at, "expect", "bands", code),
                said("{code} has no band “{band}”; correct it.", code=code, band=band),
            )
    for index, code in enumerate(example.expect.flags):
        if code not in instrument.flag_codes:
            known = ", ".join(instrument.flag_codes) or said("none")
            yield (
                (*at, "expect", "flags", index),
                said("no flag “{code}”; the flags are: {known}.", code=code, known=known),
            )


def _check_example_answers(
    at: Location, example: Example, instrument: Instrument
) -> Iterator[Finding]:
    codes = instrument.item_codes
    if isinstance(example.answers, tuple):
        if len(example.answers) != len(codes):
            yield (
                (*at, "answers"),
                said(
                    "{given} answers for {asked} items; write one for each, "
                    "null for a missing one.",
                    given=len(example.answers),
                    asked=len(codes),
                ),
            )
            return
        named: dict[str, tuple[int | str, Answer]] = {
            code: (index, example.answers[index]) for index, code in enumerate(codes)
        }
    else:
        named = {}
        for name, answer in example.answers.items():
            if not names_items(name, codes):
                yield (
                    (*at, "answers", name),
                    said("no item is called “{name}”; correct the name.", name=name),
                )
            named |= dict.fromkeys(names_items(name, codes), (name, answer))
    for code, (place, answer) in named.items():
        if isinstance(answer, int | float) and not instrument.item(code).allows(answer):
            yield (
                (*at, "answers", place),
                said(
                    "{code} cannot be answered with {answer}; correct it.", code=code, answer=answer
                ),
            )
