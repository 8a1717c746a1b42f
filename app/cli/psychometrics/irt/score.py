"""`xinqiao psychometrics irt score`: people on a trait whose items were placed before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click
import numpy as np

from app.cli.psychometrics.distributions import error_panel, histogram_panel
from app.cli.psychometrics.drawing import Panel, plot_option, write_plot
from app.cli.psychometrics.printing import echo_json, echo_table
from app.cli.psychometrics.sample import Refusal, Sample, read_sample, refusing, sample_arguments
from app.psychometrics.irt.model import GradedModel
from app.psychometrics.irt.scoring import TraitScores, eap, maximum_posterior

HOW = (
    "EAP: mean and standard deviation of the posterior; MAP: its mode and curvature; the prior is "
    "standard normal. Only answered items count; who answered none has no score."
)


@dataclass(frozen=True)
class Placed:
    """The people of the file on the trait of one scale."""

    scale: str
    expected: TraitScores
    mode: TraitScores


@click.command()
@sample_arguments
@click.option(
    "--params",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What irt fit wrote with -o.",
)
@plot_option
def score(
    code: str,
    table: BinaryIO,
    map_path: Path | None,
    as_json: bool,
    params: Path,
    plot_path: Path | None,
) -> None:
    """Place the people of IN.csv on the traits of instrument CODE, with standard errors."""
    scales = read_parameters(params, code)
    sample = read_sample(code, table, map_path)
    with refusing():
        placed = [_placed(sample, one) for one in scales]
    if plot_path is not None:
        panels = [panel for one in placed for panel in _panels(one)]
        write_plot(plot_path, f"Places on the traits of {code}", panels)
    if as_json:
        echo_json(
            {"instrument": code, "missing": HOW, "scales": [_object(sample, p) for p in placed]}
        )
        return
    for one in placed:
        click.echo(f"\n{one.scale}")
        echo_table(("id", "answered", "EAP", "SE", "MAP", "SE"), _rows(sample, one), digits=3)
    click.echo(f"\n{HOW}")


def read_parameters(path: Path, code: str) -> Sequence[Mapping[str, Any]]:
    """Return the fitted scales of instrument `code` in the file; stop where it is another file."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        instrument, scales = told["instrument"], [s for s in told["scales"] if "items" in s]
    except (ValueError, KeyError, TypeError):
        raise click.ClickException(f"{path} is no file that irt fit wrote.") from None
    if instrument != code:
        raise click.ClickException(f"{path} holds parameters of {instrument}, not of {code}.")
    if not scales:
        raise Refusal(f"{path} holds no fitted scale.")
    return scales


def _placed(sample: Sample, one: Mapping[str, Any]) -> Placed:
    model = GradedModel.from_parameters(one["items"])
    code = str(one.get("scale"))
    scale = next((s for s in sample.sum_scales if s.code == code), None)
    if scale is None:
        raise Refusal(f"{sample.compiled.instrument.code} has no scale {code} that is a sum.")
    items = sample.items(scale)
    if items.codes != model.codes:
        raise Refusal(
            f"{code} has the items {', '.join(items.codes)}; the parameters are of "
            f"{', '.join(model.codes)}."
        )
    return Placed(code, eap(model, items.matrix), maximum_posterior(model, items.matrix))


def _rows(sample: Sample, one: Placed) -> list[tuple[str | int | float, ...]]:
    columns = (one.expected.theta, one.expected.error, one.mode.theta, one.mode.error)
    return [
        (person, int(one.expected.answered[row]), *(float(column[row]) for column in columns))
        for row, person in enumerate(sample.people.ids)
    ]


def _panels(one: Placed) -> list[Panel]:
    """Where people are, and how exactly; nothing where nobody answered."""
    if np.isnan(one.expected.theta).all():
        return []
    label = "EAP: 0 is the mean of those the items were fitted to, 1 their sd"
    return [
        histogram_panel(f"{one.scale}: where people are", one.expected.theta, label),
        error_panel(one.scale, one.expected),
    ]


def _object(sample: Sample, one: Placed) -> dict[str, object]:
    names = ("id", "answered", "eap", "eap_se", "map", "map_se")
    return {
        "scale": one.scale,
        "reliability_eap": one.expected.reliability,
        "people": [dict(zip(names, row, strict=True)) for row in _rows(sample, one)],
    }
