"""Scales on paper: one line each at a glance, and each with its chart, words and sources."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.cases.queries.profiles import StudentProfile
from app.cases.sheets.flow import sentence_height
from app.platform.pdf import text_height
from app.platform.pdf.pagination import ROW_PADDING
from app.profiles.chart import PAPER, Chart, draw, summary
from app.profiles.model import Profile, ScaleProfile
from app.profiles.strip import Strip, draw_strip
from app.scoring.report import number_text

CHART_HEIGHT = 60.5
POINT_HEIGHT = 6.2
#: The newest ones; the chart shows more.
MOST_POINTS = 4
#: Beside a chart: the title, the head of the table, the gaps.
FIXED = 22.0
#: Its words and sources are set smaller than what heights are estimated for.
WORDS_WIDTH, WORDS_SCALE = 94.0, 0.9
SOURCE_WIDTH, SOURCE_SCALE = 112.0, 0.7
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


def drawn_scale(number: int, scale: ScaleProfile, one: StudentProfile) -> DrawnScale:
    """A scale with its chart, the sentence for those who hear it, and its instrument."""
    return DrawnScale(
        id=f"chart-{one.assessment.public_id}-{number}",
        scale=scale,
        chart=draw(scale, PAPER),
        summary=summary(scale, one.profile.locale),
        source=_source(scale, one.profile),
    )


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
    points = min(len(scale.points), MOST_POINTS) * POINT_HEIGHT
    told = 0.0
    if scale.words:
        told = sentence_height(scale.words, width=WORDS_WIDTH, locale=locale)
    source = sentence_height(block.source, width=SOURCE_WIDTH, locale="en")
    text = FIXED + points + WORDS_SCALE * told + SOURCE_SCALE * source
    return max(CHART_HEIGHT, text)


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
