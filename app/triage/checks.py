"""What a file of rules may not do, however well it is written: leave anybody without an answer."""

from collections.abc import Iterator, Mapping
from itertools import product

from app.triage.domain import Channel, Lane, RiskLevel, Signal, SignalKind, lane_weight
from app.triage.rules import HIGHEST_BY_HISTORY, HistoryRule, Rule, RuleBook
from app.triage.terms import Term

Found = tuple[tuple[str | int, ...], str]

#: These come from an answer of the student and may be danger; the others never are by themselves.
_CRISIS = frozenset({SignalKind.CRITICAL, SignalKind.WORDS})
_NEVER_URGENT = frozenset({SignalKind.OBSERVATION, SignalKind.QUALITY})
#: How these can arrive: what was seen may be urgent by its own words, what is doubtful never is.
_LANES: Mapping[SignalKind, tuple[Lane | None, ...]] = {
    SignalKind.OBSERVATION: (None, Lane.SAME_DAY),
    SignalKind.QUALITY: (None,),
    SignalKind.CUTOFF: (None,),
    SignalKind.ATTENTION: (None,),
}
#: Only a student's answer or wish can mean “somebody must come now”.
_MAY_BE_IMMINENT = frozenset({SignalKind.CRITICAL, SignalKind.REQUEST})


def possible_signals() -> Iterator[Signal]:
    """Every combination of what rules look at that can occur."""
    for kind, imminent in product(SignalKind, (False, True)):
        for lane in _LANES.get(kind, (None, *Lane)):
            if not imminent or kind in _MAY_BE_IMMINENT:
                yield Signal(kind, lane, imminent)


def check_book(book: RuleBook) -> Iterator[Found]:
    """Yield what is wrong with the rules and where."""
    yield from _check_channels(book)
    yield from _check_codes(book)
    yield from _check_reach(book)
    for place, rule in enumerate(book.rules):
        yield from (((*("rules", place), key), said) for key, said in _check_rule(book, rule))
    for place, known in enumerate(book.history):
        yield from _check_history(("history", place), known)


def check_override(book: RuleBook, extends: str, terms: Mapping[str, Term]) -> Iterator[Found]:
    """Yield what a site may not change: it can only be sooner than the rules it extends."""
    if extends != book.code:
        yield ("extends",), f"there are no rules “{extends}”; write “{book.code}”."
    rules = {rule.code: rule for rule in book.rules}
    for code, term in terms.items():
        if code not in rules:
            known = ", ".join(rules)
            yield ("terms", code), f"there is no rule “{code}”; write one of {known}."
        elif not term.is_within(rules[code].term):
            yield (
                ("terms", code),
                f"this lets “{code}” wait longer, or may do so; a site can only be sooner.",
            )


def _check_channels(book: RuleBook) -> Iterator[Found]:
    ways = [book.channels[level].closeness for level in RiskLevel]
    if ways != sorted(ways):
        yield ("channels",), "a higher level is met at least as closely; put the channels in order."
    if book.channels[RiskLevel.HIGH] is not Channel.IN_PERSON:
        yield ("channels", "high"), "at this level the student is met in person; write in_person."


def _check_codes(book: RuleBook) -> Iterator[Found]:
    parts = {
        "rules": [rule.code for rule in book.rules],
        "history": [known.code for known in book.history],
    }
    for part, codes in parts.items():
        for place, code in enumerate(codes):
            if code in codes[:place]:
                yield (part, place, "code"), f"“{code}” is taken; choose another code."


def _check_reach(book: RuleBook) -> Iterator[Found]:
    """No rule may lie behind another that always fits first, and no signal may have none."""
    reached: set[str] = set()
    silent: dict[SignalKind, Signal] = {}
    hasty: dict[str, str] = {}
    for signal in possible_signals():
        rule = next((each for each in book.rules if each.fits(signal)), None)
        if rule is None:
            silent.setdefault(signal.kind, signal)
            continue
        reached.add(rule.code)
        if signal.imminent and rule.level is not RiskLevel.IMMINENT:
            hasty.setdefault(rule.code, "who needs somebody now; put a rule with imminent: true")
        if lane_weight(rule.travels) < lane_weight(signal.lane):
            lane = f"signal_lane: {signal.lane}"
            hasty.setdefault(rule.code, f"what travels faster; put a rule with {lane}")
    for place, rule in enumerate(book.rules):
        if rule.code not in reached:
            yield (
                ("rules", place, "code"),
                f"“{rule.code}” never decides: earlier rules catch all of it; move it up or "
                "remove it.",
            )
        if rule.code in hasty:
            yield ("rules", place, "code"), f"this catches {hasty[rule.code]} before it."
    for kind, signal in silent.items():
        lane = signal.lane.value if signal.lane else "none"
        yield (
            ("rules",),
            f"a signal of the kind {kind.value} (lane {lane}) would fall silent; add a rule.",
        )


def _check_rule(book: RuleBook, rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.kinds & _CRISIS:
        if rule.level.urgency < RiskLevel.HIGH.urgency:
            yield "level", "a critical answer is at least high; write high or imminent."
        if rule.travels is None:
            yield "code", "a critical answer travels in a lane; add “lane: same_day” or fast."
    if rule.kinds & _NEVER_URGENT and rule.lane is None:
        if rule.travels is not None:
            yield "lane", "observations and doubtful answers call nobody out; remove the lane."
        if rule.level.urgency > HIGHEST_BY_HISTORY.urgency or rule.level is RiskLevel.NONE:
            yield "level", "this is never danger by itself; write low or moderate."
    if rule.level is RiskLevel.NONE:
        yield "level", "what is flagged is followed up; write low at least."
    if rule.channel.closeness < book.channels[rule.level].closeness:
        yield "channel", "the level asks for more than this; leave the channel out."


def _check_history(where: tuple[str | int, ...], known: HistoryRule) -> Iterator[Found]:
    if urgent := sorted(known.kinds & (_CRISIS | {SignalKind.QUALITY})):
        yield (*where, "kinds"), f"history adds nothing to {', '.join(urgent)}; leave it out here."
    if not known.one_level_up and known.term is None:
        yield where, "this changes nothing; give one_level_up: true or within."
