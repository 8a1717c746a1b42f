"""The rules as a YAML file: its language, and how it becomes a rule book that can be trusted."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.instruments import strict_yaml
from app.instruments.origin import Origin
from app.instruments.problems import InstrumentError, Problem
from app.instruments.schema import M, build
from app.instruments.words import Code, Part, Sentence
from app.triage.checks import check_book, check_override
from app.triage.domain import Channel, Lane, RiskLevel, SignalKind
from app.triage.rules import HistoryRule, Rule, RuleBook
from app.triage.terms import BeforeLeaving, Minutes, SchoolDays, Term

STANDARD_FILE = Path(__file__).with_name("rules.yaml")

Kind = Literal["critical", "cutoff", "attention", "request", "words", "observation", "quality"]
LevelWord = Literal["none", "low", "moderate", "high", "imminent"]
LaneWord = Literal["fast", "same_day"]
LocaleWord = Literal["zh_Hans", "en"]
ChannelWord = Literal["phone", "video", "in_person"]
Version = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
Months = Annotated[int, Field(ge=1, le=60)]
Kinds = Annotated[tuple[Kind, ...], Field(min_length=1)]
Said = Annotated[str, Field(min_length=1, max_length=24)]


class TermPart(Part):
    """How long may pass: minutes, today before leaving, or school days with a limit in days."""

    minutes: Annotated[int, Field(ge=1, le=720)] | None = None
    before_leaving: Literal[True] | None = None
    school_days: Annotated[int, Field(ge=1, le=10)] | None = None
    at_most_days: Annotated[int, Field(ge=1, le=14)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "TermPart":
        given = [self.minutes, self.before_leaving, self.school_days]
        if sum(each is not None for each in given) != 1:
            raise PydanticCustomError(
                "term", "Give one of minutes, before_leaving: true, or school_days"
            )
        if (self.school_days is None) != (self.at_most_days is None):
            raise PydanticCustomError(
                "term", "School_days and at_most_days go together: holidays are long"
            )
        if (self.at_most_days or 0) < (self.school_days or 0):
            raise PydanticCustomError("term", "At_most_days cannot be fewer than school_days")
        return self

    def term(self) -> Term:
        """The term as triage counts it."""
        if self.minutes is not None:
            return Minutes(self.minutes)
        if self.school_days is not None:
            return SchoolDays(self.school_days, at_most_days=self.at_most_days or 0)
        return BeforeLeaving()


class Channels(Part):
    """By which way the student is met at least, for each level."""

    none: ChannelWord
    low: ChannelWord
    moderate: ChannelWord
    high: ChannelWord
    imminent: ChannelWord


class RulePart(Part):
    """One rule: which signals it is for, and what they mean."""

    code: Code
    kinds: Kinds
    imminent: bool | None = None
    signal_lane: LaneWord | None = None
    level: LevelWord
    lane: LaneWord | None = None
    within: TermPart
    channel: ChannelWord | None = None
    because: Sentence
    source: Sentence


class Facts(Part):
    """What is known from before; one fact a rule."""

    closed_case_within_months: Months | None = None
    earlier_high_within_months: Months | None = None
    not_reached_within_months: Months | None = None

    @model_validator(mode="after")
    def _one_fact(self) -> "Facts":
        if len(self.model_fields_set) != 1:
            raise PydanticCustomError("fact", "Give one fact a rule")
        return self


class HistoryPart(Part):
    """What something known from before adds."""

    code: Code
    when: Facts
    kinds: Kinds
    one_level_up: bool = False
    within: TermPart | None = None
    #: What the reason tells of it: short, in both languages.
    says: Annotated[dict[LocaleWord, Said], Field(min_length=2)]
    because: Sentence
    source: Sentence


class Signed(Part):
    """What every file of rules says about itself."""

    code: Code
    version: Version
    status: Literal["unsigned", "signed"]
    reviewed_by: tuple[Sentence, ...] = ()
    note: Sentence

    @model_validator(mode="after")
    def _named(self) -> "Signed":
        if (self.status == "signed") != bool(self.reviewed_by):
            raise PydanticCustomError(
                "signed", "A signed file names who signed it, and no other does"
            )
        return self


class RuleFile(Signed):
    """The rules of the installation."""

    channels: Channels
    rules: Annotated[tuple[RulePart, ...], Field(min_length=1)]
    history: tuple[HistoryPart, ...] = ()


class OverrideFile(Signed):
    """What one site does sooner; it cannot make anybody wait longer."""

    extends: Code
    terms: Annotated[dict[Code, TermPart], Field(min_length=1)]


_FACTS = {
    "closed_case_within_months": "case_closed_at",
    "earlier_high_within_months": "high_at",
    "not_reached_within_months": "not_reached_at",
}


@cache
def standard() -> RuleBook:
    """The rules that come with the application, read once a process."""
    return load_rules(STANDARD_FILE)


def load_rules(path: Path) -> RuleBook:
    """Read a file of rules, or raise `InstrumentError` with everything that is wrong with it."""
    return parse_rules(strict_yaml.decode(path.read_bytes(), str(path)), path=str(path))


def parse_rules(text: str, *, path: str = "rules.yaml") -> RuleBook:
    """Read rules from text; `path` names it in messages."""
    file, origin = _read(RuleFile, text, path)
    book = RuleBook(
        code=file.code,
        version=file.version,
        status=file.status,
        reviewed_by=file.reviewed_by,
        note=file.note,
        channels={
            RiskLevel(level): Channel(way) for level, way in file.channels.model_dump().items()
        },
        rules=tuple(_rule(part, file.channels) for part in file.rules),
        history=tuple(_history(part) for part in file.history),
    )
    _refuse(origin.problem(*found) for found in check_book(book))
    return book


def load_override(path: Path, book: RuleBook) -> RuleBook:
    """Read what a site does sooner than `book`, and return the book with it."""
    text = strict_yaml.decode(path.read_bytes(), str(path))
    return parse_override(text, book, path=str(path))


def parse_override(text: str, book: RuleBook, *, path: str = "site.yaml") -> RuleBook:
    """Read a site's own terms from text; a term that is longer than the book's is refused."""
    file, origin = _read(OverrideFile, text, path)
    terms = {code: part.term() for code, part in file.terms.items()}
    _refuse(origin.problem(*found) for found in check_override(book, file.extends, terms))
    return RuleBook(
        **vars(book)
        | {
            "version": f"{book.version} + {file.code} {file.version}",
            "rules": tuple(
                Rule(**vars(rule) | {"term": terms.get(rule.code, rule.term)})
                for rule in book.rules
            ),
        }
    )


def _read(model: type[M], text: str, path: str) -> tuple[M, Origin]:
    problems: list[Problem] = []
    root = strict_yaml.read(text, path, problems)
    file = build(model, root, path, problems)
    if problems or file is None or root is None:
        raise InstrumentError(problems)
    return file, Origin(path, root, path, None)


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise InstrumentError(found)


def _rule(part: RulePart, channels: Channels) -> Rule:
    return Rule(
        code=part.code,
        kinds=frozenset(map(SignalKind, part.kinds)),
        imminent=part.imminent,
        lane=Lane(part.signal_lane) if part.signal_lane else None,
        level=RiskLevel(part.level),
        travels=Lane(part.lane) if part.lane else None,
        term=part.within.term(),
        channel=Channel(part.channel or getattr(channels, part.level)),
        because=part.because,
        source=part.source,
    )


def _history(part: HistoryPart) -> HistoryRule:
    (fact,) = part.when.model_fields_set
    return HistoryRule(
        code=part.code,
        fact=_FACTS[fact],
        months=getattr(part.when, fact),
        kinds=frozenset(map(SignalKind, part.kinds)),
        one_level_up=part.one_level_up,
        term=part.within.term() if part.within else None,
        says={str(locale): said for locale, said in part.says.items()},
        because=part.because,
        source=part.source,
    )
