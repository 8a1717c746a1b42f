"""`xinqiao psychometrics norms`: norms of one's own people, kept apart from published ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click
import numpy as np

from app.cli.files import write_file
from app.cli.library import library_folder
from app.cli.psychometrics.drawing import plot_option, write_plot
from app.cli.psychometrics.norm_files import NormText, csv_text, yaml_text
from app.cli.psychometrics.norm_groups import Dimension, Members, NormGroupKey, grouped
from app.cli.psychometrics.plots import norm_panel
from app.cli.psychometrics.printing import (
    Value,
    echo_json,
    echo_table,
    echo_warnings,
    interval,
    whole,
)
from app.cli.psychometrics.sample import Refusal, Sample, read_sample, sample_arguments
from app.instruments.scales import Conversion, Scale
from app.psychometrics.estimate import Estimate
from app.psychometrics.norms import NormRow, Norms
from app.psychometrics.norms import norms as estimate
from app.psychometrics.refusal import CannotEstimate
from app.scoring.compile import CompiledInstrument
from app.scoring.keyed import is_sum
from app.scoring.results import Floats

#: 50 people are usually cited as enough for a steady mean and deviation; Piovesana & Senior 2018
#: (Assessment 25:793) needed up to 85. Smaller groups than that are marked.
FEWEST, FEW = 50, 85


@dataclass(frozen=True)
class ScaleNorms:
    """The norms of one scale, group by group, in raw points before any conversion."""

    scale: Scale
    groups: dict[NormGroupKey, Norms]
    too_small: dict[NormGroupKey, int]
    cannot: dict[NormGroupKey, str]
    without_score: int
    without_group: int


@click.group()
def norms() -> None:
    """Build norms from one's own people."""


def _dimensions(_context: click.Context, _option: click.Parameter, text: str) -> list[Dimension]:
    chosen = [part.strip() for part in text.split(",") if part.strip()]
    known = [str(dimension) for dimension in Dimension]
    if unknown := [part for part in chosen if part not in known]:
        raise click.BadParameter(f"“{unknown[0]}” is none of {', '.join(known)}.")
    return [Dimension(part) for part in dict.fromkeys(chosen)]


@norms.command("build")
@sample_arguments
@click.option(
    "--by",
    callback=_dimensions,
    default="",
    metavar="sex,grade,age",
    help="What makes a group; everybody together without it.",
)
@click.option(
    "--least",
    type=click.IntRange(min=2),
    default=FEWEST,
    show_default=True,
    help="A group with fewer people gets no norms.",
)
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write norms here: .yaml for instruments, .csv for a spreadsheet.",
)
@click.option("--population", help="Who these people are; the YAML needs it.")
@click.option("--collected", help="When and how they answered; the YAML needs it.")
@plot_option
def build(
    code: str,
    table: BinaryIO,
    map_path: Path | None,
    as_json: bool,
    by: list[Dimension],
    least: int,
    output: Path | None,
    population: str | None,
    collected: str | None,
    plot_path: Path | None,
) -> None:
    """Build norms of instrument CODE from the people of IN.csv, in raw points of each scale."""
    text = None if output is None else NormText.of(output, population, collected, library_folder())
    sample = read_sample(code, table, map_path)
    members, scores = grouped(sample, by), raw_scores(sample)
    scales = [
        _scale_norms(sample, scale, scores[scale.code], members, least)
        for scale in sample.compiled.instrument.scales
        if scale.method != "rules"
    ]
    if not scales:
        raise Refusal(f"{code} has no scale with a score to compare.")
    if not any(one.groups for one in scales):
        raise Refusal(_refusal(scales, least))
    if text is not None:
        tables = {one.scale.code: (one.groups, one.too_small) for one in scales}
        written = csv_text(tables) if text.is_csv else yaml_text(code, tables, text)
        write_file(text.path, written)
    if plot_path is not None:
        panels = [
            norm_panel(f"{one.scale.title.get('en')}, {key}", found)
            for one in scales
            for key, found in one.groups.items()
        ]
        write_plot(plot_path, f"Norms of {code}", panels)
    if as_json:
        echo_json(
            {"instrument": code, "by": by, "least": least, "scales": list(map(_object, scales))}
        )
        return
    for one in scales:
        _print(one, least)
    if text is not None:
        click.echo(f"\nWritten to {text.path}.")


def _scale_norms(
    sample: Sample, scale: Scale, scores: Floats, members: Members, least: int
) -> ScaleNorms:
    possible = _possible(sample, scale, scores)
    groups, too_small, cannot = {}, {}, {}
    for key, rows in members.rows.items():
        own = scores[rows][~np.isnan(scores[rows])]
        if len(own) < least:
            too_small[key] = len(own)
            continue
        try:
            groups[key] = estimate(own, possible=possible)
        except CannotEstimate as refusal:
            cannot[key] = str(refusal)
    without_score = int(np.isnan(scores).sum())
    return ScaleNorms(scale, groups, too_small, cannot, without_score, members.unknown)


def raw_scores(sample: Sample) -> Mapping[str, Floats]:
    """By scale everybody's score before its conversion, which norms turn into standard scores."""
    scores = {code: columns.score for code, columns in sample.scores().scales.items()}
    converted = [s for s in sample.compiled.instrument.scales if s.convert != Conversion()]
    return scores | {scale.code: _unconverted(sample, scale) for scale in converted}


def _unconverted(sample: Sample, scale: Scale) -> Floats:
    """Only this scale loses its conversion: another may be a sum of converted scores."""
    instrument, people = sample.compiled.instrument, sample.people
    plain = tuple(
        one.model_copy(update={"convert": Conversion()}) if one.code == scale.code else one
        for one in instrument.scales
    )
    compiled = CompiledInstrument(instrument.model_copy(update={"scales": plain}))
    scored = compiled.score(sample.answers, sex=people.sex, age=people.age, grade=people.grade)
    return scored.scales[scale.code].score


def _possible(sample: Sample, scale: Scale, scores: Floats) -> Floats:
    """Every whole score that a sum of whole answers can take, so that the norms have no gaps."""
    known = scores[~np.isnan(scores)]
    if not is_sum(sample.compiled.instrument, scale) or scale.method == "mean":
        return known
    if (known != np.round(known)).any():
        return known
    items = sample.items(scale)
    return np.arange(items.least.sum(), items.most.sum() + 1)


def _refusal(scales: list[ScaleNorms], least: int) -> str:
    if reasons := [reason for one in scales for reason in one.cannot.values()]:
        return reasons[0]
    largest = max((n for one in scales for n in one.too_small.values()), default=0)
    return (
        f"No group has {least} people with a score; the largest has {largest}. Build norms of "
        "fewer groups (--by), or lower --least and read them with doubt."
    )


def _object(one: ScaleNorms) -> dict[str, object]:
    return {
        "scale": one.scale.code,
        "without_score": one.without_score,
        "without_group": one.without_group,
        "groups": [
            {"group": key.as_mapping(), "is_small": found.people < FEW, **vars(found)}
            for key, found in one.groups.items()
        ],
        "too_small": [{"group": key.as_mapping(), "people": n} for key, n in one.too_small.items()],
        "cannot_estimate": [
            {"group": key.as_mapping(), "reason": reason} for key, reason in one.cannot.items()
        ],
    }


def _print(one: ScaleNorms, least: int) -> None:
    click.echo(f"\n{one.scale.code}: {one.scale.title.get('en')}, raw points")
    click.echo(f"  left out: {one.without_score} without a score", nl=False)
    click.echo(f", {one.without_group} of unknown group" if one.without_group else "")
    for key, found in one.groups.items():
        skew = interval(found.skewness, 2)
        click.echo(
            f"\n  {key}: {found.people} people, mean {_text(found.mean, 2)}, sd {found.sd:.2f}, "
            f"skewness {skew}"
        )
        if found.people < FEW:
            echo_warnings([f"Fewer than {FEW} people: read the intervals before the ranks."])
        echo_table(HEADER, [_row(row) for row in found.rows], digits=(2, 0, 1, 2, 1, 1))
    for key, people in one.too_small.items():
        click.echo(f"  {key}: no norms, {people} people are fewer than {least}")
    for key, reason in one.cannot.items():
        click.echo(f"  {key}: no norms. {reason}")


HEADER = ("score", "people", "percentile (95 % CI)", "z", "T", "normalised T")


def _row(row: NormRow) -> tuple[Value, ...]:
    percentile = _text(row.percentile, 1)
    return whole(row.score), row.count, percentile, row.z, row.t, row.t_normalised


def _text(one: Estimate, digits: int) -> str:
    return interval((one.value, one.low, one.high), digits)
