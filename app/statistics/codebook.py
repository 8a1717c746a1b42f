"""The codebook of an export: every variable with its words in both languages, and what is none."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from flask_babel import force_locale
from flask_babel import gettext as _

from app.instruments.items import Item, ResponseOption
from app.instruments.model import Instrument
from app.instruments.scales import Scale
from app.instruments.words import Text
from app.platform.i18n import LOCALES
from app.statistics.domain.answers import (
    band_name,
    bands_in_order,
    doubtful_name,
    exported_items,
    names_of,
    score_name,
)
from app.statistics.domain.exports import AGE_GROUPS, NOT_ASKED, REFUSED, SKIPPED, Detail

#: A label by language.
Label = Mapping[str, str]


class Measure(StrEnum):
    """How the values of a variable can be compared, in the words of SPSS."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    SCALE = "scale"


@dataclass(frozen=True)
class Variable:
    """A column: its name in every file, what it says, and what its numbers mean."""

    name: str
    label: Label
    measure: Measure
    values: Mapping[float, Label]
    #: A text and no number.
    is_text: bool = False
    #: Whether an answer can be missing, with a code of its own for each reason.
    has_codes: bool = False
    #: How a score comes about.
    note: str = ""


def missing_labels() -> dict[float, Label]:
    """The codes of answers that are none."""
    return {
        SKIPPED: both(lambda: _("not answered")),
        REFUSED: both(lambda: _("would not answer")),
        NOT_ASKED: both(lambda: _("not asked, because of an earlier answer")),
    }


def both(words: Callable[[], str]) -> Label:
    """A sentence in every language of the product."""
    labels = {}
    for locale in LOCALES:
        with force_locale(locale):
            labels[locale] = str(words())
    return labels


def variables_of(
    instruments: Mapping[str, Instrument], detail: Detail, *, has_outcome: bool
) -> list[Variable]:
    """All columns of one campaign's file, in their order."""
    found = list(_person(detail))
    if has_outcome:
        found.append(_outcome())
    for instrument in instruments.values():
        found += _items(instrument)
        found += _scales(instrument)
        label = _prefixed(instrument, both(lambda: _("answers that cannot be relied on")))
        found.append(Variable(doubtful_name(instrument), label, Measure.NOMINAL, _yes_no()))
    return found


def _person(detail: Detail) -> Iterator[Variable]:
    yield Variable(
        "id",
        both(lambda: _("Pseudonym of the person, the same in all files of this export")),
        Measure.NOMINAL,
        {},
        is_text=True,
    )
    sexes = {1.0: both(lambda: _("male")), 2.0: both(lambda: _("female"))}
    yield Variable("sex", both(lambda: _("Sex")), Measure.NOMINAL, sexes)
    if detail is Detail.STAGES:
        yield Variable("stage", both(lambda: _("School stage")), Measure.ORDINAL, _stages())
        label = both(lambda: _("Age group at the sitting"))
        yield Variable("age_group", label, Measure.ORDINAL, _age_groups())
        return
    yield Variable("week", both(lambda: _("Week of the campaign")), Measure.SCALE, {})
    label = both(lambda: _("School year, from 1 (first of primary) to 16 (university)"))
    yield Variable("grade", label, Measure.ORDINAL, {})
    label = both(lambda: _("Age at the sitting in whole years"))
    yield Variable("age", label, Measure.SCALE, {})
    if detail is Detail.SCHOOLS:
        label = both(lambda: _("Pseudonym of the school"))
        yield Variable("school", label, Measure.NOMINAL, {}, is_text=True)


def _stages() -> dict[float, Label]:
    return {
        1.0: both(lambda: _("primary school")),
        2.0: both(lambda: _("junior middle school")),
        3.0: both(lambda: _("senior middle or vocational school")),
        4.0: both(lambda: _("university")),
    }


def _age_groups() -> dict[float, Label]:
    first = AGE_GROUPS[0]
    found = {0.0: both(lambda: _("under %(age)s", age=first))}
    for low, high in pairwise(AGE_GROUPS):
        found[float(low)] = dict.fromkeys(LOCALES, f"{low}–{high - 1}")
    last = AGE_GROUPS[-1]
    found[float(last)] = both(lambda: _("%(age)s and over", age=last))
    return found


def _outcome() -> Variable:
    return Variable(
        "confirmed",
        both(
            lambda: _(
                "A person found a need after a talk (a case, or a level of moderate or above); "
                "empty where nobody has decided"
            )
        ),
        Measure.NOMINAL,
        _yes_no(),
    )


def _yes_no() -> dict[float, Label]:
    return {0.0: both(lambda: _("no")), 1.0: both(lambda: _("yes"))}


def _items(instrument: Instrument) -> Iterator[Variable]:
    for item in exported_items(instrument):
        text = _label(item.text) or dict.fromkeys(LOCALES, item.code)
        if item.kind == "multiple":
            for name, option in zip(names_of(instrument, item), item.options, strict=True):
                label = {at: f"{text[at]} · {_option(option)[at]}" for at in LOCALES}
                yield Variable(name, label, Measure.NOMINAL, _yes_no(), has_codes=True)
            continue
        values = {float(option.value): _option(option) for option in item.options}
        (name,) = names_of(instrument, item)
        measure = Measure.ORDINAL if item.kind == "single" else Measure.SCALE
        yield Variable(name, text, measure, values, has_codes=True, note=_asked_when(item))


def _asked_when(item: Item) -> str:
    return f"show_when: {item.show_when}" if item.show_when else ""


def _scales(instrument: Instrument) -> Iterator[Variable]:
    for scale in instrument.scales:
        title = _prefixed(instrument, _label(scale.title) or {})
        name = score_name(instrument, scale.code)
        yield Variable(name, title, Measure.SCALE, {}, note=_definition(scale))
        if scale.band_codes:
            label = {at: f"{title[at]} · {_band_word()[at]}" for at in LOCALES}
            name = band_name(instrument, scale.code)
            source = scale.bands[0].source if scale.bands else ""
            yield Variable(name, label, Measure.ORDINAL, _bands(scale), note=source)


def _bands(scale: Scale) -> dict[float, Label]:
    ranged = [(band.code, band.label) for entry in scale.bands for band in entry.bands]
    labels = dict([*ranged, *((rule.band, rule.label) for rule in scale.rules)])
    return {
        float(number): {locale: labels[code].get(locale) for locale in LOCALES}
        for code, number in bands_in_order(scale).items()
    }


def _band_word() -> Label:
    return both(lambda: _("band"))


def _definition(scale: Scale) -> str:
    """The rule in the words of the instrument's file."""
    parts = [f"method: {scale.method}"]
    if scale.items:
        parts.append("items: " + ", ".join(scale.items))
    if scale.reverse:
        parts.append("reverse: " + ", ".join(scale.reverse))
    parts.append(f"higher_is: {scale.higher_is}")
    return "; ".join(parts)


def _prefixed(instrument: Instrument, label: Label) -> Label:
    return {at: f"{instrument.title.get(at)} · {label[at]}" for at in LOCALES}


def _option(option: ResponseOption) -> Label:
    return _label(option.label) or dict.fromkeys(LOCALES, f"{option.value:g}")


def _label(text: Text | None) -> Label | None:
    return {locale: text.get(locale) for locale in LOCALES} if text else None
