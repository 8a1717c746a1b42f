"""The vocabulary of instruments as people read it."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.authoring.domain import DraftOrigin, DraftState, Gate
from app.authoring.paste.rows import Place
from app.authoring.starter.problems import FieldProblem
from app.instruments.examples import Example
from app.instruments.loader import EXAMPLES_FILE, INSTRUMENT_FILE, NORMS_FILE
from app.instruments.passages import Group as PassageGroup
from app.instruments.said import Said
from app.instruments.scales import Band, Cutoff, MissingRule
from app.instruments.words import Group

#: The tabs of a draft, in the order of the work: endpoint and label.
DRAFT_TABS = (
    ("authoring.draft", _l("Text")),
    ("assessments.preview", _l("As students see it")),
    ("authoring.paper", _l("On paper")),
    ("authoring.try_draft", _l("Try it")),
    ("authoring.translations", _l("Translations")),
    ("results.draft_changes", _l("What would change")),
    ("results.draft_budget", _l("Alarm budget")),
    ("authoring.draft_review", _l("Review")),
)


def draft_state(state: DraftState) -> str:
    """Where a draft stands."""
    names: dict[DraftState, str] = {
        DraftState.DRAFT: _("being written"),
        DraftState.IN_REVIEW: _("with a reviewer"),
        DraftState.RETURNED: _("given back"),
        DraftState.PUBLISHED: _("in the library"),
        DraftState.WITHDRAWN: _("withdrawn"),
    }
    return names[state]


def draft_origin(origin: DraftOrigin) -> str:
    """What a draft began as."""
    names: dict[DraftOrigin, str] = {
        DraftOrigin.BLANK: _("blank file"),
        DraftOrigin.STARTER: _("form"),
        DraftOrigin.PASTE: _("pasted table"),
        DraftOrigin.COPY: _("copy of a version"),
    }
    return names[origin]


def in_words(sentence: str) -> str:
    """A sentence of the core in the reader's language, and those inside it."""
    return sentence.within(_) if isinstance(sentence, Said) else sentence


def file_name(name: str) -> str:
    """A file of the draft, as its field is called."""
    names: dict[str, str] = {
        INSTRUMENT_FILE: _("questionnaire"),
        EXAMPLES_FILE: _("worked examples"),
        NORMS_FILE: _("norms"),
    }
    return names[name]


def gate_name(gate: Gate) -> str:
    """What a gate asks for."""
    names: dict[Gate, str] = {
        Gate.READS: _("The text can be read and everything in it fits together"),
        Gate.EXAMPLES: _("Worked examples are there, come out, and reach every band and flag"),
        Gate.LANGUAGES: _("No text is missing in a language that the questionnaire claims"),
        Gate.CRITICAL: _("Every item that speaks of self-harm has a rule, or a reason for none"),
        Gate.PATHWAY: _("It is written down what happens after an answer that calls a person"),
        Gate.LICENCE: _("It is written down by what right the wording is used"),
        Gate.VERSION: _("The version number is new"),
        Gate.SECOND_PERSON: _("Author and reviewer are two people"),
    }
    return names[gate]


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


#: What a file may say of a wording.
TRANSLATION_STATUSES = ("original", "official", "established", "unvalidated", "not_included")


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


def passage_group(group: PassageGroup) -> str:
    """What texts belong to."""
    names: dict[PassageGroup, str] = {
        "head": _("Title and instructions"),
        "item": _("Items"),
        "option": _("Answers"),
        "scale": _("Scales"),
        "band": _("Bands"),
        "advice": _("Cut-offs and advice"),
        "flag": _("Flags"),
    }
    return names[group]


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


def sex_name(sex: str) -> str:
    """A sex as the form asks for it."""
    names: dict[str, str] = {"female": _("female"), "male": _("male")}
    return names[sex]


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


def problem_text(problem: FieldProblem) -> str:
    """What is wrong with a field of the form, with the line where it stands."""
    said = str(_(problem.sentence) % problem.words)
    if problem.line is None:
        return said
    # Translators: before a sentence about one line of a field
    return str(_("Line %(line)s: ", line=problem.line)) + said


def place_text(place: Place) -> str:
    """Where a row of a pasted file stands."""
    names: dict[str, str] = {
        "sheet": _("Sheet %(part)s, row %(row)s", part=place.part, row=place.row),
        "table": _("Table %(part)s, row %(row)s", part=place.part, row=place.row),
        "paragraph": _("Paragraph %(row)s", row=place.row),
        "line": _("Line %(row)s", row=place.row),
    }
    return names[place.where]


def _answer(value: object) -> str:
    return "–" if value is None else str(value)
