"""The figures of a group report, one by one, for a form: the numbers of the page and no others.

Whatever the page does not show is hidden here too. A form leaves the school, so its report is the
one that goes by the stricter rule (`report_of(…, leaves=True)`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.cases.words import level_word
from app.instruments.model import Instrument
from app.instruments.scales import Scale
from app.people.models import Site
from app.platform.i18n import as_date, choose_locale
from app.psychometrics.estimate import Interval
from app.statistics import words
from app.statistics.domain.grid import Value
from app.statistics.domain.participation import Participation
from app.statistics.domain.report import Place, PlaceKind, Row, ScaleReport
from app.statistics.domain.returns import PLACE, PlaceFigures, ReportFigures, Scope
from app.statistics.queries.quality import LevelCounts
from app.statistics.queries.report import GroupReport, facts_of
from app.triage.domain import RiskLevel

KINDS = {PlaceKind.GRADE: Scope.GRADE, PlaceKind.CLASS: Scope.CLASS}
#: Levels that a form can ask for.
LEVELS = tuple(level for level in RiskLevel if level is not RiskLevel.NONE)
#: What of taking part is told of a school, a grade or a class alike.
PARTICIPATION = ("invited", "finished", "finished_share", "answered", "answered_share")
NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True)
class Choice:
    """A figure that can be chosen for a spot."""

    code: str
    name: str


def figures_of(
    report: GroupReport, site: Site, *, filled_by: str, today: date, levels: LevelCounts | None
) -> ReportFigures:
    """Every figure of a school's report; `levels` only for whom they may be told."""
    school = _of_school(report, site, filled_by, today)
    school |= _of_levels(levels, report.fewest) if levels else {}
    rows = _rows_by_place(report)
    sizeless = _sizeless(report, rows)
    found: dict[Scope, list[PlaceFigures]] = {Scope.GRADE: [], Scope.CLASS: []}
    for _depth, place in report.place.walk():
        scope = KINDS.get(place.kind)
        if scope:
            number = len(found[scope]) + 1
            values = (
                _of_row(place, number)
                | _of_part(report, place, is_hidden=place.key in sizeless)
                | _of_scales(report, rows.get(place.key, {}))
            )
            if place.key in sizeless:
                values |= {code: HIDDEN for code in values if code.endswith(".n")}
            found[scope].append(PlaceFigures(_names(place), values))
    whole = school | _of_scales(report, rows.get(report.place.key, {}))
    return ReportFigures({Scope.SCHOOL: [PlaceFigures((site.name,), whole)], **found})


def choices(instruments: Sequence[Instrument], scope: Scope) -> list[tuple[str, list[Choice]]]:
    """What can be chosen for the school or for a row, in groups."""
    groups = [_school_choices(), _level_choices()] if scope is Scope.SCHOOL else [_row_choices()]
    return groups + [
        (_scale_title(instrument, scale), list(_scale_choices(instrument, scale)))
        for instrument in instruments
        for scale in instrument.scales
        if facts_of(instrument, scale)
    ]


def _of_school(report: GroupReport, site: Site, filled_by: str, today: date) -> dict[str, Value]:
    counts = report.participation
    is_few = counts.careless < report.fewest
    return {
        "school": Value(site.name),
        "campaign": Value(report.campaign.title),
        "opens": _day(report.campaign.opens_on),
        "closes": _day(report.campaign.closes_on),
        "today": _day(today),
        "filled_by": Value(filled_by),
        **_of_counts(counts),
        "careless": HIDDEN if is_few else _count(counts.careless),
    }


def _of_row(place: Place, number: int) -> dict[str, Value]:
    return {PLACE: Value(words.place_name(place)), "number": _count(number)}


def _sizeless(
    report: GroupReport, rows: Mapping[str, Mapping[tuple[str, str], Row]]
) -> frozenset[str]:
    """Grades and classes of which nothing says how many answered: neither a scale nor the slips."""
    few = {key for key, part in report.parts.items() if part.is_hidden}
    untold = {key for key, scales in rows.items() if any(one.n is None for one in scales.values())}
    return frozenset(few | untold)


def _of_part(report: GroupReport, place: Place, *, is_hidden: bool) -> dict[str, Value]:
    """How many of a grade or class took part; nothing where the campaign counted no classes."""
    part = report.parts.get(place.key)
    if part is None:
        return {}
    told = _of_counts(part.counts)
    return {code: HIDDEN if is_hidden and code != "invited" else told[code] for code in told}


def _of_counts(counts: Participation) -> dict[str, Value]:
    return {
        "invited": _count(counts.invited),
        "finished": _count(counts.finished),
        "answered": _count(counts.answered),
        "finished_share": _ratio(counts.finished, counts.invited),
        "answered_share": _ratio(counts.answered, counts.invited),
    }


def _of_levels(levels: LevelCounts, fewest: int) -> dict[str, Value]:
    """What persons decided, and how long students waited; never of a few."""
    found = {f"level.{level}": _count_or_hidden(levels.shown(level, fewest)) for level in LEVELS}
    waits, is_few = levels.waiting, levels.waiting.people < fewest
    found["waiting.people"] = HIDDEN if is_few else _count(waits.people)
    for name, hours in (("median", waits.median), ("p90", waits.p90)):
        found[f"waiting.{name}"] = (
            HIDDEN if is_few or hours is None else Value(f"{hours:.1f}", round(hours, 1))
        )
    return found


def _of_scales(report: GroupReport, rows: Mapping[tuple[str, str], Row]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for one in report.instruments:
        for scale, says in one.scales:
            found |= _of_scale(says, rows.get((one.instrument.code, scale.code)))
    return found


def _of_scale(says: ScaleReport, row: Row | None) -> dict[str, Value]:
    start = f"{says.facts.instrument}.{says.facts.scale}"
    found = {f"{start}.n": _count_or_hidden(row.n if row else 0)}
    for number, band in enumerate(says.facts.bands):
        group = next(
            (one for one in (row.groups if row else ()) if one.first == one.last == number), None
        )
        found[f"{start}.{band}.count"] = _count(group.count) if group else HIDDEN
        found[f"{start}.{band}.share"] = _share(group.share) if group else HIDDEN
    concern = row.concern if row else None
    found[f"{start}.concern.count"] = (
        _count(round(concern.value * row.n)) if row and row.n and concern else HIDDEN
    )
    found[f"{start}.concern.share"] = _share(concern) if concern else HIDDEN
    mean = row.mean if row else None
    found[f"{start}.mean"] = HIDDEN if mean is None else Value(f"{mean:.1f}", round(mean, 1))
    return found


def _rows_by_place(report: GroupReport) -> dict[str, dict[tuple[str, str], Row]]:
    found: dict[str, dict[tuple[str, str], Row]] = {}
    for one in report.instruments:
        for scale, says in one.scales:
            for row in says.rows:
                found.setdefault(row.place.key, {})[one.instrument.code, scale.code] = row
    return found


def _names(place: Place) -> tuple[str, ...]:
    """How a form may print the name of a grade or class."""
    name = words.place_name(place)
    if place.kind is not PlaceKind.GRADE or not place.label.isdecimal():
        return (name,)
    grade = int(place.label)
    if grade <= len(NUMERALS):
        stage = f"初{NUMERALS[grade - 7]}" if grade > 6 else f"小学{NUMERALS[grade - 1]}年级"  # noqa: PLR2004 -- six years of primary school
        return (name, f"{NUMERALS[grade - 1]}年级", f"{grade}年级", stage)
    return (name, f"高{NUMERALS[grade - 10]}") if grade <= 12 else (name,)  # noqa: PLR2004 -- the last of senior school


def _school_choices() -> tuple[str, list[Choice]]:
    return _("School and participation"), [
        Choice("school", _("Name of the school")),
        Choice("campaign", _("Title of the campaign")),
        Choice("opens", _("First day of the campaign")),
        Choice("closes", _("Last day of the campaign")),
        Choice("today", _("Day of filling in")),
        Choice("filled_by", _("Name of who fills it in")),
        *_participation_choices(),
        Choice("careless", _("Answers that cannot be relied on")),
    ]


def _row_choices() -> tuple[str, list[Choice]]:
    return _("The row"), [
        Choice("number", _("Number of the row: 1, 2, 3 …")),
        Choice(PLACE, _("Name of the grade or class")),
        *_participation_choices(),
    ]


def _participation_choices() -> list[Choice]:
    names = (
        _("Students invited"),
        _("Students who came to the last page"),
        _("Share who came to the last page"),
        _("Students with a score"),
        _("Share with a score"),
    )
    return [Choice(code, name) for code, name in zip(PARTICIPATION, names, strict=True)]


def _level_choices() -> tuple[str, list[Choice]]:
    levels = [
        Choice(f"level.{level}", _("Students a person put at: %(level)s", level=level_word(level)))
        for level in LEVELS
    ]
    return _("Followed up (filled in for the crisis lead only)"), [
        *levels,
        Choice("waiting.people", _("Students in the queue")),
        Choice("waiting.median", _("Hours to the first contact: half within")),
        Choice("waiting.p90", _("Hours to the first contact: nine of ten within")),
    ]


def _scale_choices(instrument: Instrument, scale: Scale) -> Iterator[Choice]:
    start, locale = f"{instrument.code}.{scale.code}", choose_locale()
    yield Choice(f"{start}.n", _("Students with this score"))
    for band in scale.bands[0].bands:
        name = band.label.get(locale)
        yield Choice(f"{start}.{band.code}.count", _("%(band)s: students", band=name))
        yield Choice(f"{start}.{band.code}.share", _("%(band)s: share", band=name))
    yield Choice(f"{start}.concern.count", _("In the range worth a conversation: students"))
    yield Choice(f"{start}.concern.share", _("In the range worth a conversation: share"))
    yield Choice(f"{start}.mean", _("Mean score"))


def _scale_title(instrument: Instrument, scale: Scale) -> str:
    locale = choose_locale()
    return f"{instrument.title.get(locale)} · {scale.title.get(locale)}"


HIDDEN = Value(words.HIDDEN, is_hidden=True)


def _count(number: int) -> Value:
    return Value(str(number), number)


def _count_or_hidden(number: int | None) -> Value:
    return HIDDEN if number is None else _count(number)


def _share(share: Interval) -> Value:
    """With the one decimal of the page, so that the form tells no more than the page."""
    return Value(words.percent(share.value), round(share.value, 3), is_share=True)


def _ratio(part: int, whole: int) -> Value:
    share = part / whole if whole else 0.0
    return Value(words.percent(share), round(share, 3), is_share=True)


def _day(day: date) -> Value:
    return Value(as_date(day), day=day)
