"""A sheet written as instrument.yaml, in the house's order of keys, with comments."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from app.authoring.starter.arithmetic import bands_of, bounds, positive_values
from app.authoring.starter.problems import N_, Say, in_english
from app.authoring.starter.sheet import Calling, Option, Question, ScaleSheet, Target, Words
from app.instruments import yaml_text

OPTION_SET = "answers"
POSITIVE = "positive_items"
FIGURES = "published"
MEANING = {
    False: {
        "zh_Hans": "达到筛查参考值，建议访谈",
        "en": "At or above the cut-off, a talk is advised",
    },
    True: {
        "zh_Hans": "达到筛查参考值，建议访谈",
        "en": "At or below the cut-off, a talk is advised",
    },
}
_POSITIVE_TITLE = {"zh_Hans": "阳性项目数", "en": "Positive items"}
_TOTAL_TITLE = {
    "sum": {"zh_Hans": "总分", "en": "Total"},
    "mean": {"zh_Hans": "总均分", "en": "Mean of all"},
}
_SCHEMA = "# yaml-language-server: $schema=../_schema/instrument.schema.json\n"
_COMMENTS = {
    "licence": N_("Who may use the wording, and where that is written."),
    "recall": N_("What is shown before the questions."),
    "option_sets": N_("The answers; each value is what the answer counts."),
    "items": N_("The questions. A critical rule calls a person, an attention rule only tells one."),
    "scales": N_(
        "What is counted. “reverse” turns an answer round: the lowest counts as the highest."
    ),
}


def instrument_text(sheet: ScaleSheet, say: Say = in_english) -> str:
    """Return the text of instrument.yaml; its comments are for the author, in their language."""
    comments = {key: say(sentence) for key, sentence in _COMMENTS.items()}
    return (
        _SCHEMA
        + yaml_text.comment(_summary(sheet, say))
        + yaml_text.write(_instrument(sheet, say), comments=comments)
    )


def scale_code(sheet: ScaleSheet, target: Target) -> str:
    """The code of the total or a factor: from its English name, else by its place."""
    if target is None:
        return "total"
    codes = [_slug(factor.title.get("en", "")) for factor in sheet.factors]
    own = codes[target]
    is_free = codes.count(own) == 1 and not re.fullmatch(rf"total|{POSITIVE}|factor_\d+|q\d+|", own)
    return own if is_free else f"factor_{target + 1}"


def item_codes(numbers: Iterable[int]) -> list[str]:
    """The codes of questions by their numbers."""
    return [f"q{number}" for number in numbers]


def plain_number(number: float | Fraction) -> int | float:
    """A number as a person writes it: 4, not 4.0."""
    return int(number) if number == int(number) else round(float(number), 9)


def _summary(sheet: ScaleSheet, say: Say) -> str:
    values = {value for number in sheet.numbers for value in sheet.values_of(number)}
    words: dict[str, object] = {
        "questions": len(sheet.questions),
        "low": min(values),
        "high": max(values),
        "reversed": ", ".join(map(str, sorted(sheet.reverse))),
        "factors": len(sheet.factors),
    }
    parts = [
        N_("%(questions)s questions, each %(low)s to %(high)s."),
        N_("Reversed: %(reversed)s.") if sheet.reverse else "",
        N_("Factors: %(factors)s.") if sheet.factors else "",
        N_("Written with the form for new questionnaires."),
    ]
    return " ".join(say(part) % words for part in parts if part)


def _instrument(sheet: ScaleSheet, say: Say) -> dict[str, object]:
    least, most = sheet.ages
    return {
        "code": sheet.code,
        "version": sheet.version,
        "title": sheet.title,
        "student_title": sheet.student_title,
        "languages": sheet.languages,
        "informant": sheet.informant,
        "ages": {"from": least} if most is None else {"from": least, "to": most},
        "licence": _licence(sheet, say),
        "citation": sheet.citation,
        "translations": {
            locale: {"status": status, "source": sheet.citation}
            for locale, status in sheet.wording.items()
        },
        "recall": sheet.recall,
        "instructions": sheet.instructions,
        **({"option_sets": {OPTION_SET: _options(sheet.options)}} if sheet.options else {}),
        "items": [
            _item(sheet, number, question)
            for number, question in zip(sheet.numbers, sheet.questions, strict=True)
        ],
        "scales": [*(_scale(sheet, target) for target in sheet.targets), *_positive(sheet)],
    }


def _licence(sheet: ScaleSheet, say: Say) -> dict[str, object]:
    licence = sheet.licence
    return {
        "terms": licence.terms,
        **({"holder": licence.holder} if licence.holder else {}),
        "statement": licence.statement(say),
        "source": licence.reference or sheet.citation,
    }


def _options(options: tuple[Option, ...]) -> list[object]:
    return [{"value": option.value, "label": option.label} for option in options]


def _item(sheet: ScaleSheet, number: int, question: Question) -> dict[str, object]:
    item: dict[str, object] = {"code": f"q{number}", "text": question.text}
    item["options"] = _options(question.options) if question.options else OPTION_SET
    if not sheet.counts(number):
        item["scored"] = False
    rules = [rule for rule in sheet.calling if rule.question == number]
    if critical := [rule for rule in rules if rule.lane]:
        item["critical"] = _critical(critical)
    if noticed := [answer for rule in rules if not rule.lane for answer in rule.answers]:
        item["attention"] = {"answers": noticed}
    if reason := dict(sheet.cleared).get(number):
        item["not_critical"] = reason
    return item


def _critical(rules: list[Calling]) -> list[Mapping[str, object]]:
    """The rules of one question; a shown and refused one calls as its gentlest rule does."""
    ordered = sorted(rules, key=lambda rule: rule.lane or "")
    return [
        {
            "answers": [*rule.answers, *(["refused"] if rule is ordered[-1] else [])],
            "lane": rule.lane,
        }
        for rule in ordered
    ]


def _scale(sheet: ScaleSheet, target: Target) -> dict[str, object]:
    members = sheet.members(target)
    lowest, highest = bounds(sheet, target)
    scale: dict[str, object] = {
        "code": scale_code(sheet, target),
        "title": _title(sheet, target),
        "method": sheet.method,
        "items": _run(members),
    }
    if reverse := item_codes(number for number in members if number in sheet.reverse):
        scale["reverse"] = reverse
    scale["missing"] = _missing(sheet, target)
    if sheet.multiply != 1:
        scale["convert"] = {"multiply": plain_number(sheet.multiply), "round": "down"}
    scale["range"] = [plain_number(lowest), plain_number(highest)]
    scale["higher_is"] = sheet.higher_is
    source = {"source": sheet.figures_source, "population": sheet.population}
    if bands_of(sheet, target):
        scale["bands"] = [{"set": FIGURES, **source, "bands": _bands(sheet, target)}]
    if cutoffs := [cutoff for cutoff in sheet.cutoffs if cutoff.of == target]:
        scale["cutoffs"] = [
            {
                "set": FIGURES,
                "at_most" if cutoff.is_low else "at_least": plain_number(cutoff.at),
                "meaning": _spoken(MEANING[cutoff.is_low], sheet),
                **source,
            }
            for cutoff in cutoffs
        ]
    return scale


def _positive(sheet: ScaleSheet) -> list[dict[str, object]]:
    """The number of positive items as a scale of its own, where the form asks for it."""
    if sheet.positive_from is None:
        return []
    members = sheet.members(None)
    return [
        {
            "code": POSITIVE,
            "title": _spoken(_POSITIVE_TITLE, sheet),
            "method": "count",
            "items": _run(members),
            "endorsed": {"all": positive_values(sheet)},
            "missing": {"rule": "refuse"},
            "range": [0, len(members)],
            "higher_is": sheet.higher_is,
        }
    ]


def _title(sheet: ScaleSheet, target: Target) -> Words:
    if target is None:
        return _spoken(_TOTAL_TITLE[sheet.method], sheet)
    return sheet.factors[target].title


def _run(members: tuple[int, ...]) -> str | list[str]:
    is_run = members == tuple(range(members[0], members[0] + len(members)))
    return f"q{members[0]}..q{members[-1]}" if is_run and len(members) > 1 else item_codes(members)


def _missing(sheet: ScaleSheet, target: Target) -> dict[str, object]:
    if sheet.missing.rule == "refuse":
        return {"rule": "refuse"}
    if sheet.method == "mean":
        return {"rule": "available", "at_least": sheet.needed(target)}
    return {"rule": "prorate", "at_least": sheet.needed(target), "round": "half_up"}


def _bands(sheet: ScaleSheet, target: Target) -> list[object]:
    """Bands with their ends; those of means end where the next begins."""
    has_ends = sheet.method == "sum"
    return [
        {
            "code": f"band_{place}",
            "from": plain_number(band.start),
            **({"to": plain_number(band.end)} if has_ends else {}),
            "label": band.label,
        }
        for place, band in enumerate(bands_of(sheet, target), start=1)
    ]


def _spoken(words: Words, sheet: ScaleSheet) -> Words:
    return {locale: words[locale] for locale in sheet.languages}


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40]
    return slug if re.match(r"[a-z]", slug) else ""
