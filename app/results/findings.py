"""What an answer or a score says that somebody has to know, before it is stored as a flag."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.assessments.domain import CLOSING, Company, Talk
from app.instruments.lexicon import find_critical
from app.instruments.words import Chosen
from app.results.domain import FlagKind
from app.scoring import ENGINE_VERSION, CompiledInstrument
from app.scoring import Flag as ScoringFlag
from app.triage.domain import Lane, lane_weight

UNANSWERED_COMPANY = "company_unanswered"
TALK_BUTTON = "talk_button"
QUALITY = "quality"

_TALK_LANES = {Talk.TODAY: Lane.SAME_DAY, Talk.THIS_WEEK: None}
_COMPANY_LANES = {Company.NEED: Lane.FAST, Company.NOT_URGENT: None}


@dataclass(frozen=True)
class Finding:
    """A rule that fired on answers; `lane` says how it travels when it cannot wait."""

    instrument_code: str
    code: str
    kind: FlagKind
    lane: Lane | None = None
    #: Free of what the student wrote: words stay sealed in the response.
    reason: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """By which the same finding of one sitting is recognised."""
        return self.instrument_code, self.code

    @property
    def urgency(self) -> int:
        """How fast the lane is; 0 can wait."""
        return lane_weight(self.lane)


def of_answer(compiled: CompiledInstrument, item: str, answer: Chosen) -> Finding | None:
    """What one answer to an instrument's item says at the tap."""
    flag = compiled.critical_flag(item, answer)
    return of_scoring(compiled, flag) if flag else None


def of_scoring(compiled: CompiledInstrument, flag: ScoringFlag) -> Finding:
    """A flag of the scoring core with everything needed to say why it fired."""
    reason = {
        "item": flag.item,
        "scale": flag.scale,
        "value": flag.value,
        "refused": flag.refused,
        "imminent": flag.imminent or None,
        "condition": flag.condition,
        "cutoff": flag.threshold,
        "direction": {"at_least": "ge", "at_most": "le"}.get(flag.direction or ""),
        "source": flag.source,
        "population": flag.population,
        "instrument_version": compiled.instrument.version,
        "engine_version": ENGINE_VERSION,
    }
    return Finding(
        instrument_code=compiled.instrument.code,
        code=flag.code,
        kind=FlagKind(flag.kind),
        lane=Lane(flag.lane) if flag.lane else None,
        reason={name: value for name, value in reason.items() if value is not None},
    )


def of_closing_value(item: str, value: int) -> Finding | None:
    """What the student asks for at the end; “not now” asks for nothing."""
    if item == "talk" and (talk := list(Talk)[value]) in _TALK_LANES:
        return _request(item, talk, _TALK_LANES[talk], value)
    if item == "company" and (company := list(Company)[value]) in _COMPANY_LANES:
        return _request(item, company, _COMPANY_LANES[company], value)
    return None


def of_text(instrument_code: str, item: str, text: str) -> Finding | None:
    """Words in free text that a person has to read today; the text itself is not repeated."""
    folded = unicodedata.normalize("NFKC", text)
    closed_up = "".join(folded.split())
    if not (find_critical(folded) or find_critical(closed_up)):
        return None
    return Finding(instrument_code, f"words_{item}", FlagKind.WORDS, Lane.SAME_DAY, {"item": item})


def of_talk_button() -> Finding:
    """The student pressed “I want to talk to someone” during the sitting."""
    return Finding(CLOSING, TALK_BUTTON, FlagKind.REQUEST, Lane.SAME_DAY, {"item": TALK_BUTTON})


def of_quality(doubts: Mapping[str, Sequence[str]]) -> Finding:
    """By instrument, why its answers cannot be relied on; it is a reason to ask again, no more."""
    told = list(dict.fromkeys(note for notes in doubts.values() for note in notes))
    reason = {"notes": told, "instruments": sorted(doubts)}
    return Finding(CLOSING, QUALITY, FlagKind.QUALITY, None, reason)


def of_unanswered_company(*, refused: bool) -> Finding:
    """Nobody knows how urgent a positive critical answer is: it counts as urgent."""
    reason = {"item": "company", "refused": refused}
    return Finding(CLOSING, UNANSWERED_COMPANY, FlagKind.CRITICAL, Lane.FAST, reason)


def _request(item: str, wish: str, lane: Lane | None, value: int) -> Finding:
    reason: dict[str, Any] = {"item": item, "value": value, "wish": wish}
    if wish == Company.NEED:
        reason["imminent"] = True
    return Finding(CLOSING, item, FlagKind.REQUEST, lane, reason)
