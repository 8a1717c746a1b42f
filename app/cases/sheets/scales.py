"""Scales on paper: one line each at a glance, and each with its chart, words and sources."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.cases.queries.profiles import StudentProfile
from app.cases.sheets.flow import sentence_height
from app.platform.pdf import text_height
from app.platform.pdf.pagination import LINE_HEIGHT, ROW_PADDING
from app.profiles.chart import PAPER, Chart, draw, summary
from app.profiles.model import Point, Profile, ScaleProfile
from app.profiles.phrases import date_text
from app.profiles.strip import Strip, draw_strip
from app.scoring.report import number_text

CHART_HEIGHT = 60.5
#: A title is set larger than what heights are estimated for; each further line of it is as high.
TITLE_WIDTH, TITLE_LINE = 70.0, 7.0
POINT_HEIGHT, BAND_WIDTH = 6.2, 60.0
#: The newest ones; the chart shows more.
MOST_POINTS = 4
#: Beside a chart: the title, the head of the table, the gaps.
FIXED = 22.0
#: Its words and sources are set smaller than what heights are estimated for.
WORDS_WIDTH, WORDS_SCALE = 94.0, 0.9
SOURCE_WIDTH, SOURCE_SCALE, SOURCE_GAP = 112.0, 0.7, 1.5
#: The strips: caption and key, the least height of a row, and the columns that may need lines.
GLANCE_FIXED, GLANCE_ROW, GLANCE_NAME, GLANCE_WORDS = 15.5, 9.8, 40.0, 58.0


@dataclass(frozen=True)
class GlanceRow:
    """A scale on one line: its strip, and the same in words."""

    scale: ScaleProfile
    strip: Strip
    maximum: str
    words: str


@dataclass(frozen=True)
class DrawnScale:
    """A scale with its chart, and how the instrument was answered."""

    id: str
    scale: ScaleProfile
    chart: Chart
    summary: str
    #: Whose bands, cut-off, reliability and norms these are, and by which version it was scored.
    source: str
    #: Which of its scores were worked out anew, and why.
    notes: Sequence[str] = ()


def drawn_scale(number: int, scale: ScaleProfile, one: StudentProfile) -> DrawnScale:
    """A scale with its chart, the sentence for those who hear it, and its instrument."""
    return DrawnScale(
        id=f"chart-{one.assessment.public_id}-{number}",
        scale=scale,
        chart=draw(scale, PAPER),
        summary=summary(scale, one.profile.locale),
        source=_source(scale, one.profile),
        notes=[*_rescored(scale, one.profile.locale)],
    )


def shown_points(scale: ScaleProfile) -> Sequence[Point]:
    """The newest measurements, the newest first."""
    return scale.points[::-1][:MOST_POINTS]


def _rescored(scale: ScaleProfile, locale: str) -> Iterator[str]:
    for point in shown_points(scale):
        if point.rescored:
            yield _(
                "The score of %(taken)s was worked out anew on %(day)s, by version %(version)s. "
                "The reason: %(reason)s",
                taken=date_text(point.taken_on, locale),
                day=date_text(point.rescored.on, locale),
                version=point.version,
                reason=point.rescored.reason,
            )


def parted(block: DrawnScale) -> tuple[DrawnScale, list[str]]:
    """A scale without its texts, and these: together they are higher than a page."""
    scale = block.scale
    texts = [scale.label, scale.words, *block.notes, block.source]
    bare = replace(block, scale=replace(scale, words=""), notes=(), source="")
    return bare, [text for text in texts if text]


def _source(scale: ScaleProfile, profile: Profile) -> str:
    told = []
    if scale.reliability_source:
        told += [each for each in (scale.interval_words, scale.change_words) if each]
        told.append(f"{_('Reliability')}: {scale.reliability_source}")
    told += [f"{n.text}: {n.source}; {n.population}, n = {n.size}" for n in scale.norms]
    if scale.cutoff:
        cut = f"{_('Cut-off')} {scale.cutoff.text}: {scale.cutoff.source}"
        told.append(f"{cut}; {scale.cutoff.population}")
    if scale.bands_source and not (scale.cutoff and scale.bands_source == scale.cutoff.source):
        told.append(f"{_('Bands')}: {scale.bands_source}")
    if any(point.is_prorated for point in scale.points):
        told.append("* " + _("Missing answers were made up for by the rule of the instrument."))
    if not scale.is_within_ages:
        told.append(_("The student is outside the ages of this instrument: no band, no cut-off."))
    told += [
        _(
            "Instrument version %(version)s, scoring version %(engine)s.",
            version=instance.version,
            engine=instance.engine_version,
        )
        for instance in profile.instruments
        if instance.code == scale.instrument
    ]
    return ". ".join(part.rstrip(".。") for part in told) + "."


def scale_height(block: DrawnScale, locale: str) -> float:
    """What chart or text take, whichever is higher."""
    scale = block.scale
    lines = round(text_height(scale.label, width=TITLE_WIDTH) / LINE_HEIGHT)
    points = sum(_point_height(point) for point in shown_points(scale))
    told = 0.0
    if scale.words:
        told = sentence_height(scale.words, width=WORDS_WIDTH, locale=locale)
    notes = sum(
        SOURCE_GAP + SOURCE_SCALE * text_height(note, width=SOURCE_WIDTH) for note in block.notes
    )
    source = sentence_height(block.source, width=SOURCE_WIDTH, locale="en")
    text = FIXED + points + WORDS_SCALE * told + notes + SOURCE_SCALE * source
    return max(CHART_HEIGHT + TITLE_LINE * (lines - 1), text)


def _point_height(point: Point) -> float:
    """A row, higher where the name of the band takes more lines."""
    return POINT_HEIGHT + text_height(point.band, width=BAND_WIDTH) - LINE_HEIGHT


def glance_rows(profile: Profile) -> Sequence[GlanceRow]:
    """Every scale on a line of its own."""
    return [
        GlanceRow(scale, draw_strip(scale), number_text(scale.maximum), _glance_words(scale))
        for scale in profile.scales
    ]


def glance_height(rows: Sequence[GlanceRow]) -> float:
    """What the lines take with caption and key."""
    return GLANCE_FIXED + sum(max(_row_height(row), GLANCE_ROW) for row in rows)


def _row_height(row: GlanceRow) -> float:
    name = f"{row.scale.label}\n{row.scale.informant}" if row.scale.informant else row.scale.label
    words = text_height(row.words, width=GLANCE_WORDS)
    return max(text_height(name, width=GLANCE_NAME), words) + ROW_PADDING


def _glance_words(scale: ScaleProfile) -> str:
    """The band, and how the score has changed: what the strip shows, in words."""
    if scale.latest.score is None:
        return str(_("Too few answers for a score"))
    change = ""
    if scale.change:
        arrow = "↑" if scale.change > 0 else "↓"
        change = scale.change_mark or f"{arrow} {number_text(abs(scale.change))}"
    return " · ".join(filter(None, (scale.latest.band.rpartition("：")[2], change)))
