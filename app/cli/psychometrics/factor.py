"""`xinqiao psychometrics factor`: how many traits, which items, and does the structure fit?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, get_args

import click

from app.cli.psychometrics.curves import scree_panel
from app.cli.psychometrics.drawing import plot_option, write_plot
from app.cli.psychometrics.printing import (
    Value,
    echo_facts,
    echo_json,
    echo_table,
    echo_warnings,
    interval,
    p_value,
    percent,
)
from app.cli.psychometrics.sample import no_sum, nothing_estimated, read_sample, sample_arguments
from app.cli.psychometrics.wholes import Whole, wholes
from app.psychometrics.factor.confirmatory import Confirmatory, confirmatory
from app.psychometrics.factor.correlations import Correlations, correlations
from app.psychometrics.factor.exploratory import Exploratory, exploratory
from app.psychometrics.factor.parallel import Eigenvalues, Parallel, parallel_analysis
from app.psychometrics.factor.rotation import Rotation
from app.psychometrics.refusal import CannotEstimate

HOW = "Complete cases: who left out one of the items is in no figure; nothing is filled in."
LINEAR = (
    "Pearson correlations and normal theory: answers of a few steps make χ² too large and loadings "
    "a little too small."
)


@dataclass(frozen=True)
class Analysis:
    """One whole: what each method found, and in `cannot` why one found nothing."""

    whole: Whole
    given: Correlations | None = None
    parallel: Parallel | None = None
    explored: Exploratory | None = None
    models: Mapping[str, Confirmatory] = field(default_factory=dict)
    cannot: Mapping[str, str] = field(default_factory=dict)


@click.command()
@sample_arguments
@click.option(
    "--factors",
    type=click.IntRange(1),
    help="How many to extract; else as many components as exceed the 95th percentile of noise.",
)
@click.option(
    "--rotation",
    type=click.Choice(get_args(Rotation)),
    default="oblimin",
    show_default=True,
    help="Of the extracted factors; only varimax keeps them uncorrelated.",
)
@click.option("--seed", default=1, show_default=True, help="Of the noise in parallel analysis.")
@plot_option
def factor(
    code: str,
    table: BinaryIO,
    map_path: Path | None,
    as_json: bool,
    factors: int | None,
    rotation: Rotation,
    seed: int,
    plot_path: Path | None,
) -> None:
    """Say how many traits the items of instrument CODE measure, and whether its scales fit.

    Parallel analysis, factors by minimum residuals, one factor and the instrument's own subscales
    by maximum likelihood.
    """
    sample = read_sample(code, table, map_path)
    found = [_analysed(whole, factors, rotation, seed) for whole in wholes(sample)]
    if not any(one.given for one in found):
        raise nothing_estimated({one.whole.name: one.cannot["all"] for one in found}, no_sum(code))
    if plot_path is not None:
        panels = [scree_panel(one.whole.name, one.parallel) for one in found if one.parallel]
        write_plot(plot_path, f"Eigenvalues of {code} and of noise", panels)
    if as_json:
        told = [_object(one) for one in found]
        echo_json({"instrument": code, "missing": HOW, "limits": LINEAR, "analyses": told})
        return
    for one in found:
        _print(one)
    click.echo(f"\n{HOW}\n{LINEAR}")


def _analysed(whole: Whole, factors: int | None, rotation: Rotation, seed: int) -> Analysis:
    try:
        given = correlations(whole.matrix, names=whole.codes)
    except CannotEstimate as refusal:
        return Analysis(whole, cannot={"all": str(refusal)})
    parallel = parallel_analysis(given, seed=seed)
    cannot: dict[str, str] = {}
    explored = None
    try:
        count = factors or max(parallel.components.by_percentile, 1)
        explored = exploratory(given.matrix, count, rotation=rotation)
    except CannotEstimate as refusal:
        cannot["exploratory"] = str(refusal)
    structures = {"one factor": {whole.name: whole.codes}}
    if whole.structure:
        structures["its subscales"] = dict(whole.structure)
    models = {}
    for name, structure in structures.items():
        try:
            models[name] = confirmatory(given, structure)
        except CannotEstimate as refusal:
            cannot[name] = str(refusal)
    return Analysis(whole, given, parallel, explored, models, cannot)


def _object(one: Analysis) -> dict[str, object]:
    head: dict[str, object] = {"name": one.whole.name, "items": one.whole.codes}
    if one.given is None or one.parallel is None:
        return head | {"cannot_estimate": one.cannot["all"]}
    return head | {
        "people": one.given.people,
        "left_out": one.given.left_out,
        "correlations": one.given.matrix,
        "parallel": {
            "seed": one.parallel.seed,
            "resamples": one.parallel.resamples,
            **{
                name: vars(values)
                | {"by_mean": values.by_mean, "by_percentile": values.by_percentile}
                for name, values in _eigenvalues(one.parallel).items()
            },
        },
        "exploratory": one.explored,
        "models": one.models,
        "cannot_estimate": one.cannot,
    }


def _print(one: Analysis) -> None:
    click.echo(f"\n{one.whole.name}, {len(one.whole.codes)} items")
    if one.given is None or one.parallel is None:
        click.echo(f"  cannot be estimated: {one.cannot['all']}")
        return
    echo_facts({"people, left out": f"{one.given.people}, {one.given.left_out}"})
    _print_parallel(one.parallel)
    if one.explored is not None:
        _print_loadings(one.whole.codes, one.explored)
    if one.models:
        _print_models(one)
    for name, reason in one.cannot.items():
        click.echo(f"  {name} cannot be estimated: {reason}")


def _print_parallel(found: Parallel) -> None:
    click.echo(f"\n  Parallel analysis ({found.resamples} samples of noise, seed {found.seed})")
    both = _eigenvalues(found)
    shown = max(max(v.by_mean, v.by_percentile) for v in both.values()) + 2
    rows: list[tuple[Value, ...]] = [
        (str(n + 1), *(value for each in both.values() for value in _row(each, n)))
        for n in range(min(shown, len(found.components.observed)))
    ]
    names = ("component", "noise: mean", "95 %", "factor", "noise: mean", "95 %")
    echo_table(("", *names), rows)
    echo_facts(
        {
            f"{name} above the mean, above 95 % of noise": f"{v.by_mean}, {v.by_percentile}"
            for name, v in both.items()
        }
    )


def _print_loadings(codes: Sequence[str], found: Exploratory) -> None:
    count = found.loadings.shape[1]
    turned = f", {found.rotation}" if found.rotation else ""
    click.echo(f"\n  Factors by minimum residuals: {count}{turned}")
    rows: list[tuple[Value, ...]] = [
        (code, *map(float, found.loadings[i]), float(found.communalities[i]))
        for i, code in enumerate(codes)
    ]
    echo_table(("item", *(f"F{n + 1}" for n in range(count)), "communality"), rows)
    facts = {
        "share of all variance": ", ".join(percent(float(share)) for share in found.shares),
        "rms of residual correlations": f"{found.rms_residual:.3f}",
    }
    if count > 1:
        pairs = [
            f"F{p + 1}-F{q + 1} {found.factor_correlations[p, q]:.2f}"
            for p in range(count)
            for q in range(p + 1, count)
        ]
        facts["correlations of factors"] = ", ".join(pairs)
    echo_facts(facts)
    if found.is_heywood:
        echo_warnings(["An item keeps no variance of its own (a Heywood case): too many factors."])


def _print_models(one: Analysis) -> None:
    click.echo("\n  Given structures (maximum likelihood)")
    rows: list[tuple[Value, ...]] = []
    for name, model in one.models.items():
        fit, rmsea = model.fit, model.fit.rmsea
        rows.append(
            (
                *(name, f"{fit.chi2:.1f}", str(fit.df), p_value(fit.p), fit.cfi, fit.tli),
                "–" if rmsea is None else interval((rmsea.value, rmsea.low, rmsea.high), 3),
                *(fit.srmr, f"{fit.bic:.1f}"),
            )
        )
    header = ("structure", "chi2", "df", "p", "CFI", "TLI", "RMSEA (90 % CI)", "SRMR", "BIC")
    echo_table(header, rows, digits=3)
    model = list(one.models.values())[-1]
    click.echo()
    echo_table(
        ("item", "factor", "loading", "own variance"),
        [
            (code, model.factors[f], float(model.standardised[i]), float(model.uniquenesses[i]))
            for i, (code, f) in enumerate(zip(one.whole.codes, model.factor_of, strict=True))
        ],
    )
    names = model.factors
    pairs = {
        f"{names[p]} with {names[q]}": f"{model.factor_correlations[p, q]:.2f}"
        for p in range(len(names))
        for q in range(p + 1, len(names))
    }
    echo_facts(pairs)
    for name, each in one.models.items():
        echo_warnings(f"{name}: {warning}" for warning in each.warnings)


def _row(values: Eigenvalues, n: int) -> tuple[float, float, float]:
    columns = (values.observed, values.noise_mean, values.noise_percentile)
    first, mean, percentile = (float(column[n]) for column in columns)
    return first, mean, percentile


def _eigenvalues(found: Parallel) -> dict[str, Eigenvalues]:
    return {"components": found.components, "factors": found.factors}
