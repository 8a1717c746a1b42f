"""The words of this room: plain enough for somebody who never read a statistic."""

import re
from datetime import date

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.people.domain import Sex
from app.people.words import grade_name
from app.psychometrics.estimate import Interval
from app.results.domain import FlagKind
from app.statistics.bureau.references import letters
from app.statistics.domain.exports import Detail, ExportState, FileForm
from app.statistics.domain.grid import Grid, Spot
from app.statistics.domain.report import Group, Place, PlaceKind
from app.statistics.domain.returns import Problem, Scope, Trouble

#: Cohen's conventions for a standardised difference.
SMALL, MEDIUM, LARGE = 0.2, 0.5, 0.8

TWO_DAYS = 48

HIDDEN = "—"

#: What no system, and no header of a download, can have in a file's name.
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def place_name(place: Place) -> str:
    """A place as the report calls it."""
    if place.kind is PlaceKind.GRADE:
        return grade_name(int(place.label))
    if place.kind is PlaceKind.CAMPAIGN:
        return str(_("All schools taking part"))
    return place.label


def sexes_name(sex: str) -> str:
    """The girls or boys of a school."""
    names: dict[str, str] = {Sex.FEMALE.value: _("Girls"), Sex.MALE.value: _("Boys")}
    return names[sex]


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{format_decimal(100 * share, format='0.0')}%"


def counted(group: Group) -> str:
    """How many, and which share of all."""
    # Translators: a count with its share, as in “12 (8.5%)”
    return str(_("%(count)s (%(share)s)", count=group.count, share=percent(group.share.value)))


def share_text(share: Interval | None) -> str:
    """A share with its confidence interval."""
    if share is None:
        return HIDDEN
    # Translators: a share with the ends of its confidence interval, as in “12.3% (10.4–14.5)”
    return str(
        _(
            "%(share)s (%(low)s–%(high)s)",
            share=percent(share.value),
            low=format_decimal(100 * share.low, format="0.0"),
            high=format_decimal(100 * share.high, format="0.0"),
        )
    )


def mean_text(mean: float, sd: float) -> str:
    """A mean with its standard deviation."""
    # Translators: a mean with its standard deviation, as in “12.3 (4.5)”
    return str(_("%(mean)s (%(sd)s)", mean=f"{mean:.1f}", sd=f"{sd:.1f}"))


def change_text(change: Interval | None) -> str:
    """By how many percentage points a share went up or down, with its confidence interval."""
    if change is None:
        return HIDDEN
    low, high = (format_decimal(100 * end, format="+0.0;-0.0") for end in (change.low, change.high))
    # An arrow and no sign: a cell that begins with a sign is a formula to a spreadsheet.
    arrow = "↑" if change.value >= 0 else "↓"
    size = format_decimal(abs(100 * change.value), format="0.0")
    # Translators: a change in percentage points with its confidence interval
    return str(_("%(change)s (%(low)s to %(high)s)", change=arrow + size, low=low, high=high))


def change_word(change: Interval) -> str:
    """What a change may be called."""
    if not change.is_apart_from_zero:
        return str(_("within what chance explains"))
    return str(_("more than chance explains"))


def kind_name(kind: FlagKind) -> str:
    """What a flag rests on."""
    names: dict[FlagKind, str] = {
        FlagKind.CRITICAL: _("critical answer"),
        FlagKind.CUTOFF: _("score at the cut-off"),
        FlagKind.ATTENTION: _("answer to look at"),
    }
    return names[kind]


def wait_text(hours: float | None) -> str:
    """A wait in hours, from two days on in days."""
    if hours is None:
        return str(_("not known yet: too many wait still"))
    if hours < TWO_DAYS:
        return str(_("%(hours)s hours", hours=format_decimal(hours, format="0.#")))
    return str(_("%(days)s days", days=format_decimal(hours / 24, format="0.#")))


def size_word(difference: Interval) -> str:
    """How large a standardised difference is, by Cohen's conventions."""
    size = abs(difference.value)
    if not difference.is_apart_from_zero or size < SMALL:
        return str(_("too small to matter"))
    if size < MEDIUM:
        return str(_("small"))
    return str(_("medium") if size < LARGE else _("large"))


def detail_name(detail: Detail) -> str:
    """By what people can be told apart in an export."""
    names: dict[Detail, str] = {
        Detail.SCHOOLS: _("School (as a pseudonym), grade, sex and age in years"),
        Detail.GRADES: _("Grade, sex and age in years"),
        Detail.STAGES: _("School stage, sex and age in groups of three years"),
    }
    return names[detail]


def form_name(form: FileForm) -> str:
    """What a file can be opened with."""
    names: dict[FileForm, str] = {
        FileForm.CSV: _("Text tables (CSV) with codebook, in an archive"),
        FileForm.XLSX: _("Workbook (Excel, WPS) with codebook"),
        FileForm.SAV: _("SPSS files with labels and codebook, in an archive"),
    }
    return names[form]


def state_name(state: ExportState) -> str:
    """What has become of a request."""
    names: dict[ExportState, str] = {
        ExportState.ASKED: _("waits for approval"),
        ExportState.REFUSED: _("not approved"),
        ExportState.APPROVED: _("is being written"),
        ExportState.READY: _("ready to be taken"),
        ExportState.TAKEN: _("taken"),
        ExportState.CANCELLED: _("cancelled"),
        ExportState.EXPIRED: _("expired"),
    }
    return names[state]


def share_of(part: int, whole: int) -> str:
    """How many, and which share of all."""
    return str(_("%(count)s (%(share)s)", count=part, share=percent(part / whole if whole else 0)))


def scoped(scope: Scope, name: str) -> str:
    """A figure, or a group of them, with whose it is."""
    if scope is Scope.CLASS:
        # Translators: a figure that a form has in one row for each class
        return str(_("Each class · %(name)s", name=name))
    if scope is Scope.GRADE:
        # Translators: a figure that a form has in one row for each grade
        return str(_("Each grade · %(name)s", name=name))
    return name


def spot_name(grid: Grid, number: int, spot: Spot) -> str:
    """A place of a form as its reader would point at it."""
    if grid.is_sheet:
        return f"{grid.title} {letters(spot.column)}{spot.row}"
    if not grid.is_table:
        # Translators: a line of text in a document, counted from the top of its part
        return str(_("part %(part)s, line %(line)s", part=number, line=spot.row))
    # Translators: a cell of a table in a document
    return str(
        _(
            "part %(part)s, row %(row)s, column %(column)s",
            part=number,
            row=spot.row,
            column=spot.column,
        )
    )


def problem_text(problem: Problem) -> str:
    """What stands in the way of filling a form, and what to do."""
    if problem.trouble is Trouble.NO_ROOM:
        text: str = _(
            "The form has %(room)s free rows here, and %(needed)s are needed. In Excel, Word or "
            "WPS, insert %(more)s more between the first of them and the last, so that totals "
            "count them too, and upload the form again.",
            room=problem.room,
            needed=problem.needed,
            more=problem.needed - problem.room,
        )
    elif problem.trouble is Trouble.NOT_PRINTED:
        text = _(
            "No row of the form is printed for: %(names)s. Add the rows to the form, named as in "
            "the roster, and upload it again.",
            names=_(", ").join(problem.names),
        )
    elif problem.trouble is Trouble.NO_GRADES:
        text = _(
            "The report on this school is not divided by grades, because it has one grade only or "
            "classes without one. Choose a figure of the school or of each class."
        )
    elif problem.trouble is Trouble.NAMELESS:
        text = _(
            "Nothing in this row says which grade or class it is of. Choose “Name of the grade "
            "or class” for one of its cells."
        )
    else:
        text = _("This place is no longer in the form. Choose the figure again where it belongs.")
    return text


def file_name(title: str, school: str, day: date) -> str:
    """What a filled form is called where it is saved: the form, the school and the month."""
    # Translators: the month in the name of a file, such as 2026-10; in Chinese 2026年10月
    month = str(_("%(year)s-%(month)s", year=day.year, month=f"{day.month:02}"))
    parts = (title.rpartition(".")[0] or title, school, month)
    return "-".join(_UNSAFE.sub("_", part).strip() for part in parts if part.strip())
