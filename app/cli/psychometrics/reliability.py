"""`xinqiao psychometrics reliability`: how exact the scales of an instrument are."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click

from app.cli.psychometrics.drawing import Panel, plot_option, write_plot
from app.cli.psychometrics.plots import items_panel
from app.cli.psychometrics.printing import (
    Value,
    echo_facts,
    echo_json,
    echo_table,
    echo_warnings,
    interval,
    percent,
)
from app.cli.psychometrics.sample import (
    Sample,
    no_sum,
    nothing_estimated,
    read_sample,
    sample_arguments,
)
from app.instruments.scales import Scale
from app.psychometrics.estimate import Estimate
from app.psychometrics.refusal import CannotEstimate
from app.psychometrics.reliability import MOST_AT_AN_END, Reliability
from app.psychometrics.reliability import reliability as estimate
from app.scoring.keyed import KeyedItems, points_per_sum_point

HOW = "Complete cases: who left out an item of a scale is not in its figures; nothing is filled in."


@dataclass(frozen=True)
class ScaleReliability:
    """One scale: its figures, or the sentence that says why there are none.

    `unit` is how many points of the reported score one point of the sum is.
    """

    scale: Scale
    items: KeyedItems
    refused: int
    unit: float
    found: Reliability | None
    cannot: str | None


@click.command()
@sample_arguments
@plot_option
def reliability(
    code: str, table: BinaryIO, map_path: Path | None, as_json: bool, plot_path: Path | None
) -> None:
    """Say how exact the scales of instrument CODE are in the answers of IN.csv."""
    sample = read_sample(code, table, map_path)
    scales = [judged(sample, scale) for scale in sample.sum_scales]
    if not any(one.found for one in scales):
        raise nothing_estimated({one.scale.code: one.cannot for one in scales}, no_sum(code))
    if plot_path is not None:
        write_plot(plot_path, f"Reliability of {code}", [*_panels(scales)])
    if as_json:
        echo_json({"instrument": code, "missing": HOW, "scales": [_object(s) for s in scales]})
        return
    for one in scales:
        _print(one)
    click.echo(f"\n{HOW}")


def _panels(scales: list[ScaleReliability]) -> Iterator[Panel]:
    for one in scales:
        if one.found is not None:
            yield items_panel(one.scale.title.get("en"), one.items.codes, one.found)


def judged(sample: Sample, scale: Scale) -> ScaleReliability:
    """Judge one scale of `sample`."""
    items = sample.items(scale)
    columns = [sample.compiled.instrument.item_codes.index(code) for code in items.codes]
    refused = int(sample.refused[:, columns].sum())
    found, cannot = None, None
    try:
        found = estimate(items.matrix, least=items.least, most=items.most, names=items.codes)
    except CannotEstimate as refusal:
        cannot = str(refusal)
    return ScaleReliability(
        scale, items, refused, points_per_sum_point(scale, items), found, cannot
    )


def _object(one: ScaleReliability) -> dict[str, object]:
    head = {"scale": one.scale.code, "refused_answers": one.refused}
    if one.found is None:
        return head | {"cannot_estimate": one.cannot}
    found = vars(one.found) | {
        "items": [
            {"item": code, "reversed": turned} | vars(item)
            for code, turned, item in zip(
                one.items.codes, one.items.reversed, one.found.items, strict=True
            )
        ],
        "reported_score": {
            "points_per_sum_point": one.unit,
            "sd": one.found.sd * abs(one.unit),
            "sem": None if one.found.sem is None else one.found.sem * abs(one.unit),
        },
    }
    return head | found


def _print(one: ScaleReliability) -> None:
    click.echo(f"\n{one.scale.code}: {one.scale.title.get('en')}, {len(one.items.codes)} items")
    if one.found is None:
        click.echo(f"  cannot be estimated: {one.cannot}")
        return
    found = one.found
    click.echo(
        f"  {found.complete} of {found.people} people answered every item "
        f"({found.people - found.complete} left out, {one.refused} answers refused)"
    )
    echo_facts(_facts(found, abs(one.unit)))
    rows = [
        (
            f"{code} (reversed)" if turned else code,
            str(item.missing),
            item.mean,
            item.sd,
            item.item_rest_r,
            item.alpha_if_dropped,
            percent(item.floor),
            percent(item.ceiling),
        )
        for code, turned, item in zip(one.items.codes, one.items.reversed, found.items, strict=True)
    ]
    click.echo()
    echo_table(ITEM_HEADER, rows, digits=3)
    echo_warnings([*found.warnings, *_ends(found)])


ITEM_HEADER = ("item", "missing", "mean", "sd", "item-rest r", "alpha without", "lowest", "highest")


def _facts(found: Reliability, unit: float) -> dict[str, str]:
    halves = found.split_half
    facts: dict[str, Value | Estimate] = {
        "alpha (Feldt 95 % CI)": found.alpha,
        "alpha, standardised": found.alpha_standardised,
        "KR-20 (answers 0 or 1)": found.kr20,
        "omega total (one factor, ML, covariances)": found.omega_total,
        "omega total, standardised (one factor, minres)": found.omega_total_standardised,
        "mean inter-item r": found.mean_inter_item_r,
        "split-half odd-even, Spearman-Brown": None if halves is None else halves.spearman_brown,
        "split-half odd-even, Guttman": None if halves is None else halves.guttman,
    }
    texts = {
        name: interval((value.value, value.low, value.high), 3)
        if isinstance(value, Estimate)
        else interval(value, 3)
        for name, value in facts.items()
        if value is not None
    }
    sem = None if found.sem is None else found.sem * unit
    return texts | {
        "mean, sd of the sum": f"{found.mean:.2f}, {found.sd:.2f}",
        "SEM in points of the score": interval(sem, 2),
        "at the lowest, at the highest score": f"{percent(found.floor)}, {percent(found.ceiling)}",
    }


def _ends(found: Reliability) -> list[str]:
    ends = {"lowest": found.floor, "highest": found.ceiling}
    return [
        f"{percent(share)} have the {end} possible score (more than {percent(MOST_AT_AN_END)}): "
        "beyond it the scale tells nobody apart."
        for end, share in ends.items()
        if share > MOST_AT_AN_END
    ]
