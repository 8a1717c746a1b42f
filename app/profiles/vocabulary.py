"""What the file of wording may speak of: its words, its lists of rules, their facts and braces."""

from dataclasses import dataclass
from typing import Literal

#: What rules about a whole sitting may ask.
SITTING_FACTS = frozenset(
    {
        "unfinished",
        "fast",
        "same_day",
        "critical",
        "words",
        "request",
        "message",
        "cutoff",
        "attention",
        "unscored",
        "quality",
    }
)
#: What rules about one scale may ask; everything but the first two needs a score.
SCALE_FACTS = frozenset(
    {
        "scored",
        "unscored",
        "reached",
        "below",
        "low_is_worse",
        "outside_ages",
        "has_bands",
        "exactness_known",
        "exactness_local",
        "above_norm",
        "below_norm",
        "at_norm",
        "local_norm",
        "same",
        "changed",
        "rose",
        "fell",
        "eased",
        "harder",
        "reliable",
        "within_error",
        "reliable_local",
        "within_error_local",
    }
)


@dataclass(frozen=True)
class Section:
    """One list of rules: how many of them speak, what they may ask, which braces they may use."""

    speaks: Literal["first", "all"]
    facts: frozenset[str]
    braces: frozenset[str] = frozenset()
    #: Whether something must be said whatever holds: the last rule is then `otherwise: true`.
    always: bool = False
    #: What must be asked by some rule of the list, so that it cannot be passed over in silence.
    must_ask: frozenset[str] = frozenset()


def _of_scale(*braces: str, always: bool = False, must_ask: tuple[str, ...] = ()) -> Section:
    return Section("first", SCALE_FACTS, frozenset(braces), always, frozenset(must_ask))


SECTIONS: dict[str, Section] = {
    "steps": Section(
        "all",
        SITTING_FACTS,
        always=True,
        must_ask=frozenset(
            {"fast", "same_day", "request", "cutoff", "attention", "unscored", "quality"}
        ),
    ),
    "opening": Section(
        "first",
        SITTING_FACTS,
        frozenset({"date", "campaign", "titles", "mode", "language"}),
        always=True,
    ),
    "safety": Section(
        "all",
        SITTING_FACTS,
        frozenset({"reasons", "wishes"}),
        must_ask=frozenset({"critical", "words", "request"}),
    ),
    "score": _of_scale(
        "label", "score", "maximum", "cutoff", always=True, must_ask=("unscored", "reached")
    ),
    "band": _of_scale("band"),
    "precision": _of_scale("low", "high"),
    "norm": _of_scale("mean", "group", "rank"),
    "change": _of_scale("date", "before", "difference", "way"),
    "reliability": _of_scale("least", must_ask=("within_error", "reliable")),
    "scale_strengths": _of_scale("label"),
    "strengths": Section("all", SITTING_FACTS),
    "scale_difficulties": _of_scale("label", must_ask=("reached",)),
    "difficulties": Section("all", SITTING_FACTS, must_ask=frozenset({"critical"})),
}

#: Every word the code says by its code, with the braces it fills.
WORDS: dict[str, frozenset[str]] = {
    code: frozenset(braces.split())
    for code, braces in {
        "sep": "",
        "mode_phone": "",
        "mode_computer_room": "",
        "mode_paper": "",
        "mode_import": "",
        "language_zh_Hans": "",
        "language_en": "",
        "scale_of": "instrument scale",
        "outcome": "scale outcome",
        "unscored": "",
        "no_band": "",
        "ge": "value",
        "le": "value",
        "direction_worse": "",
        "direction_better": "",
        "direction_neither": "",
        "flag_critical": "",
        "flag_cutoff": "",
        "flag_cutoff_le": "",
        "flag_attention": "",
        "flag_request": "",
        "flag_words": "",
        "why_item": "item answer",
        "why_item_refused": "item",
        "why_score": "scale value cutoff",
        "why_words": "",
        "why_words_item": "item",
        "wish_today": "",
        "wish_this_week": "",
        "wish_need": "",
        "wish_not_urgent": "",
        "wish_talk_button": "",
        "company_unanswered": "",
        "company_refused": "",
        "edited": "",
        "versions": "instrument engine",
        "refused": "",
        "not_answered": "",
        "quality_too_fast": "seconds",
        "quality_long_run": "share",
        "quality_many_missing": "share",
        "quality_inconsistent": "",
        "guardian": "",
        "teacher": "",
        "interviewer": "",
        "more": "",
        "less": "",
        "outcome_told": "outcome",
        "quality_told": "title notes",
        "strengths_told": "strengths",
        "caveat": "",
        "interval": "low high",
        "interval_unknown": "",
        "cutoff_line": "cutoff",
        "norm_line": "mean",
        "norm_local_line": "mean",
        "interval_local": "low high",
        "local_source": "campaigns date",
        "local_rank": "rank low high group size",
        "local_beside": "rank source",
        "local_everybody": "",
        "local_female": "",
        "local_male": "",
        "local_of_grade": "grade sex",
        **{f"grade_{number}": "" for number in range(1, 17)},
        "rise": "",
        "fall": "",
    }.items()
}

#: The sentences of a sheet for students or guardians, with the braces they may use.
SHEET_BRACES = {"greeting": frozenset({"name"}), "intro": frozenset({"campaign"})}
