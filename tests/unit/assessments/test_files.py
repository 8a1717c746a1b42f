"""The students' CSS and script: the product's colours but no level colours, old browsers."""

import re

import pytest

from app.config import ROOT
from app.platform.statics import JOINED

STATIC = ROOT / "app" / "static"
CSS = (STATIC / "css" / "phone.css").read_text(encoding="utf-8")


def _colours(css):
    """Custom properties in light and in dark: the first and the last value of each."""
    found = {}
    for name, value in re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", css):
        found.setdefault(name, []).append(value)
    return {name: (values[0], values[-1]) for name, values in found.items()}


def test_colours_are_those_of_the_product():
    tokens = _colours((STATIC / "css" / "tokens.css").read_text(encoding="utf-8"))

    assert {name: tokens[name] for name in _colours(CSS)} == _colours(CSS)


def test_students_see_no_colour_of_a_level():
    assert not {"low", "moderate", "high", "imminent", "error"} & set(_colours(CSS))


def test_boxes_keep_their_distance_in_browsers_of_2018():
    """`gap` they know neither in a flexible row (Chrome 84) nor by this name in a grid (66).

    Where a row is spread over its width by itself, it only says when to wrap.
    """
    rules = re.findall(r"\{([^{}]*)\}", CSS)
    named = [rule for rule in rules if re.search(r"(?<!-)\bgap:", rule)]

    assert [rule for rule in named if "space-between" not in rule] == []


#: What browsers of 2018 cannot read, or do not have.
NEWER = {
    "optional chaining": r"\?\.[A-Za-z_$(\[]",
    "nullish": r"\?\?",
    "logical assignment": r"(\|\||&&)=",
    "catch without a name": r"\bcatch\s*\{",
    "private member": r"[.{;\s]#[a-z]\w*\s*[=(;]",
    "numeric separator": r"\b\d+_\d",
    "import": r"^\s*(import|export)\b|\bimport\(",
    "method": r"\.(flat|flatMap|at|replaceAll|matchAll|trimStart|trimEnd|findLast|toSorted)\(",
    "function": r"\b(fromEntries|allSettled|structuredClone|queueMicrotask|randomUUID)\b",
    "top-level await": r"^await\b",
    "big integer": r"\b\d+n\b",
}


@pytest.mark.parametrize("name", sorted({part for parts in JOINED.values() for part in parts}))
def test_script_is_es2018(name):
    script = _without_words((STATIC / "js" / name).read_text(encoding="utf-8"))

    found = [what for what, how in NEWER.items() if re.search(how, script, re.MULTILINE)]

    assert found == []


@pytest.mark.parametrize("what", sorted(NEWER))
def test_gate_sees_what_is_newer(what):
    samples = {
        "optional chaining": "a?.b",
        "nullish": "a ?? b",
        "logical assignment": "a ||= b",
        "catch without a name": "try { a() } catch { b() }",
        "private member": "class A { #secret = 1; }",
        "numeric separator": "const ms = 300_000;",
        "import": 'import a from "b";',
        "method": "list.at(-1)",
        "function": "Object.fromEntries(a)",
        "top-level await": "await a;",
        "big integer": "const n = 10n;",
    }

    assert re.search(NEWER[what], samples[what], re.MULTILINE)


def _without_words(script):
    """Comments and texts may say what they like."""
    script = re.sub(r"/\*.*?\*/|(?<![:\"])//[^\n]*", "", script, flags=re.DOTALL)
    return re.sub(r'"[^"\n]*"', '""', script)
