"""`xinqiao psychometrics irt fit`: the items of each scale on its trait."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click
import numpy as np

from app.cli.files import write_file
from app.cli.psychometrics.curves import information_panel
from app.cli.psychometrics.drawing import plot_option, write_plot
from app.cli.psychometrics.printing import (
    echo_facts,
    echo_json,
    echo_table,
    echo_warnings,
    plain,
)
from app.cli.psychometrics.sample import (
    Sample,
    no_sum,
    nothing_estimated,
    read_sample,
    sample_arguments,
)
from app.instruments.scales import Scale
from app.psychometrics.irt.fitting import GradedFit, fit_graded
from app.psychometrics.irt.scoring import eap
from app.psychometrics.refusal import CannotEstimate

HOW = (
    "Only answered items count (missing at random); nothing is filled in. Who answered no item of "
    "a scale is not in its figures."
)
#: Where information is told.
PLACES = np.linspace(-4.0, 4.0, 17)


@dataclass(frozen=True)
class ScaleFit:
    """One scale: its model and how well it places the people of the file, or why there is none."""

    scale: Scale
    found: GradedFit | None
    reliability: float | None
    cannot: str | None


@click.command()
@sample_arguments
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the parameters here, for irt score.",
)
@plot_option
def fit(
    code: str,
    table: BinaryIO,
    map_path: Path | None,
    as_json: bool,
    output: Path | None,
    plot_path: Path | None,
) -> None:
    """Fit a 2PL or graded response model to each scale of instrument CODE that is a sum of items.

    A higher trait goes with a higher score of the scale.
    """
    sample = read_sample(code, table, map_path)
    scales = [_fitted(sample, scale) for scale in sample.sum_scales]
    if not any(one.found for one in scales):
        raise nothing_estimated({one.scale.code: one.cannot for one in scales}, no_sum(code))
    told = {
        "instrument": code,
        "version": sample.compiled.instrument.version,
        "missing": HOW,
        "scales": [_object(one) for one in scales],
    }
    if output is not None:
        text = json.dumps(plain(told), ensure_ascii=False, indent=2, allow_nan=False)
        write_file(output, text + "\n")
    if plot_path is not None:
        panels = [information_panel(s.scale.code, s.found.model) for s in scales if s.found]
        write_plot(plot_path, f"Where the scales of {code} measure exactly", panels)
    if as_json:
        echo_json(told)
        return
    for one in scales:
        _print(one)
    click.echo(f"\n{HOW}")


def _fitted(sample: Sample, scale: Scale) -> ScaleFit:
    items = sample.items(scale)
    try:
        found = fit_graded(items.matrix, codes=items.codes)
    except CannotEstimate as refusal:
        return ScaleFit(scale, None, None, str(refusal))
    return ScaleFit(scale, found, eap(found.model, items.matrix).reliability, None)


def _object(one: ScaleFit) -> dict[str, object]:
    head = {"scale": one.scale.code}
    if (found := one.found) is None:
        return head | {"cannot_estimate": one.cannot}
    items = [
        item | {"slope_se": e.slope, "intercepts_se": e.intercepts, "thresholds_se": e.thresholds}
        for item, e in zip(found.model.as_parameters(), found.errors, strict=True)
    ]
    information = found.model.information(PLACES)
    return head | {
        "model": _name(found),
        "people": found.people,
        "left_out": found.left_out,
        "answered": dict(zip(found.model.codes, found.answered, strict=True)),
        "log_likelihood": found.log_likelihood,
        "parameters": found.parameters,
        "aic": found.aic,
        "bic": found.bic,
        "reliability_eap": one.reliability,
        "items": items,
        "information": {
            "theta": PLACES,
            "test": information.sum(axis=0),
            "items": dict(zip(found.model.codes, information, strict=True)),
        },
        "warnings": found.warnings,
    }


def _print(one: ScaleFit) -> None:
    click.echo(f"\n{one.scale.code}: {one.scale.title.get('en')}")
    if (found := one.found) is None:
        click.echo(f"  cannot be estimated: {one.cannot}")
        return
    echo_facts(
        {
            "model": f"{_name(found)}, marginal maximum likelihood",
            "people, left out": f"{found.people}, {found.left_out}",
            "log-likelihood, parameters": f"{found.log_likelihood:.3f}, {found.parameters}",
            "AIC, BIC": f"{found.aic:.1f}, {found.bic:.1f}",
            "reliability of EAP scores": "–"
            if one.reliability is None
            else f"{one.reliability:.3f}",
        }
    )
    click.echo()
    most = max(len(item.intercepts) for item in found.model.items)
    header = ("item", "slope (SE)", *(f"b{n + 1} (SE)" for n in range(most)))
    echo_table(header, [_row(found, j, most) for j in range(len(found.errors))])
    click.echo()
    total = found.model.information(PLACES).sum(axis=0)[::2]
    rows = [(f"{at:+.0f}", i, 1 / np.sqrt(i)) for at, i in zip(PLACES[::2], total, strict=True)]
    echo_table(("trait", "information", "SE"), rows)
    echo_warnings(found.warnings)


def _row(found: GradedFit, j: int, most: int) -> tuple[str, ...]:
    item, error = found.model.items[j], found.errors[j]
    steps = [f"{b:.2f} ({se:.2f})" for b, se in zip(item.thresholds, error.thresholds, strict=True)]
    return (item.code, f"{item.slope:.2f} ({error.slope:.2f})", *steps, *[""] * (most - len(steps)))


def _name(found: GradedFit) -> str:
    return "2PL" if found.model.is_2pl else "graded response"
