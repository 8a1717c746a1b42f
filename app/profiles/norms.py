"""Where the mean of a person's norm group lies on the axis of a scale."""

from collections.abc import Iterator, Sequence

from app.instruments.model import Instrument
from app.instruments.norms import NormGroup, NormTable
from app.instruments.scales import Conversion, Scale
from app.profiles.model import NormLine
from app.profiles.phrases import say
from app.scoring import Person
from app.scoring.report import number_text

#: What the mean of the norm group becomes on a scale that is reported against its own norms.
_MEANS = {"z": 0.0, "t": 50.0}


def norm_lines(
    scale: Scale,
    instrument: Instrument,
    local: Sequence[NormTable],
    person: Person,
    locale: str,
) -> tuple[NormLine, ...]:
    """Return the means of the groups that `person` belongs to, the published ones first."""
    return (
        *_lines(scale, instrument.norms, person, locale, is_local=False),
        *_lines(scale, local, person, locale, is_local=True),
    )


def _lines(
    scale: Scale, tables: Sequence[NormTable], person: Person, locale: str, *, is_local: bool
) -> Iterator[NormLine]:
    for table in tables:
        group = _group_of(table, scale, person)
        mean = _on_axis(scale.convert, table, group) if group else None
        if group is None or mean is None:
            continue
        shown = number_text(round(mean, 1))
        yield NormLine(
            mean=mean,
            text=say(locale, "norm_local_line" if is_local else "norm_line", mean=shown),
            is_local=is_local,
            size=group.size,
            source=table.source,
            population=table.population,
            collected=table.collected,
        )


def _group_of(table: NormTable, scale: Scale, person: Person) -> NormGroup | None:
    """The first group of the table that the person belongs to; unknown sex or age fits none."""
    return next(
        (
            norm
            for norm in table.scales.get(scale.code, ())
            if norm.group is None
            or norm.group.includes(sex=person.sex, age=person.age, grade=person.grade)
        ),
        None,
    )


def _on_axis(convert: Conversion, table: NormTable, group: NormGroup) -> float | None:
    """The group's mean as the scale reports it; None where a table of single scores says nothing.

    Norms are kept in raw scores. A scale reported as z or T shows only the norms that it was
    converted by, whose mean is 0 or 50 by definition; percentiles have no mean to show.
    """
    if convert.method in _MEANS:
        return _MEANS[convert.method] if convert.norms == table.code else None
    if convert.method != "linear" or group.mean is None:
        return None
    return float(group.mean * convert.multiply + convert.add)
