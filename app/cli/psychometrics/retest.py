"""`xinqiao psychometrics retest`: two measurements of the same people."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click
import numpy as np

from app.cli.answers import map_option
from app.cli.psychometrics.drawing import plot_option, write_plot
from app.cli.psychometrics.plots import change_panel
from app.cli.psychometrics.printing import (
    echo_facts,
    echo_json,
    echo_table,
    echo_warnings,
    interval,
    whole,
)
from app.cli.psychometrics.sample import Sample, nothing_estimated, read_sample
from app.cli.reasons import listed
from app.instruments.scales import Scale
from app.psychometrics.estimate import Estimate
from app.psychometrics.refusal import CannotEstimate
from app.psychometrics.retest import Retest
from app.psychometrics.retest import retest as estimate
from app.scoring.results import Floats

WORDS = {1: "risen", -1: "fallen"}


@dataclass(frozen=True)
class Matched:
    """Who answered both times, as rows of the two samples, and who only once."""

    ids: tuple[str, ...]
    rows1: tuple[int, ...]
    rows2: tuple[int, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


@dataclass(frozen=True)
class ScaleRetest:
    """One scale at both times: its figures, or the sentence that says why there are none."""

    scale: Scale
    first: Floats
    second: Floats
    found: Retest | None
    cannot: str | None


@click.command()
@click.argument("code")
@click.argument("first", metavar="T1.csv", type=click.File("rb"))
@click.argument("second", metavar="T2.csv", type=click.File("rb"))
@map_option
@click.option("--json", "as_json", is_flag=True, help="Print one object, with every person.")
@plot_option
def retest(
    code: str,
    first: BinaryIO,
    second: BinaryIO,
    map_path: Path | None,
    as_json: bool,
    plot_path: Path | None,
) -> None:
    """Compare two times at which the same people answered instrument CODE, matched by id."""
    samples = read_sample(code, first, map_path), read_sample(code, second, map_path)
    people = matched(*samples)
    scales = _scales(samples, people)
    if not any(one.found for one in scales):
        raise nothing_estimated(
            {one.scale.code: one.cannot for one in scales},
            f"{code} has no scale with a score to compare.",
        )
    if plot_path is not None:
        panels = [
            change_panel(one.scale.title.get("en"), one.first, one.second, one.found)
            for one in scales
            if one.found
        ]
        write_plot(plot_path, f"Two times of {code}", panels)
    if as_json:
        echo_json(_object(code, people, scales))
        return
    click.echo(f"{len(people.ids)} people answered both times.")
    for name, ids in {"first": people.only_first, "second": people.only_second}.items():
        if ids:
            click.echo(f"Only the {name} time ({len(ids)}), in no figure: {_short(ids)}")
    for one in scales:
        _print(one, people)


def matched(first: Sample, second: Sample) -> Matched:
    """Match people by id; stop where an id is missing or stands twice."""
    rows1, rows2 = _rows("T1", first), _rows("T2", second)
    ids = tuple(one for one in rows1 if one in rows2)
    return Matched(
        ids=ids,
        rows1=tuple(rows1[one] for one in ids),
        rows2=tuple(rows2[one] for one in ids),
        only_first=tuple(one for one in rows1 if one not in rows2),
        only_second=tuple(one for one in rows2 if one not in rows1),
    )


def _rows(name: str, sample: Sample) -> dict[str, int]:
    if not sample.has_ids:
        raise click.ClickException(
            f"{name}: row 1: there is no id column to match people by; add one, or name it under "
            "“id” in the map."
        )
    rows: dict[str, int] = {}
    reasons = []
    for row, (one, line) in enumerate(zip(sample.people.ids, sample.people.lines, strict=True)):
        if not one:
            reasons.append(f"{name}: row {line}: the id is empty; fill it in or leave the row out.")
        elif one in rows:
            before = sample.people.lines[rows[one]]
            reasons.append(f"{name}: row {line}: the id stands in row {before} too; keep one.")
        else:
            rows[one] = row
    if reasons:
        raise click.ClickException(listed(reasons))
    return rows


def _scales(samples: tuple[Sample, Sample], people: Matched) -> list[ScaleRetest]:
    scores = [sample.scores().scales for sample in samples]
    scales = [s for s in samples[0].compiled.instrument.scales if s.method != "rules"]
    rows1, rows2 = (np.array(rows, dtype=np.int64) for rows in (people.rows1, people.rows2))
    return [
        _scale(s, scores[0][s.code].score[rows1], scores[1][s.code].score[rows2]) for s in scales
    ]


def _scale(scale: Scale, first: Floats, second: Floats) -> ScaleRetest:
    try:
        return ScaleRetest(scale, first, second, estimate(first, second), None)
    except CannotEstimate as refusal:
        return ScaleRetest(scale, first, second, None, str(refusal))


def _object(code: str, people: Matched, scales: list[ScaleRetest]) -> dict[str, object]:
    return {
        "instrument": code,
        "matched": len(people.ids),
        "only_first": people.only_first,
        "only_second": people.only_second,
        "missing": "Who has no score at one of the times is in no figure of that scale.",
        "scales": [_scale_object(one, people) for one in scales],
    }


def _scale_object(one: ScaleRetest, people: Matched) -> dict[str, object]:
    head: dict[str, object] = {"scale": one.scale.code, "higher_is": one.scale.higher_is}
    if one.found is None:
        return head | {"cannot_estimate": one.cannot}
    change = one.found.change
    figures = {name: value for name, value in vars(one.found).items() if name != "change"}
    if change is None:
        return head | figures | {"reliable_change": None}
    shared = ("sd", "reliability", "sem", "sd_difference", "least_change")
    return (
        head
        | figures
        | {
            "reliable_change": {name: getattr(change, name) for name in shared},
            "people": [
                {
                    "id": person,
                    "first": one.first[row],
                    "second": one.second[row],
                    "index": change.index[row],
                    "reliable": None if np.isnan(change.index[row]) else int(change.reliable[row]),
                }
                for row, person in enumerate(people.ids)
            ],
        }
    )


def _print(one: ScaleRetest, people: Matched) -> None:
    click.echo(f"\n{one.scale.code}: {one.scale.title.get('en')}")
    if one.found is None:
        click.echo(f"  cannot be estimated: {one.cannot}")
        return
    found = one.found
    click.echo(f"  {found.people} people with both scores, {found.left_out} without one left out")
    rows = [
        (name, _estimate(getattr(found.icc, f"icc{form}")), _estimate(getattr(found.icc, mean)))
        for name, form, mean in (
            ("1  one-way", "1", "icc1k"),
            ("2  agreement", "2", "icc2k"),
            ("3  consistency", "3", "icc3k"),
        )
    ]
    echo_table(("ICC (95 % CI)", "one measurement", "mean of both"), rows)
    echo_facts(_facts(one, found))
    _print_change(one, found, people)
    echo_warnings(found.warnings)


def _facts(one: ScaleRetest, found: Retest) -> dict[str, str]:
    error = found.error
    facts = {
        "mean, sd the first time": f"{found.mean1:.2f}, {found.sd1:.2f}",
        "mean, sd the second time": f"{found.mean2:.2f}, {found.sd2:.2f}",
        "mean change (95 % CI), sd": f"{_estimate(found.mean_change, 2)}, {found.sd_change:.2f}",
        "Pearson r": interval(found.r, 3),
        "SEM agreement, consistency": f"{error.sem_agreement:.2f}, {error.sem_consistency:.2f}",
        "smallest detectable change": f"{error.sdc_agreement:.2f}, {error.sdc_consistency:.2f}",
    }
    if found.change is not None:
        facts["reliable change (Jacobson-Truax)"] = f"more than {found.change.least_change:.2f}"
    if one.scale.least_change is not None:
        facts["reliable change as published"] = f"at least {one.scale.least_change:.2f}"
    return facts


def _print_change(one: ScaleRetest, found: Retest, people: Matched) -> None:
    if (change := found.change) is None:
        return
    rows = [
        (person, whole(one.first[row]), whole(one.second[row]), float(change.index[row]), word)
        for row, person in enumerate(people.ids)
        if (word := _word(one.scale, int(change.reliable[row])))
    ]
    risen, fallen = int((change.reliable == 1).sum()), int((change.reliable == -1).sum())
    click.echo(f"  {risen} have reliably risen, {fallen} fallen; --json lists everybody.")
    if rows:
        echo_table(("id", "first", "second", "index", "reliably"), rows)


def _word(scale: Scale, reliable: int) -> str:
    if reliable == 0:
        return ""
    if scale.higher_is == "neither":
        return WORDS[reliable]
    is_worse = (scale.higher_is == "worse") == (reliable > 0)
    return f"{WORDS[reliable]} ({'worse' if is_worse else 'better'})"


def _estimate(one: Estimate, digits: int = 3) -> str:
    return interval((one.value, one.low, one.high), digits)


def _short(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:10])
    return f"{shown} and {len(ids) - 10} more" if len(ids) > 10 else shown  # noqa: PLR2004 -- a line
