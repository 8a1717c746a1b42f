"""Rules are data: what is wrong with a file is told at its place, and nobody falls silent."""

import re

import pytest

from app.instruments.problems import InstrumentError
from app.triage.domain import SignalKind
from app.triage.rulebook import STANDARD_FILE, parse_override, parse_rules, standard
from app.triage.terms import BeforeLeaving, Minutes, SchoolDays

TEXT = STANDARD_FILE.read_text(encoding="utf-8")
OVERRIDE = """\
code: our_school
version: '1.0.0'
status: unsigned
note: We are small.
extends: standard
terms:
  TERM
"""


def _without(code: str) -> str:
    """The standard rules without one of them."""
    return re.sub(rf"  - code: {code}\n(?:    .*\n)+", "", TEXT)


def _said(text: str) -> str:
    with pytest.raises(InstrumentError) as refused:
        parse_rules(text)
    return str(refused.value)


def test_standard_rules_are_in_order_and_say_that_nobody_has_signed_them():
    assert (standard().status, standard().reviewed_by) == ("unsigned", ())


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("    level: low\n", "    levle: low\n", r":\d+:5:", "write “level”"),
        ("    level: low\n", "    level: mild\n", r":\d+:12:", "“mild” is none of the words"),
        ("    lane: same_day\n", "    lane: soon\n", r":\d+:11:", "“soon” is none of the words"),
        ("{minutes: 15}", "{minutes: 0}", r":\d+:23:", "write a number from 1 up"),
        ("{minutes: 15}", "{minutes: 5000}", r":\d+:23:", "write a number up to 720"),
        ("{minutes: 15}", "{}", r":\d+:13:", "give one of minutes"),
        ("school_days: 2, at_most_days: 7", "school_days: 2", r":\d+:13:", "go together"),
        ("status: unsigned", "status: signed", r":\d+:1:", "names who signed it"),
        ("  high: in_person", "  high: phone", r":\d+:3:", "in order"),
        ("kinds: [quality]", "kinds: [quality, words]", r":\d+:12:", "at least high"),
        ("code: cutoff", "code: attention", r":\d+:11:", "is taken"),
        ("code: standard", "code: standard\ncode: other", r":\d+:1:", "a second time"),
        (
            "    one_level_up: true\n    within: {school_days: 1, at_most_days: 3}\n",
            "",
            r":\d+:5:",
            "changes nothing",
        ),
        (
            "kinds: [cutoff, attention, request, observation]",
            "kinds: [critical]",
            r":\d+:12:",
            "history adds nothing to critical",
        ),
    ],
)
def test_fault_is_told_at_its_place_with_its_mend(old, new, place, said):
    told = _said(TEXT.replace(old, new))

    assert said in told
    assert re.search(rf"^rules\.yaml{place}", told, re.MULTILINE), told


@pytest.mark.parametrize("code", [rule.code for rule in standard().rules])
def test_without_any_one_rule_the_file_is_refused(code):
    """Every rule is needed: else somebody falls silent, or who needs somebody now is not seen."""
    told = _said(_without(code))

    assert re.search("would fall silent|needs somebody now|travels faster", told)


@pytest.mark.parametrize("kind", list(SignalKind))
def test_kind_without_any_rule_is_refused(kind):
    other = "cutoff" if kind is SignalKind.ATTENTION else "attention"
    told = _said(re.sub(rf"(?<=[\[ ]){kind.value}(?=[,\]])", other, TEXT))

    assert f"a signal of the kind {kind.value}" in told


def test_rule_behind_one_that_catches_everything_is_refused():
    rule = re.search(r"  - code: attention\n(?:    .*\n)+", TEXT)[0]
    late = rule.replace("code: attention", "code: never").replace("level: low", "level: moderate")

    assert "“never” never decides" in _said(
        TEXT.replace("  - code: observation_today", f"{late}\n  - code: observation_today")
    )


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("cutoff: {school_days: 3, at_most_days: 7}", "wait longer"),
        ("cutoff: {school_days: 2, at_most_days: 8}", "wait longer"),
        ("critical_fast: {minutes: 20}", "wait longer"),
        ("critical_fast: {before_leaving: true}", "wait longer"),
        ("critical_same_day: {minutes: 60}", "wait longer"),
        ("cutof: {minutes: 5}", "there is no rule “cutof”"),
    ],
)
def test_site_cannot_let_anybody_wait_longer(term, said):
    with pytest.raises(InstrumentError, match=said):
        parse_override(OVERRIDE.replace("TERM", term), standard())


@pytest.mark.parametrize(
    ("term", "code", "expected"),
    [
        ("cutoff: {school_days: 1, at_most_days: 3}", "cutoff", SchoolDays(1, at_most_days=3)),
        ("cutoff: {before_leaving: true}", "cutoff", BeforeLeaving()),
        ("critical_fast: {minutes: 5}", "critical_fast", Minutes(5)),
    ],
)
def test_site_can_be_sooner_and_the_version_says_so(term, code, expected):
    book = parse_override(OVERRIDE.replace("TERM", term), standard())

    assert {rule.code: rule.term for rule in book.rules}[code] == expected
    assert book.name == "standard 1.0.0 + our_school 1.0.0"
