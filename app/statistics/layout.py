"""A report as sections of sentences and tables: one source for page, PDF, XLSX and DOCX.

What stands in one of them stands in all, so that two of them laid side by side tell no more than
one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from flask_babel import gettext as _
from flask_babel import ngettext

from app.instruments.scales import Scale
from app.platform.i18n import choose_locale
from app.psychometrics.estimate import Interval
from app.statistics import words
from app.statistics.domain.items import ItemShare
from app.statistics.domain.report import Group, PlaceKind, Row, ScaleReport, SexRow
from app.statistics.queries.report import GroupReport, InstrumentReport

#: Of a label beside a bar, in Latin letters; a Chinese sign is two.
LABEL_WIDTH = 26


@dataclass(frozen=True)
class Cell:
    """A cell of a table over one or more columns."""

    text: str
    span: int = 1
    is_number: bool = True
    #: How far a place is set in: a class stands below its grade.
    depth: int = 0


@dataclass(frozen=True)
class Table:
    """A table with its first column naming the row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


#: From least difficulty to most: dark is difficulty, so that grey print keeps the order.
INKS = ("#e4ecea", "#bcd5d0", "#86b3ab", "#427f78", "#0f5a5a")


def ink(shade: float) -> str:
    """The colour of a part of a bar; `shade` runs from 0 (least difficulty) to 1 (most)."""
    return INKS[round(shade * (len(INKS) - 1))]


@dataclass(frozen=True)
class Segment:
    """A part of a bar; `shade` runs from 0 (least difficulty) to 1 (most)."""

    start: float
    share: float
    shade: float
    text: str


@dataclass(frozen=True)
class Bar:
    """How one place is spread over the bands; without segments too few are in it to show."""

    label: str
    depth: int
    segments: Sequence[Segment]


@dataclass(frozen=True)
class Section:
    """One subject: what it says in sentences, then the picture, then the numbers."""

    title: str
    sentences: Sequence[str] = ()
    bars: Sequence[Bar] = ()
    #: The names of the bands with their shades, for the picture.
    key: Sequence[tuple[str, float]] = ()
    tables: Sequence[Table] = field(default=())


def sections_of(report: GroupReport) -> list[Section]:
    """The whole report."""
    found = [_participation(report)]
    for one in report.instruments:
        found += [_scale(report, one, scale, says) for scale, says in one.scales]
        if one.items:
            found.append(_items(one))
    return [*found, _reading(report)]


def heading_of(report: GroupReport) -> str:
    """Whom the report is about."""
    return words.place_name(report.place)


def _participation(report: GroupReport) -> Section:
    counts = report.participation
    rows = [
        (_("Invited"), str(counts.invited)),
        (_("Came to the last page"), str(counts.finished)),
        (_("With a score"), str(counts.answered)),
    ]
    if report.place.kind is PlaceKind.SITE:  # of several schools, one could be subtracted
        is_few = counts.careless < report.fewest
        careless = _few(report.fewest) if is_few else str(counts.careless)
        rows.append((_("Answers that cannot be relied on"), careless))
    sentence = _(
        "Of %(invited)s students invited, %(answered)s gave answers that can be scored.",
        invited=counts.invited,
        answered=counts.answered,
    )
    table = Table(
        _("How many took part"),
        [_("What was counted"), _("Students")],
        [[Cell(name, is_number=False), Cell(number)] for name, number in rows],
    )
    return Section(_("Participation"), [sentence], tables=[table])


def _scale(report: GroupReport, one: InstrumentReport, scale: Scale, says: ScaleReport) -> Section:
    locale = choose_locale()
    names = _short([band.label.get(locale) for band in scale.bands[0].bands])
    title = f"{one.instrument.title.get(locale)} · {scale.title.get(locale)}"
    tables = [_distribution(says, names)]
    concern = _concern(says, one)
    if len(concern.head) > 1:  # nothing but the places is left where everything is hidden
        tables.append(concern)
    if says.sexes:
        tables.append(_sexes(says.sexes, names))
    return Section(
        title,
        _sentences(report, one, says),
        [_bar(row, says) for row in says.rows if row.groups],
        [(name, _shade(number, says)) for number, name in enumerate(names)],
        tables,
    )


def _sentences(report: GroupReport, one: InstrumentReport, says: ScaleReport) -> list[str]:
    found = []
    whole = says.rows[0] if says.rows else None
    if whole and whole.concern:
        found.append(
            _(
                "%(share)s of %(n)s students are in the range worth a conversation "
                "(95-percent confidence interval %(low)s to %(high)s).",
                share=words.percent(whole.concern.value),
                n=whole.n,
                low=words.percent(whole.concern.low),
                high=words.percent(whole.concern.high),
            )
        )
    if whole and whole.change and whole.before and one.before:
        found.append(
            _(
                "Last time (%(title)s) it was %(share)s; the difference is %(verdict)s.",
                title=one.before.title,
                share=words.percent(whole.before.value),
                verdict=words.change_word(whole.change),
            )
        )
    if says.difference:
        found.append(_sex_sentence(says.difference))
    hidden = sum(not row.groups for row in says.rows)
    if hidden:
        found.append(
            ngettext(
                "%(num)s place is not shown: too few are in one of its bands, or another place "
                "could be worked out from it.",
                "%(num)s places are not shown: too few are in one of their bands, or another place "
                "could be worked out from them.",
                hidden,
            )
        )
    return found


def _sex_sentence(difference: Interval) -> str:
    verdict = words.size_word(difference)
    if difference.value > 0:
        sentence: str = _(
            "Girls have higher scores than boys; the difference is %(size)s.", size=verdict
        )
    else:
        sentence = _(
            "Boys have higher scores than girls; the difference is %(size)s.", size=verdict
        )
    return sentence


def _distribution(says: ScaleReport, names: Sequence[str]) -> Table:
    rows = [
        [_place_cell(row), _size_cell(row), *_group_cells(row.groups, len(names))]
        for row in says.rows
    ]
    # Translators: head of a column with how many people were counted
    return Table(_("How scores are spread"), [_place_head(), _("Students"), *names], rows)


def _concern(says: ScaleReport, one: InstrumentReport) -> Table:
    head = [_place_head(), _("In the range worth a conversation")]
    if one.before:
        head += [_("Then: %(title)s", title=one.before.title), _("Change in percentage points")]
    rows = []
    for row in says.rows:
        cells = [_place_cell(row), Cell(words.share_text(row.concern))]
        if one.before:
            cells += [Cell(words.share_text(row.before)), Cell(words.change_text(row.change))]
        rows.append([*cells, Cell(_mean(row.mean, row.sd))])
    caption = _("Shares with 95-percent confidence intervals")
    return _without_empty(Table(caption, [*head, _("Mean (SD)")], rows))


def _without_empty(table: Table) -> Table:
    """Without the columns in which nothing can be shown of any place."""
    told = [
        at
        for at in range(len(table.head))
        if not table.rows or any(row[at].text != words.HIDDEN for row in table.rows)
    ]
    rows = [[row[at] for at in told] for row in table.rows]
    return Table(table.caption, [table.head[at] for at in told], rows)


def _sexes(sexes: Sequence[SexRow], names: Sequence[str]) -> Table:
    rows = [
        [
            Cell(words.sexes_name(one.sex), is_number=False),
            Cell(str(one.n)),
            *_group_cells(one.groups, len(names)),
            Cell(_mean(one.mean, one.sd)),
        ]
        for one in sexes
    ]
    head = [_("Sex"), _("Students"), *names, _("Mean (SD)")]
    return Table(_("Girls and boys"), head, rows)


def _items(one: InstrumentReport) -> Section:
    locale = choose_locale()
    head, rows = [_("Item"), _("Share of students")], []
    if one.before:
        head.append(_("Change in percentage points"))
    for item in one.items:
        cells = [
            Cell(_item_text(item, locale), is_number=False),
            Cell(words.share_text(item.share)),
        ]
        if one.before:
            cells.append(Cell(words.change_text(item.change)))
        rows.append(cells)
    caption = _("Items answered most often in the upper half of their options")
    table = _without_empty(Table(caption, head, rows))
    title = _("%(title)s: items that stand out", title=one.instrument.title.get(locale))
    note = _("Single items say less than a scale. Critical items are never listed.")
    return Section(title, [note], tables=[table])


def _item_text(item: ItemShare, locale: str) -> str:
    return item.item.text.get(locale) if item.item.text else item.item.code


def _reading(report: GroupReport) -> Section:
    return Section(
        _("How to read this"),
        [
            _("This is a screening, not a diagnosis; a share is no count of ill students."),
            _(
                "Counts below %(fewest)s are never shown, nor places from which they could be "
                "worked out. Places stand in the order of the list; the report knows no ranking.",
                fewest=report.fewest,
            ),
            _(
                "Where too few are in a band it is put together with its neighbours: one figure "
                "then stands for all bands above it in the table."
            ),
            _("What came in after the campaign was closed is looked after, and not counted here."),
            _("“More than chance explains”: the 95-percent confidence interval leaves out zero."),
        ],
    )


def _place_head() -> str:
    # Translators: head of the column that names school, grade or class
    return str(_("School, grade, class"))


def _short(names: Sequence[str]) -> list[str]:
    """Names of bands without the words before a colon that all of them begin with."""
    for colon in ("\uff1a", ": "):
        heads = {name.partition(colon)[0] for name in names if colon in name}
        if len(heads) == 1 and all(colon in name for name in names):
            return [name.partition(colon)[2] for name in names]
    return list(names)


def _place_cell(row: Row) -> Cell:
    return Cell(words.place_name(row.place), is_number=False, depth=row.depth)


def _size_cell(row: Row) -> Cell:
    return Cell(words.HIDDEN if row.n is None else str(row.n))


def _group_cells(groups: Sequence[Group], width: int) -> list[Cell]:
    if not groups:
        return [Cell(str(_("not shown, to protect individuals")), width)]
    return [Cell(words.counted(one), one.last - one.first + 1) for one in groups]


def _bar(row: Row, says: ScaleReport) -> Bar:
    segments, start = [], 0.0
    for group in row.groups:
        value = group.share.value
        shade = (_shade(group.first, says) + _shade(group.last, says)) / 2
        segments.append(Segment(start, value, shade, words.percent(value)))
        start += value
    return Bar(_fitting(words.place_name(row.place)), row.depth, segments)


def _fitting(label: str) -> str:
    """A label that fits beside its bar; the table below has it whole."""
    width = 0
    for at, sign in enumerate(label):
        width += 2 if east_asian_width(sign) in "WF" else 1
        if width > LABEL_WIDTH:
            return f"{label[: at - 1]}…"
    return label


def _shade(number: int, says: ScaleReport) -> float:
    """Dark is difficulty, whichever end of the score it lies at."""
    last = len(says.facts.bands) - 1
    place = number / last if last else 0.0
    return 1 - place if says.facts.is_low_worse else place


def _mean(mean: float | None, sd: float | None) -> str:
    if mean is None or sd is None:
        return words.HIDDEN
    return words.mean_text(mean, sd)


def _few(fewest: int) -> str:
    return str(_("fewer than %(fewest)s", fewest=fewest))
