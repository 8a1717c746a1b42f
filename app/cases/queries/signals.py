"""Stored flags as triage reads them, with the words of the instrument that raised them."""

import re
from collections.abc import Iterable

from app.assessments.domain import CLOSING
from app.authoring.queries import instrument_of, version_of
from app.instruments.model import Instrument
from app.instruments.words import Text
from app.results.models import Flag
from app.results.queries import pinned_in
from app.triage.domain import Lane, Signal, SignalKind, Words
from app.triage.reasons import LOCALES, sentences
from app.triage.rulebook import standard

#: “Patient Health Questionnaire, depression module (PHQ-9)”: the name that everybody uses.
_SHORT_NAME = re.compile(r".*[（(](?P<name>[^（()）]+)[）)]\s*$")


class SignalReader:
    """Reads flags into signals; every instrument version is looked up once."""

    def __init__(self) -> None:
        self._instruments: dict[tuple[str, str], Instrument | None] = {}

    def read(self, flags: Iterable[Flag]) -> list[Signal]:
        """The flags as signals, in order."""
        return [self.signal(flag) for flag in flags]

    def reasons(self, flag: Flag) -> Words:
        """Why this flag was raised, in one sentence by locale."""
        signal = self.signal(flag)
        return sentences(signal, standard().rule_for(signal).travels)

    def signal(self, flag: Flag) -> Signal:
        """One flag as triage reads it."""
        reason = flag.reason
        instrument = self._instrument(flag)
        return Signal(
            kind=SignalKind(flag.kind),
            lane=Lane(flag.lane) if flag.lane else None,
            imminent=bool(reason.get("imminent")),
            instrument=_short_names(instrument) if instrument else {},
            title=_title(instrument, flag.code),
            item=reason.get("item"),
            item_number=_number(instrument, reason.get("item")),
            answer=_label(instrument, reason.get("item"), reason.get("value")),
            refused=bool(reason.get("refused")),
            wish=reason.get("wish"),
            score=reason.get("value"),
            cutoff=reason.get("cutoff"),
            direction=reason.get("direction", "ge"),
            source=reason.get("source", ""),
            population=reason.get("population", ""),
            notes=tuple(reason.get("notes", ())),
        )

    def _instrument(self, flag: Flag) -> Instrument | None:
        if flag.instrument_code == CLOSING:
            return None
        key = flag.instrument_code, flag.reason.get("instrument_version", "")
        if key not in self._instruments:
            self._instruments[key] = _pinned(flag) or _published(*key)
        return self._instruments[key]


def _pinned(flag: Flag) -> Instrument | None:
    """The instrument as the flag's campaign asks it, if that is the version that raised it."""
    pinned = pinned_in(flag.campaign_id).get(flag.instrument_code)
    instrument = pinned.compiled.instrument if pinned else None
    is_same = instrument and instrument.version == flag.reason.get("instrument_version")
    return instrument if is_same else None


def _published(code: str, version: str) -> Instrument | None:
    found = version_of(code, version)
    return instrument_of(found) if found else None


def _short_names(instrument: Instrument) -> Words:
    return {locale: _short_name(instrument.title, locale) for locale in LOCALES}


def _short_name(title: Text, locale: str) -> str:
    full = title.get(locale)
    named = _SHORT_NAME.match(full)
    return named["name"] if named else full


def _title(instrument: Instrument | None, code: str) -> Words:
    """What the instrument calls the condition behind a flag; empty for answers and scores."""
    rules = [rule for rule in instrument.flags if rule.code == code] if instrument else []
    return {locale: rule.title.get(locale) for rule in rules for locale in LOCALES}


def _number(instrument: Instrument | None, code: str | None) -> int | None:
    codes = [item.code for item in instrument.items] if instrument else []
    return codes.index(code) + 1 if code in codes else None


def _label(instrument: Instrument | None, code: str | None, value: float | None) -> Words:
    labels = [
        option.label
        for item in (instrument.items if instrument else ())
        if item.code == code
        for option in item.options
        if option.value == value and option.label
    ]
    return {locale: label.get(locale) for label in labels for locale in LOCALES}
