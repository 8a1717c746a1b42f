"""The file of wording: what profiles say by which rules, read strictly, in both languages.

Authors change `wording.yaml`; whatever could silence a danger, name an illness or tell a result to
a student is refused when it is read, with the line at which it stands.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

from pydantic import Field

from app.instruments import strict_yaml
from app.instruments.origin import Finding, Location, Origin
from app.instruments.problems import InstrumentError, Problem
from app.instruments.schema import build
from app.instruments.words import Code, Part, Sentence
from app.profiles.lint import find_banned, find_result
from app.profiles.vocabulary import SECTIONS, SHEET_BRACES, WORDS, Section

STANDARD_FILE = Path(__file__).with_name("wording.yaml")

LOCALES = ("zh_Hans", "en")
Word = Annotated[str, Field(pattern=r"^[a-z][a-zA-Z0-9_]{0,39}$")]


class Both(Part):
    """One sentence in both languages."""

    zh_Hans: Sentence  # noqa: N815 -- the locale's own name
    en: Sentence

    def get(self, locale: str) -> str:
        """The sentence in one of the two languages."""
        return self.zh_Hans if locale == "zh_Hans" else self.en


class RulePart(Part):
    """One rule: what must hold, what must not, and what is said then."""

    when: tuple[Code, ...] = ()
    unless: tuple[Code, ...] = ()
    otherwise: Literal[True] | None = None
    say: Both

    def fits(self, facts: Collection[str]) -> bool:
        """Whether the rule speaks, the others of its list left aside."""
        return all(f in facts for f in self.when) and not any(f in facts for f in self.unless)


Rules = Annotated[tuple[RulePart, ...], Field(min_length=1)]
Lines = Annotated[tuple[Both, ...], Field(min_length=1, max_length=8)]


class SheetPart(Part):
    """What students or guardians take home: the same words for everybody."""

    greeting: Both
    intro: Both
    valued: Lines
    helps: Lines
    ending: Both


class Sheets(Part):
    """The two sheets."""

    student: SheetPart
    guardian: SheetPart


class Wording(Part):
    """The whole file."""

    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    words: dict[Word, Both]
    rules: dict[Code, Rules]
    sheets: Sheets

    def speak(self, section: str, facts: Collection[str]) -> tuple[Both, ...]:
        """Return what the rules of one list say where `facts` hold."""
        rules = self.rules[section]
        said = [rule.say for rule in rules if not rule.otherwise and rule.fits(facts)]
        if not said:
            said = [rule.say for rule in rules if rule.otherwise]
        return tuple(said[:1] if SECTIONS[section].speaks == "first" else said)


@cache
def standard() -> Wording:
    """The wording that comes with the application, read once a process."""
    return load_wording(STANDARD_FILE)


def load_wording(path: Path) -> Wording:
    """Read a file of wording, or raise `InstrumentError` with everything that is wrong with it."""
    return parse_wording(strict_yaml.decode(path.read_bytes(), str(path)), path=str(path))


def parse_wording(text: str, *, path: str = "wording.yaml") -> Wording:
    """Read wording from text; `path` names it in messages."""
    problems: list[Problem] = []
    root = strict_yaml.read(text, path, problems)
    wording = build(Wording, root, path, problems)
    if problems or wording is None or root is None:
        raise InstrumentError(problems)
    origin = Origin(path, root, path, None)
    if found := [origin.problem(*finding) for finding in _check(wording)]:
        raise InstrumentError(found)
    return wording


def _check(wording: Wording) -> Iterator[Finding]:
    yield from _check_names("words", wording.words, WORDS)
    yield from _check_names("rules", wording.rules, SECTIONS)
    for code, said in wording.words.items():
        yield from _check_sentence(("words", code), said, WORDS.get(code, frozenset()), exact=True)
    for name, rules in wording.rules.items():
        if name in SECTIONS:
            yield from _check_section(name, rules, SECTIONS[name])
    yield from _check_sheets(wording.sheets)


def _check_names(
    place: str, given: Mapping[str, object], wanted: Mapping[str, object]
) -> Iterator[Finding]:
    for code in wanted.keys() - given.keys():
        yield (place,), f"“{code}” is missing here; write it in both languages."
    for code in given.keys() - wanted.keys():
        yield (place, code), f"nothing says “{code}”; remove it."


def _check_section(name: str, rules: Rules, section: Section) -> Iterator[Finding]:
    place: Location = ("rules", name)
    for number, rule in enumerate(rules):
        here = (*place, number)
        for word in ("when", "unless"):
            for at, fact in enumerate(getattr(rule, word)):
                if fact not in section.facts:
                    known = ", ".join(sorted(section.facts))
                    yield (*here, word, at), f"“{fact}” is no fact here; use one of: {known}."
        if rule.otherwise and (rule.when or rule.unless):
            yield here, "“otherwise” stands alone: remove “when” and “unless”."
        if rule.otherwise and rule is not rules[-1]:
            yield here, "“otherwise” comes last in its list; move it down."
        if not (rule.otherwise or rule.when):
            yield here, "say when: a rule without “when” would always speak."
        yield from _check_sentence((*here, "say"), rule.say, section.braces)
    if section.always and not rules[-1].otherwise:
        yield place, "something must always be said; end the list with “otherwise: true”."
    asked = {fact for rule in rules for fact in rule.when}
    for fact in sorted(section.must_ask - asked):
        yield place, f"no rule asks “{fact}”: it would be passed over in silence; add one."
    if name == "steps" and (rules[0].when, rules[0].unless) != (("fast",), ()):
        yield (*place, 0), "danger comes first: the first rule says “when: [fast]” and no more."


def _check_sheets(sheets: Sheets) -> Iterator[Finding]:
    for sheet in ("student", "guardian"):
        for where, said in _sentences(getattr(sheets, sheet)):
            place: Location = ("sheets", sheet, *where)
            yield from _check_sentence(place, said, SHEET_BRACES.get(str(where[0]), frozenset()))
            for locale in LOCALES:
                if told := find_result(said.get(locale)):
                    yield (
                        (*place, locale),
                        f"“{told}” tells that somebody was measured; students and guardians are "
                        "told no number, score, band or level.",
                    )


def _sentences(part: SheetPart) -> Iterator[tuple[Location, Both]]:
    yield from [(("greeting",), part.greeting), (("intro",), part.intro)]
    for word, lines in (("valued", part.valued), ("helps", part.helps)):
        yield from (((word, number), said) for number, said in enumerate(lines))
    yield ("ending",), part.ending


def _check_sentence(
    place: Location, said: Both, braces: frozenset[str], *, exact: bool = False
) -> Iterator[Finding]:
    """Braces must be known and the same in both languages; no sentence may name an illness."""
    used: dict[str, frozenset[str]] = {}
    for locale in LOCALES:
        here, text = (*place, locale), said.get(locale)
        try:
            used[locale] = _braces(text)
        except ValueError:
            yield here, "the braces do not pair, or hold more than a word; mend them."
            continue
        for word in sorted(used[locale] - braces):
            known = ", ".join(f"{{{each}}}" for each in sorted(braces)) or "none"
            yield here, f"{{{word}}} cannot be filled here; possible: {known}."
        if banned := find_banned(text):
            yield here, f"“{banned}” names an illness, a verdict or a rank; write it another way."
    if len(used) < len(LOCALES):
        return
    if used["zh_Hans"] != used["en"] or (exact and used["en"] != braces):
        wanted = braces if exact else used["zh_Hans"] | used["en"]
        words = ", ".join(f"{{{each}}}" for each in sorted(wanted))
        yield place, f"both languages need the same braces: {words}."


def _braces(text: str) -> frozenset[str]:
    """Return the words in braces; a format, an index or an attribute in them is refused."""
    found = set()
    for _text, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(name)
        found.add(name)
    return frozenset(found)
