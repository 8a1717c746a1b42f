"""What stands on which page: for the counsellor, and for a referral."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from app.cases import words
from app.cases.queries.profiles import StudentProfile
from app.cases.sheets.flow import WHOLE_WIDTH, Block, Flow, sentence_height
from app.cases.sheets.scales import (
    GlanceRow,
    drawn_scale,
    glance_height,
    glance_rows,
    parted,
    scale_height,
)
from app.cases.sheets.sides import add_lists, add_sides
from app.platform.pdf import Column, text_height
from app.platform.pdf.pagination import LINE_HEIGHT
from app.profiles.model import Profile, ScaleProfile
from app.profiles.phrases import say

#: Who and what, where every entry but the screening and the mode takes one line.
FACTS_HEIGHT, FACT_WIDTH = 34.0, 54.0
HEADING_HEIGHT = 13.0
#: A step of “what now” is set larger than the text that heights are estimated for.
STEP_WIDTH, STEP_SCALE, STEP_GAP = 128.0, 1.2, 1.7
NOTE_HEIGHT = 7.0
#: Room for the legal basis (two lines in English) with two signatures, and for the own words.
REFERRAL_HEIGHT, LEAST_BOX, MOST_BOX = 60.0, 14.0, 60.0


def counsellor_pages(one: StudentProfile) -> list[list[Block]]:
    """First what now, why and where the scores lie; then each scale. Two pages, as a rule.

    What finds no room on the first page stands behind the scales.
    """
    profile, flow = one.profile, Flow()
    flow.add("facts", None, _facts_height(one))
    next_on = one.support.next_on if one.support else None
    flow.add("steps", (profile.steps, next_on), _steps_height(profile, next_on))
    flow.add_table(_("Why"), _why_columns(), _why_rows(one))
    if rows := glance_rows(profile):
        _add_glance(flow, rows)
    support = add_sides(flow, one)
    doubts = [[sentence] for sentence in _words(profile)]
    if has_room := flow.has_room(_("In words"), WHOLE_WIDTH, doubts):
        flow.add_table(_("In words"), WHOLE_WIDTH, doubts, is_plain=True)
    doubt = NOTE_HEIGHT if any(not scale.reliability_source for scale in profile.scales) else 0.0
    is_doubt_first = flow.room >= doubt > 0
    if is_doubt_first:
        _add_doubt(flow, profile)
    if profile.scales:
        flow.turn()
    for number, scale in enumerate(profile.scales, start=1):
        _add_scale(flow, number, scale, one)
    if doubt and not is_doubt_first:
        _add_doubt(flow, profile)
    if support:
        add_lists(flow, support)
    if not has_room:
        flow.add_table(_("In words"), WHOLE_WIDTH, doubts, is_plain=True)
    return flow.pages


def referral_pages(one: StudentProfile) -> list[list[Block]]:
    """What a partner needs and nothing more: why now, these scores, room for the counsellor."""
    profile, flow = one.profile, Flow()
    flow.add("facts", None, _facts_height(one) + LINE_HEIGHT)  # the mode has a row of its own
    reasons = [
        [flag.title, flag.why] for flag in profile.current_flags if _concerns_partner(flag.kind)
    ]
    columns = [Column(_("Flag"), 42), Column(_("What it rests on"), 136)]
    flow.add_table(_("Why now"), columns, reasons)
    flow.add_table(_("Scores of this screening"), _score_columns(), _score_rows(profile))
    box = min(max(flow.room - REFERRAL_HEIGHT, LEAST_BOX), MOST_BOX)
    flow.add("referral", round(box), REFERRAL_HEIGHT + box)
    return flow.pages


def _add_glance(flow: Flow, rows: Sequence[GlanceRow]) -> None:
    """All scales together where a page holds them; else page after page."""
    while rows:
        fitting = len(rows)
        if not flow.holds(glance_height(rows)):
            fits = (n for n in range(len(rows), 0, -1) if glance_height(rows[:n]) <= flow.room)
            # What no page holds is put on an empty one, or pages would be turned for ever.
            fitting = next(fits, 0 if flow.pages[-1] else 1)
        if fitting:
            flow.add("glance", rows[:fitting], glance_height(rows[:fitting]))
        else:
            flow.turn()
        rows = rows[fitting:]


def _add_scale(flow: Flow, number: int, scale: ScaleProfile, one: StudentProfile) -> None:
    """A scale with its chart; texts for which no page is high enough stand below it as a table."""
    block, texts = drawn_scale(number, scale, one), list[str]()
    if not flow.holds(scale_height(block, one.profile.locale)):
        block, texts = parted(block)
    flow.add("scale", block, scale_height(block, one.profile.locale))
    flow.add_table(_("In words"), WHOLE_WIDTH, [[text] for text in texts], is_plain=True)


def _facts_height(one: StudentProfile) -> float:
    """Long names of students, classes and screenings take further lines."""
    names = max(
        text_height(name, width=FACT_WIDTH)
        for name in (one.student.name or "", one.student.cohort.name)
    )
    campaign = text_height(one.profile.campaign, width=FACT_WIDTH)
    return FACTS_HEIGHT + names + campaign - 2 * LINE_HEIGHT


def _add_doubt(flow: Flow, profile: Profile) -> None:
    """Say that nobody knows how exact these scores are; no page is begun for it if one has room."""
    flow.add("note", say(profile.locale, "interval_unknown"), NOTE_HEIGHT)


def _concerns_partner(kind: str) -> bool:
    return kind in ("critical", "cutoff")


def _steps_height(profile: Profile, next_on: date | None) -> float:
    """The larger type of the steps takes more lines, and each of them is higher."""
    lines = (
        sentence_height(step, width=STEP_WIDTH, locale=profile.locale) * STEP_SCALE + STEP_GAP
        for step in profile.steps
    )
    return HEADING_HEIGHT + sum(lines) + (LINE_HEIGHT if next_on else 0.0)


def _words(profile: Profile) -> tuple[str, ...]:
    """What the page does not say elsewhere: facts, reasons, scales and footer tell the rest."""
    return profile.closing if profile.is_finished else (profile.opening, *profile.closing)


def _why_columns() -> list[Column]:
    return [Column(_("Flag"), 48), Column(_("What it rests on"), 98), Column(_("To be seen"), 32)]


def _why_rows(one: StudentProfile) -> list[list[str]]:
    """The student's own words, the flags, and critical items whose answer raised none."""
    profile = one.profile
    written = ((question.get(profile.locale), said) for question, said in one.written)
    own = [
        [heading, text, ""]
        for heading, text in (
            *written,
            (_("The student wrote"), one.message),
            (_("Would rather not be contacted by"), one.not_by),
        )
        if text
    ]
    flags = [
        [
            group.title,
            "\n".join(flag.why for flag in group.flags),
            words.lane_word(group.lane) if group.lane else "",
        ]
        for group in profile.grouped_flags
    ]
    harmless = [
        [_("Critical item, no flag"), _("%(item)s: %(answer)s", item=a.text, answer=a.answer), ""]
        for a in profile.critical
        if not a.is_critical
    ]
    return own + flags + harmless


def _score_columns() -> list[Column]:
    return [
        Column(_("Scale"), 66),
        Column(_("Score"), 26),
        Column(_("Band"), 52),
        Column(_("Cut-off"), 34),
    ]


def _score_rows(profile: Profile) -> list[list[str]]:
    return [
        [
            scale.label,
            f"{scale.latest.text} / {scale.maximum:g}",
            scale.latest.band,
            scale.cutoff.text if scale.cutoff else "",
        ]
        for scale in profile.current_scales
    ]
