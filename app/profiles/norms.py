"""Where the mean of a person's norm group lies on the axis of a scale, and the person in it."""

from collections.abc import Iterator, Sequence

from app.instruments.model import Instrument
from app.instruments.norms import NormGroup, NormTable
from app.instruments.scales import Conversion, Reliability, Scale
from app.profiles.inputs import LocalGroup, LocalNorms
from app.profiles.model import NormLine
from app.profiles.phrases import date_text, say
from app.scoring import Person
from app.scoring.report import number_text

#: What the mean of the norm group becomes on a scale that is reported against its own norms.
_MEANS = {"z": 0.0, "t": 50.0}


def norm_lines(
    scale: Scale,
    instrument: Instrument,
    local: LocalNorms | None,
    score: float | None,
    person: Person,
    locale: str,
) -> tuple[NormLine, ...]:
    """Return the means of the groups that `person` belongs to, the published ones first."""
    published = _published(scale, instrument.norms, person, locale)
    return (*published, *_local(scale, local, score, person, locale))


def with_local_exactness(scale: Scale, local: LocalNorms | None, locale: str) -> Scale:
    """The scale, with the reliability among the school's own students where none is published."""
    own = local.scales.get(scale.code) if local else None
    if local is None or own is None or own.standard_error is None or scale.reliability is not None:
        return scale
    whose = Reliability(
        sem=own.standard_error,
        source=_source(local, locale),
        population=say(locale, "local_everybody"),
    )
    return scale.model_copy(update={"reliability": whose})


def _published(
    scale: Scale, tables: Sequence[NormTable], person: Person, locale: str
) -> Iterator[NormLine]:
    for table in tables:
        group = _group_of(table, scale, person)
        mean = _on_axis(scale.convert, table, group) if group else None
        if group is None or mean is None:
            continue
        yield NormLine(
            mean=mean,
            text=say(locale, "norm_line", mean=_tenths(mean)),
            is_local=False,
            size=group.size,
            source=table.source,
            population=table.population,
            collected=table.collected,
        )


def _local(
    scale: Scale, local: LocalNorms | None, score: float | None, person: Person, locale: str
) -> Iterator[NormLine]:
    """The narrowest group with enough people: sex and grade, else the grade, else everybody."""
    own = local.scales.get(scale.code) if local else None
    group = next((each for each in own.groups if each.includes(person)), None) if own else None
    if local is None or group is None:
        return
    called = _called(group, locale)
    yield NormLine(
        mean=group.mean,
        text=say(locale, "norm_local_line", mean=_tenths(group.mean)),
        is_local=True,
        size=group.size,
        source=_source(local, locale),
        population=called,
        collected=say(
            locale, "interval", low=_tenths(group.mean_low), high=_tenths(group.mean_high)
        ),
        rank=_rank(group, called, score, locale),
    )


def _source(local: LocalNorms, locale: str) -> str:
    campaigns = say(locale, "sep").join(local.campaigns)
    return say(
        locale, "local_source", campaigns=campaigns, date=date_text(local.approved_on, locale)
    )


def _rank(group: LocalGroup, called: str, score: float | None, locale: str) -> str:
    """Where the score stands; nothing of a score that nobody of the group had."""
    found = group.ranks.get(score) if score is not None else None
    if found is None:
        return ""
    rank, low, high = (number_text(round(one)) for one in found)
    return say(
        locale, "local_rank", rank=rank, low=low, high=high, group=called, size=str(group.size)
    )


def _called(group: LocalGroup, locale: str) -> str:
    if group.grade is None:
        return say(locale, f"local_{group.sex or 'everybody'}")
    grade = say(locale, f"grade_{group.grade}")
    if group.sex is None:
        return grade
    return say(locale, "local_of_grade", grade=grade, sex=say(locale, f"local_{group.sex}"))


def _tenths(number: float) -> str:
    return number_text(round(number, 1))


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
