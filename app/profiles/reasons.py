"""A flag in words: what fired, exactly why, by which version."""

import re
from collections.abc import Mapping, Sequence

from app.instruments.items import Item
from app.instruments.model import Instrument
from app.profiles.inputs import Raised, Sitting
from app.profiles.model import FlagReason, NormLine, ScaleProfile
from app.profiles.phrases import say
from app.scoring.report import number_text

#: People mix the brackets of both widths: “病人健康问卷（PHQ-9)”.
_IN_BRACKETS = re.compile(r"[（(]([^（()）]+)[)）]$")
_LANES = {"fast": 0, "same_day": 1, None: 2}
_KINDS = ("critical", "words", "request", "cutoff", "attention")


def flag_reasons(
    flags: Sequence[Raised], instruments: Mapping[str, Instrument], current: Sitting, locale: str
) -> tuple[FlagReason, ...]:
    """Return the flags in words: of the newest sitting first, and the most urgent first in each."""
    ordered = sorted(
        flags,
        key=lambda flag: (
            flag.sitting != current,
            -flag.sitting.taken_on.toordinal(),
            _LANES[flag.lane],
            _KINDS.index(flag.kind),
        ),
    )
    return tuple(
        _reason(flag, instruments.get(flag.instrument), flag.sitting == current, locale)
        for flag in ordered
    )


def beside_score(flag: FlagReason, scales: Sequence[ScaleProfile], locale: str) -> tuple[str, ...]:
    """Whether the flagged score has changed by more than chance, and where it stands locally.

    Only of the current sitting: the scales tell of the latest score.
    """
    return tuple(
        words
        for scale in scales
        if flag.is_current and flag.about == (scale.instrument, scale.scale)
        for words in (scale.change_words, *(_beside(norm, locale) for norm in scale.norms))
        if words
    )


def _beside(norm: NormLine, locale: str) -> str:
    return say(locale, "local_beside", rank=norm.rank, source=norm.source) if norm.rank else ""


def short_title(instrument: Instrument, locale: str) -> str:
    """Return what people call it: “PHQ-9”, where the title ends in brackets, else the title."""
    title = instrument.title.get(locale)
    in_brackets = _IN_BRACKETS.search(title)
    return in_brackets[1] if in_brackets else title


def answer_text(item: Item, value: float | None, *, refused: bool, locale: str) -> str:
    """Return an answer as the student read it."""
    if refused:
        return say(locale, "refused")
    if value is None:
        return say(locale, "not_answered")
    label = next((option.label for option in item.options if option.value == value), None)
    return label.get(locale) if label else number_text(value)


def _reason(
    flag: Raised, instrument: Instrument | None, is_current: bool, locale: str
) -> FlagReason:
    is_low_worse = flag.reason.get("direction") == "le"
    kind = f"flag_{flag.kind}_le" if flag.kind == "cutoff" and is_low_worse else f"flag_{flag.kind}"
    notes = [say(locale, "edited")] if flag.is_edited else []
    if "instrument_version" in flag.reason:
        notes.append(_versions(flag, locale))
    return FlagReason(
        kind=flag.kind,
        lane=flag.lane,
        title=say(locale, kind),
        why=_why(flag, instrument, locale),
        raised_at=flag.raised_at,
        taken_on=flag.sitting.taken_on,
        note=say(locale, "sep").join(notes),
        is_current=is_current,
        about=(flag.instrument, flag.reason["scale"]) if flag.reason.get("scale") else None,
    )


def _why(flag: Raised, instrument: Instrument | None, locale: str) -> str:
    if instrument is None:
        return _why_closing(flag, locale)
    if flag.kind == "cutoff":
        return _why_score(flag, instrument, locale)
    if "item" not in flag.reason:
        return _why_rule(flag, instrument, locale)
    item = instrument.item(flag.reason["item"])
    text = item.text.get(locale) if item.text else item.code
    if flag.kind == "words":
        return say(locale, "why_words_item", item=text)
    if flag.reason.get("refused"):
        return say(locale, "why_item_refused", item=text)
    answer = answer_text(item, flag.reason.get("value"), refused=False, locale=locale)
    return say(locale, "why_item", item=text, answer=answer)


def _why_score(flag: Raised, instrument: Instrument, locale: str) -> str:
    cutoff = say(locale, flag.reason["direction"], value=number_text(flag.reason["cutoff"]))
    return say(
        locale,
        "why_score",
        scale=short_title(instrument, locale),
        value=number_text(flag.reason["value"]),
        cutoff=cutoff,
    )


def _why_rule(flag: Raised, instrument: Instrument, locale: str) -> str:
    titles = {rule.code: rule.title.get(locale) for rule in instrument.flags}
    return titles.get(flag.code, flag.code)


def _why_closing(flag: Raised, locale: str) -> str:
    if flag.kind == "words":
        return say(locale, "why_words")
    if flag.kind == "critical":
        return say(locale, "company_refused" if flag.reason.get("refused") else flag.code)
    return say(locale, f"wish_{flag.reason.get('wish', flag.code)}")


def _versions(flag: Raised, locale: str) -> str:
    return say(
        locale,
        "versions",
        instrument=flag.reason["instrument_version"],
        engine=flag.reason["engine_version"],
    )
