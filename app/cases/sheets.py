"""Cutting a profile into printed pages: blocks of known height flow from page to page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.cases.queries.profiles import StudentProfile
from app.cases.words import lane_word
from app.platform.pdf import Column, TablePart, split_table, text_height
from app.platform.pdf.pagination import LINE_HEIGHT, PAGE_ROOM, ROW_PADDING
from app.profiles.chart import Chart, draw, summary
from app.profiles.model import Instance, Profile, ScaleProfile

FACTS_HEIGHT = 34.0
HEADING_HEIGHT = 13.0
CHART_HEIGHT = 57.0
POINT_HEIGHT = 6.2
#: Beside a chart: the title, the head of the table, the sources.
SCALE_FIXED = 28.0
SCALE_TEXT_WIDTH = 98.0
SCALE_TEXT_SCALE = 0.92
TABLE_GAP = 4.0
#: Room for the counsellor's words, the legal basis and two signatures.
REFERRAL_HEIGHT = 74.0
HEAD_ROW = LINE_HEIGHT + ROW_PADDING
#: The newest ones; the chart shows more.
MOST_POINTS = 4
#: A step of “what now” is set larger than the text that heights are estimated for.
STEP_SCALE, STEP_GAP = 1.35, 2.5

WHOLE_WIDTH = (Column("", 178),)


@dataclass(frozen=True)
class Block:
    """A piece of a page: which part of the template draws it, and from what."""

    kind: str
    content: Any


@dataclass(frozen=True)
class Table:
    """A part of a table, ready for `macros/print.html`."""

    caption: str
    columns: Sequence[Column]
    part: Any
    is_plain: bool = False


@dataclass(frozen=True)
class DrawnScale:
    """A scale with its chart, and how the instrument was answered."""

    scale: ScaleProfile
    chart: Chart
    summary: str
    instance: Instance | None


class Flow:
    """Pages that fill from the top; what has no room left begins the next page."""

    def __init__(self, room: float = PAGE_ROOM) -> None:
        self.pages: list[list[Block]] = [[]]
        self._whole = self._room = room

    def add(self, kind: str, content: Any, height: float) -> None:
        """Put a block that must not be cut."""
        if height > self._room and self.pages[-1]:
            self.turn()
        self.pages[-1].append(Block(kind, content))
        self._room -= height

    def add_table(
        self,
        caption: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        is_plain: bool = False,
    ) -> None:
        """Put a table, cut between rows where the page ends; without rows nothing."""
        if not rows:
            return
        parts = self._split(columns, rows)
        for number, part in enumerate(parts):
            if number:
                self.turn()
            if part.rows:
                self.pages[-1].append(Block("table", Table(caption, columns, part, is_plain)))
                self._room -= part.height + TABLE_GAP - (HEAD_ROW if len(columns) == 1 else 0.0)

    def has_room(
        self, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]
    ) -> bool:
        """Whether a table would stand whole on what is left of the page."""
        return len(self._split(columns, rows)) == 1

    def _split(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[TablePart]:
        """Cut a table; a single column is printed without its head and has room for a line more."""
        spared = HEAD_ROW if len(columns) == 1 else 0.0
        return split_table(rows, columns=columns, first=self._room + spared, following=self._whole)

    def turn(self) -> None:
        """Begin a page."""
        self.pages.append([])
        self._room = self._whole


def counsellor_pages(one: StudentProfile) -> list[list[Block]]:
    """First what now and why, then in words; the measurements begin a page of their own."""
    profile, flow = one.profile, Flow()
    flow.add("facts", None, FACTS_HEIGHT)
    flow.add("steps", profile.steps, _steps_height(profile))
    flow.add_table(_("Why"), _why_columns(), _why_rows(profile))
    flow.add_table(_("Answers to critical items"), _answer_columns(), _answer_rows(profile))
    flow.add_table(_("What the student wrote to the counsellor"), WHOLE_WIDTH, _letter(one))
    words = [[paragraph] for paragraph in _words(profile)]
    words_come_first = flow.has_room(_("In words"), WHOLE_WIDTH, words)
    if words_come_first:
        flow.add_table(_("In words"), WHOLE_WIDTH, words, is_plain=True)
    if profile.scales:
        flow.turn()
    for scale in profile.scales:
        flow.add("scale", drawn(scale, profile), _scale_height(scale))
    if not words_come_first:
        flow.add_table(_("In words"), WHOLE_WIDTH, words, is_plain=True)
    return flow.pages


def referral_pages(one: StudentProfile) -> list[list[Block]]:
    """What a partner needs and nothing more: why now, these scores, room for the counsellor."""
    profile, flow = one.profile, Flow()
    flow.add("facts", None, FACTS_HEIGHT)
    reasons = [
        [flag.title, flag.why] for flag in profile.current_flags if _concerns_partner(flag.kind)
    ]
    columns = [Column(_("Flag"), 42), Column(_("What it rests on"), 136)]
    flow.add_table(_("Why now"), columns, reasons)
    flow.add_table(_("Scores of this screening"), _score_columns(), _score_rows(profile))
    flow.add("referral", None, REFERRAL_HEIGHT)
    return flow.pages


def drawn(scale: ScaleProfile, profile: Profile) -> DrawnScale:
    """A scale with its chart, the sentence for those who hear it, and its instrument."""
    instances = {instance.code: instance for instance in profile.instruments}
    return DrawnScale(
        scale, draw(scale), summary(scale, profile.locale), instances.get(scale.instrument)
    )


def _concerns_partner(kind: str) -> bool:
    return kind in ("critical", "cutoff")


def _steps_height(profile: Profile) -> float:
    heights = (text_height(step) * STEP_SCALE + STEP_GAP for step in profile.steps)
    return HEADING_HEIGHT + sum(heights)


def _words(profile: Profile) -> tuple[str, ...]:
    """What the page does not say elsewhere: facts, reasons, scales and footer tell the rest."""
    return profile.closing if profile.is_finished else (profile.opening, *profile.closing)


def _scale_height(scale: ScaleProfile) -> float:
    points = min(len(scale.points), MOST_POINTS) * POINT_HEIGHT
    words = (
        SCALE_TEXT_SCALE * text_height(scale.words, width=SCALE_TEXT_WIDTH) if scale.words else 0.0
    )
    return max(CHART_HEIGHT, SCALE_FIXED + points + words)


def _why_columns() -> list[Column]:
    return [Column(_("Flag"), 36), Column(_("What it rests on"), 104), Column(_("To be seen"), 38)]


def _why_rows(profile: Profile) -> list[list[str]]:
    return [
        [
            group.title,
            "\n".join(flag.why for flag in group.flags),
            lane_word(group.lane) if group.lane else "",
        ]
        for group in profile.grouped_flags
    ]


def _answer_columns() -> list[Column]:
    return [Column(_("Item"), 130), Column(_("Answer"), 48)]


def _answer_rows(profile: Profile) -> list[list[str]]:
    """Critical items whose answer raised nothing; the others stand among the reasons."""
    return [[a.text, a.answer] for a in profile.critical if not a.is_critical]


def _letter(one: StudentProfile) -> list[list[str]]:
    not_by = one.not_by and _("Would rather not be contacted by: %(who)s", who=one.not_by)
    return [[text] for text in (one.message, not_by) if text]


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
