"""The vocabulary of instruments as people read it."""

from flask_babel import gettext as _

from app.instruments.examples import Example
from app.instruments.scales import Band, Cutoff, MissingRule
from app.instruments.words import Group


def licence_terms(terms: str) -> str:
    """What may be done with the wording."""
    names: dict[str, str] = {
        "public_domain": _("public domain"),
        "free_no_permission": _("free, no permission needed"),
        "free_with_conditions": _("free under conditions"),
        "non_commercial": _("free for non-commercial use"),
        "ask_permission": _("ask the owner first"),
        "commercial": _("to be bought"),
        "unknown": _("unclear"),
    }
    return names[terms]


def translation_status(status: str) -> str:
    """How far the wording in a language may be trusted."""
    names: dict[str, str] = {
        "original": _("original wording"),
        "official": _("official translation"),
        "established": _("established translation"),
        "unvalidated": _("our own translation, not validated"),
        "not_included": _("not included"),
    }
    return names[status]


def language_name(locale: str) -> str:
    """A language, in the reader's own."""
    names: dict[str, str] = {"zh_Hans": _("Chinese"), "en": _("English")}
    return names.get(locale, locale)


def direction(higher_is: str) -> str:
    """What a high score means."""
    names: dict[str, str] = {
        "worse": _("a higher score means more difficulty"),
        "better": _("a lower score means more difficulty"),
        "neither": _("neither end means difficulty"),
    }
    return names[higher_is]


def lane_name(lane: str) -> str:
    """How fast a critical answer calls a person."""
    names: dict[str, str] = {"fast": _("at once"), "same_day": _("the same day")}
    return names[lane]


def missing_rule(rule: MissingRule) -> str:
    """What happens when answers are missing."""
    words: dict[str, str] = {
        "refuse": _("With any answer missing there is no score."),
        "prorate": _(
            "With at least %(number)s answers, their mean stands for the missing ones.",
            number=rule.at_least,
        ),
        "available": _("With at least %(number)s answers, only those count.", number=rule.at_least),
        "substitute": _(
            "With at least %(number)s answers, a missing one counts as %(value)s.",
            number=rule.at_least,
            value=rule.value,
        ),
    }
    return words[rule.rule]


def group_name(group: Group | None) -> str:
    """Whom something is meant for."""
    if group is None:
        return str(_("everybody"))
    sexes: dict[str, str] = {"male": _("boys and men"), "female": _("girls and women")}
    stages: dict[str, str] = {
        "primary": _("primary school"),
        "junior": _("junior secondary school"),
        "senior": _("senior secondary school"),
        "university": _("university"),
    }
    parts = [
        sexes[group.sex] if group.sex else "",
        _("ages %(ages)s", ages=group.ages) if group.ages else "",
        stages.get(group.stage, group.stage) if group.stage else "",
        _("grades %(grades)s", grades=", ".join(map(str, group.grades))) if group.grades else "",
    ]
    # Translators: between the parts of “girls and women, ages 13-17”
    return str(_(", ")).join(part for part in parts if part)


def interval(band: Band) -> str:
    """The scores of a band."""
    if band.start is None:
        return f"≤ {band.end:g}"
    if band.end is None:
        return f"≥ {band.start:g}"
    return f"{band.start:g}" if band.start == band.end else f"{band.start:g}–{band.end:g}"


def bound(cutoff: Cutoff) -> str:
    """The scores that a cut-off flags."""
    if cutoff.at_least is not None:
        return f"≥ {cutoff.at_least:g}"
    return f"≤ {cutoff.at_most:g}"


def example_answers(example: Example) -> str:
    """The answers of a worked example, as its file writes them."""
    if isinstance(example.answers, dict):
        return ", ".join(f"{name}: {_answer(value)}" for name, value in example.answers.items())
    return " ".join(_answer(value) for value in example.answers)


def _answer(value: object) -> str:
    return "–" if value is None else str(value)
