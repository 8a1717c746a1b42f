"""`xinqiao psychometrics validity`: whose answers were perhaps given without reading."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click
import numpy as np

from app.cli.psychometrics.distributions import histogram_panel
from app.cli.psychometrics.drawing import Panel, plot_option, write_plot
from app.cli.psychometrics.printing import Value, echo_json, echo_table, percent, whole
from app.cli.psychometrics.sample import Sample, read_sample, refusing, sample_arguments
from app.cli.reasons import MOST, listed
from app.instruments.items import NUMERIC_KINDS, Item
from app.instruments.scales import Scale
from app.psychometrics.careless import CarelessIndices, careless_indices, too_fast
from app.psychometrics.doubt import Doubt, Limit, doubt
from app.psychometrics.refusal import CannotEstimate
from app.scoring.column_map import as_number
from app.scoring.keyed import is_sum, keyed_items
from app.scoring.results import Bools, Floats
from app.scoring.validity import FASTEST_SECONDS

SEED = 8
CAUTION = (
    "A doubt is a reason to talk or to ask again, never a reason to disregard an answer: "
    "a critical answer counts however it was given."
)
NAMES = {
    "longstring": "longest run",
    "mean_run": "mean run",
    "irv": "variability (IRV)",
    "mahalanobis": "Mahalanobis D2",
    "even_odd": "even-odd consistency",
    "person_total": "person-total r",
}


@dataclass(frozen=True)
class AskedItems:
    """The scored items in the order in which they are asked, and everybody's answers to them."""

    sample: Sample
    items: tuple[Item, ...]
    columns: tuple[int, ...]

    @classmethod
    def of(cls, sample: Sample) -> "AskedItems":
        """Take the items of `sample`."""
        instrument = sample.compiled.instrument
        asked = [code for section in instrument.shown_sections for code in section.items]
        items = [instrument.item(code) for code in asked]
        chosen = tuple(item for item in items if item.scored and item.kind in NUMERIC_KINDS)
        columns = tuple(instrument.item_codes.index(item.code) for item in chosen)
        return cls(sample, chosen, columns)

    @property
    def answers(self) -> Floats:
        """As answered, NaN for missing."""
        return self.sample.answers[:, list(self.columns)]

    @property
    def options(self) -> list[Floats]:
        """What each item allows; what was answered where any number may be given."""
        return [
            np.array([value for value in item.values if value != item.refusal_value])
            if item.values
            else np.unique(column[~np.isnan(column)])
            for item, column in zip(self.items, self.answers.T, strict=True)
        ]

    @property
    def scales(self) -> list[Scale]:
        """The scales that share no item, the shortest first."""
        instrument, taken = self.sample.compiled.instrument, set[str]()
        chosen = []
        for scale in sorted(instrument.scales, key=lambda scale: len(scale.items)):
            if len(scale.items) > 1 and is_sum(instrument, scale) and taken.isdisjoint(scale.items):
                chosen.append(scale)
                taken.update(scale.items)
        return chosen

    def keyed(self, answers: Floats) -> list[Floats]:
        """The turned items of each scale, from answers to the asked items."""
        whole = np.full((len(answers), len(self.sample.compiled.instrument.items)), np.nan)
        whole[:, list(self.columns)] = answers
        return [keyed_items(self.sample.compiled, scale, whole).matrix for scale in self.scales]


@dataclass(frozen=True)
class Judged:
    """Indices and judgement of everybody; `cannot` says why there is no judgement."""

    indices: CarelessIndices
    seconds: Floats | None
    fast: Bools | None
    doubt: Doubt | None
    cannot: str | None

    def signs(self, row: int) -> list[str]:
        """What one person shows."""
        shown = [] if self.doubt is None else self.doubt.limits
        beyond = () if self.doubt is None else self.doubt.beyond[row]
        signs = [_sign(limit) for limit, is_beyond in zip(shown, beyond, strict=True) if is_beyond]
        return [*signs, *(["too fast"] if self.fast is not None and self.fast[row] else [])]


@click.command()
@sample_arguments
@click.option("--seconds", "seconds_column", metavar="COL", help="Seconds the answering took.")
@plot_option
def validity(
    code: str,
    table: BinaryIO,
    map_path: Path | None,
    as_json: bool,
    seconds_column: str | None,
    plot_path: Path | None,
) -> None:
    """Say whose answers to instrument CODE show signs of not having been read."""
    columns = [] if seconds_column is None else [seconds_column]
    sample = read_sample(code, table, map_path, columns)
    asked = AskedItems.of(sample)
    seconds = None if seconds_column is None else _seconds(sample, seconds_column)
    with refusing():
        judged = _judged(asked, seconds)
    if plot_path is not None:
        write_plot(plot_path, f"Signs of unread answers to {code}", [*_panels(asked, judged)])
    if as_json:
        echo_json(_object(code, sample, judged))
    else:
        _print(sample, asked, judged)


def _seconds(sample: Sample, column: str) -> Floats:
    numbers = [as_number(text) if text else np.nan for text in sample.columns[column]]
    lines = sample.people.lines
    if wrong := [line for line, number in zip(lines, numbers, strict=True) if number is None]:
        raise click.ClickException(
            listed(
                [f"row {line}, column {column}: write seconds as a plain number." for line in wrong]
            )
        )
    return np.array(numbers, dtype=np.float64)


def _judged(asked: AskedItems, seconds: Floats | None) -> Judged:
    answers = asked.answers
    indices = careless_indices(answers, scales=asked.keyed(answers))
    fast = None if seconds is None else too_fast(seconds, answers, fastest=FASTEST_SECONDS)
    try:
        found = doubt(
            answers,
            indices,
            keyed=asked.keyed,
            options=asked.options,
            fast=fast,
            rng=np.random.default_rng(SEED),
        )
    except CannotEstimate as refusal:
        return Judged(indices, seconds, fast, None, str(refusal))
    return Judged(indices, seconds, fast, found, None)


def _object(code: str, sample: Sample, judged: Judged) -> dict[str, object]:
    found = judged.doubt
    judgement: dict[str, object] = {"cannot_estimate": judged.cannot}
    if found is not None:
        hidden = ("beyond", "is_doubtful")
        judgement = {name: value for name, value in vars(found).items() if name not in hidden}
    return {
        "instrument": code,
        "how": "Limits and false alarms from 10,000 made-up attentive people; two signs make a "
        "doubt.",
        "judgement": judgement,
        "people": [_person(sample, judged, row) for row in range(len(sample))],
    }


def _person(sample: Sample, judged: Judged, row: int) -> dict[str, object]:
    values = {name: float(values[row]) for name, values in vars(judged.indices).items()}
    person: dict[str, object] = {"id": sample.people.ids[row], **values}
    if judged.seconds is not None:
        person["seconds"] = float(judged.seconds[row])
    person["signs"] = judged.signs(row)
    person["is_doubtful"] = None if judged.doubt is None else bool(judged.doubt.is_doubtful[row])
    return person


def _panels(asked: AskedItems, judged: Judged) -> Iterator[Panel]:
    """How each index is distributed, with the limits beyond which it is a sign."""
    for name, values in vars(judged.indices).items():
        if name in NAMES and not np.isnan(values).all():
            limits = _limits(asked, judged, name)
            is_no_sign = judged.doubt is not None and not limits
            title = NAMES[name][0].upper() + NAMES[name][1:]
            title += ": no sign in this sample" if is_no_sign else ""
            yield histogram_panel(title, values, NAMES[name], limits)
    if judged.seconds is None or judged.fast is None:
        return
    count = (~np.isnan(asked.answers)).sum(axis=1)
    each = judged.seconds / np.where(count > 0, count, np.nan)
    if not np.isnan(each).all():
        words = f"below {FASTEST_SECONDS:g}: {int(judged.fast.sum())} of {_answered(asked)}"
        yield histogram_panel("Seconds an item", each, "seconds", [(FASTEST_SECONDS, words)])


def _answered(asked: AskedItems) -> int:
    return int((~np.isnan(asked.answers)).any(axis=1).sum())


def _limits(asked: AskedItems, judged: Judged, name: str) -> list[tuple[float, str]]:
    if judged.doubt is None:
        return []
    items, answered = len(asked.items), _answered(asked)
    between = 0.5 if name == "longstring" else 0.0  # whole numbers: the line stands between bars
    return [
        (one.limit + between, f"{_shown(one, items)}: {int(beyond.sum())} of {answered}")
        for one, beyond in zip(judged.doubt.limits, judged.doubt.beyond.T, strict=True)
        if one.index == name and _is_shown(one, items)
    ]


def _print(sample: Sample, asked: AskedItems, judged: Judged) -> None:
    answered = _answered(asked)
    click.echo(f"{answered} of {len(sample)} people answered something; {len(asked.items)} items.")
    if judged.doubt is None:
        click.echo(f"No judgement: {judged.cannot}")
    else:
        _print_judgement(judged.doubt, judged, answered, len(asked.items))
        rows = [
            _row(sample, judged, row) for row in np.flatnonzero(judged.doubt.is_doubtful).tolist()
        ]
        if rows:
            click.echo()
            echo_table(("id", "longest", "IRV", "D2", "D2 p", "person-total", "signs"), rows[:MOST])
        if len(rows) > MOST:
            click.echo(f"  and {len(rows) - MOST} more; --json lists everybody.")
    for note in _absent(judged.indices):
        click.echo(note)
    click.echo(f"\n{CAUTION}")


def _print_judgement(found: Doubt, judged: Judged, answered: int, items: int) -> None:
    rows = [
        (
            NAMES[one.index],
            _shown(one, items),
            percent(one.false_alarms),
            str(int(beyond.sum())),
            percent(float(beyond.sum()) / max(answered, 1)),
        )
        for one, beyond in zip(found.limits, found.beyond.T, strict=True)
    ]
    if judged.fast is not None:
        fast = int(judged.fast.sum())
        limit = f"below {FASTEST_SECONDS:g} s an item"
        rows.append(("too fast", limit, "unknown", str(fast), percent(fast / max(answered, 1))))
    click.echo()
    echo_table(("sign", "shown", "attentive people", "here", "share"), rows)
    doubtful = int(found.is_doubtful.sum())
    click.echo(
        f"\nTwo signs make a doubt: {doubtful} people, {percent(doubtful / max(answered, 1))}.\n"
        f"Of attentive people {percent(found.false_alarms)} would be doubted too (simulated, "
        f"standard error {percent(found.false_alarms_error)}).\n"
        f"Of people who tick at random {percent(found.found_random)} would be found, of people who "
        f"tick the same place throughout {percent(found.found_straight)}."
    )
    if judged.fast is not None:
        click.echo(
            "Who was too fast needs one more sign; of attentive people "
            f"{percent(found.false_alarms_if_fast)} show one."
        )


def _row(sample: Sample, judged: Judged, row: int) -> tuple[Value, ...]:
    indices = judged.indices
    return (
        sample.people.ids[row],
        whole(indices.longstring[row]),
        float(indices.irv[row]),
        float(indices.mahalanobis[row]),
        float(indices.mahalanobis_p[row]),
        float(indices.person_total[row]),
        ", ".join(judged.signs(row)),
    )


def _absent(indices: CarelessIndices) -> Iterator[str]:
    reasons = {
        "mahalanobis": "no Mahalanobis distance: too few complete cases, an item that everybody "
        "answered alike, or items that follow from each other.",
        "even_odd": "no even-odd consistency: it needs three scales that share no item.",
    }
    for name, reason in reasons.items():
        if np.isnan(getattr(indices, name)).all():
            yield f"There is {reason}"


def _shown(limit: Limit, items: int) -> str:
    """When the sign is shown."""
    if not _is_shown(limit, items):
        return "never: usual here"
    return f"{'above' if limit.side == 'high' else 'below'} {limit.limit:.2f}"


def _is_shown(limit: Limit, items: int) -> bool:
    """Whether the sign is ever shown: not where the same answer throughout is usual here."""
    is_run = limit.index in ("longstring", "mean_run")
    is_flat = (limit.index, limit.side) == ("irv", "low")
    return not ((is_run and limit.limit >= items) or (is_flat and limit.limit <= 0))


def _sign(limit: Limit) -> str:
    if limit.index != "irv":
        return NAMES[limit.index]
    return "hardly varies" if limit.side == "low" else "varies much"
