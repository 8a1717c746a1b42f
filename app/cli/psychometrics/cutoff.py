"""`xinqiao psychometrics cutoff`: which score to follow up from, held against a criterion."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import BinaryIO

import click
import numpy as np

from app.cli.psychometrics.criterion import read_criterion, read_numbers
from app.cli.psychometrics.curves import roc_panel
from app.cli.psychometrics.drawing import Panel, plot_option, write_plot
from app.cli.psychometrics.printing import (
    echo_facts,
    echo_json,
    echo_table,
    echo_warnings,
    interval,
    p_value,
    percent,
)
from app.cli.psychometrics.sample import Sample, nothing_estimated, read_sample, sample_arguments
from app.psychometrics.cutoffs import (
    SENSITIVITIES,
    CutoffFigures,
    Resampled,
    figures,
    least_sensitivity,
    resampled,
    youden_ties,
)
from app.psychometrics.estimate import Estimate
from app.psychometrics.refusal import CannotEstimate
from app.psychometrics.roc import (
    AreaDifference,
    RocCurve,
    area,
    compare_areas,
    grouped,
    roc_curve,
)
from app.scoring.results import Floats

HOW = "Who has no score or no known criterion is in no figure; nothing is filled in."
INTERVALS = (
    "Intervals are 95 %: area DeLong, shares Wilson, chosen rules bootstrap (percentile, cases and "
    "others drawn apart)."
)


@dataclass(frozen=True)
class Score:
    """A score of everybody: a scale of the instrument, or a further column (`--against`)."""

    name: str
    values: Floats
    worse_is_higher: bool


@dataclass(frozen=True)
class Judged:
    """One score against the criterion, or the sentence that says why not."""

    score: Score
    cannot: str | None = None
    area: Estimate | None = None
    left_out: int = 0
    curve: RocCurve | None = None
    prevalence: float = 0.0
    cutoffs: Sequence[CutoffFigures] = ()
    youden: Sequence[int] = ()
    kept: Sequence[tuple[float, int]] = ()
    bootstrap: Resampled | None = None


@click.command()
@sample_arguments
@click.option("--criterion", required=True, metavar="COL", help="Column that says who is a case.")
@click.option(
    "--cases",
    metavar="VALUES",
    help="What stands in it for a case, as in “2,3”; every other value is none, empty not known. "
    "Not needed where it holds 0 and 1.",
)
@click.option(
    "--unknown", metavar="VALUES", default="", help="What else in it is not known, as in “7,9”."
)
@click.option(
    "--prevalence",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Share of cases where the cut-off will be used, for PPV and NPV; else that of the file.",
)
@click.option(
    "--sensitivity",
    "targets",
    type=click.FloatRange(0, 1, min_open=True),
    multiple=True,
    default=SENSITIVITIES,
    show_default=True,
    help="A share of the cases to find; may be repeated.",
)
@click.option("--against", metavar="COL", help="Column with another score to compare with.")
@click.option("--seed", default=1, show_default=True, help="Of the bootstrap.")
@plot_option
def cutoff(
    code: str,
    table: BinaryIO,
    map_path: Path | None,
    as_json: bool,
    criterion: str,
    cases: str | None,
    unknown: str,
    prevalence: float | None,
    targets: tuple[float, ...],
    against: str | None,
    seed: int,
    plot_path: Path | None,
) -> None:
    """Say what every cut-off of the scales of instrument CODE finds and misses in IN.csv."""
    sample = read_sample(code, table, map_path, [criterion, *([against] if against else [])])
    truth = read_criterion(sample, criterion, cases=cases, unknown=unknown)
    scores = _scores(sample, against)
    judged = [_judged(score, truth, prevalence, targets, seed) for score in scores]
    if not any(one.curve for one in judged):
        raise nothing_estimated(
            {one.score.name: one.cannot for one in judged},
            f"{code} has no scale with a score to compare.",
        )
    pairs = _compared([one.score for one in judged if one.curve], truth)
    if plot_path is not None:
        panels = [panel for one in judged for panel in _panel(one)]
        write_plot(plot_path, f"ROC curves of {code} against {criterion}", panels)
    if as_json:
        echo_json(_object(code, criterion, seed, judged, pairs))
        return
    for one in judged:
        _print(one)
    _print_pairs(pairs)
    click.echo(f"\n{HOW}\n{INTERVALS} Seed {seed}.")


def _panel(one: Judged) -> list[Panel]:
    if one.curve is None or one.area is None:
        return []
    marked = [(one.cutoffs[i], _rule(one, one.cutoffs[i].cutoff)) for i in one.youden]
    return [roc_panel(one.score.name, one.area, one.curve, marked)]


def _scores(sample: Sample, against: str | None) -> list[Score]:
    columns = sample.scores().scales
    scales = [s for s in sample.compiled.instrument.scales if s.higher_is != "neither"]
    scores = [
        # weighted sums that are equal on paper are equal here
        Score(s.code, np.round(columns[s.code].score, 9), s.higher_is == "worse")
        for s in scales
    ]
    return [*scores, Score(against, read_numbers(sample, against), True)] if against else scores


def _judged(
    score: Score, truth: Floats, prevalence: float | None, targets: Sequence[float], seed: int
) -> Judged:
    try:
        groups = grouped(score.values, truth, worse_is_higher=score.worse_is_higher)
    except CannotEstimate as refusal:
        return Judged(score, cannot=str(refusal))
    curve = roc_curve(groups)
    share = prevalence or curve.case_count / (curve.case_count + curve.control_count)
    return Judged(
        score=score,
        area=area(groups),
        left_out=groups.left_out,
        curve=curve,
        prevalence=share,
        cutoffs=figures(curve, prevalence=share),
        youden=youden_ties(curve),
        kept=[(target, least_sensitivity(curve, target)) for target in targets],
        bootstrap=resampled(curve, seed=seed, targets=targets),
    )


def _compared(
    scores: Sequence[Score], truth: Floats
) -> list[tuple[str, str, AreaDifference | str]]:
    pairs: list[tuple[str, str, AreaDifference | str]] = []
    for one, other in combinations(scores, 2):
        directions = (one.worse_is_higher, other.worse_is_higher)
        found: AreaDifference | str
        try:
            found = compare_areas(one.values, other.values, truth, worse_is_higher=directions)
        except CannotEstimate as refusal:
            found = str(refusal)
        pairs.append((one.name, other.name, found))
    return pairs


def _object(
    code: str,
    criterion: str,
    seed: int,
    judged: Sequence[Judged],
    pairs: Sequence[tuple[str, str, AreaDifference | str]],
) -> dict[str, object]:
    return {
        "instrument": code,
        "criterion": criterion,
        "missing": HOW,
        "intervals": INTERVALS,
        "seed": seed,
        "scores": [_score_object(one) for one in judged],
        "comparisons": [
            {"first_score": one, "second_score": other}
            | ({"cannot_estimate": found} if isinstance(found, str) else vars(found))
            for one, other, found in pairs
        ],
    }


def _score_object(one: Judged) -> dict[str, object]:
    head = {"score": one.score.name}
    if one.curve is None:
        return head | {"cannot_estimate": one.cannot}
    return head | {
        "rule": "at_least" if one.score.worse_is_higher else "at_most",
        "cases": one.curve.case_count,
        "others": one.curve.control_count,
        "left_out": one.left_out,
        "area": one.area,
        "prevalence": one.prevalence,
        "cutoffs": one.cutoffs,
        "youden": [one.cutoffs[i].cutoff for i in one.youden],
        "fixed_sensitivity": [
            {"target": target, "cutoff": one.cutoffs[i].cutoff} for target, i in one.kept
        ],
        "bootstrap": one.bootstrap,
        "warnings": _warnings(one),
    }


def _print(one: Judged) -> None:
    click.echo(f"\n{one.score.name}")
    if one.curve is None or one.area is None or one.bootstrap is None:
        click.echo(f"  cannot be estimated: {one.cannot}")
        return
    echo_facts(
        {
            "cases, others": f"{one.curve.case_count}, {one.curve.control_count}",
            "left out": str(one.left_out),
            "area under the curve": interval((one.area.value, one.area.low, one.area.high), 3),
            "prevalence for PPV and NPV": percent(one.prevalence),
        }
    )
    notes = _notes(one)
    rows = [
        (
            _rule(one, at.cutoff),
            interval((at.sensitivity.value, at.sensitivity.low, at.sensitivity.high), 2),
            interval((at.specificity.value, at.specificity.low, at.specificity.high), 2),
            *(at.ppv, at.npv, at.lr_positive, at.lr_negative, at.youden),
            notes.get(index, ""),
        )
        for index, at in enumerate(one.cutoffs)
    ]
    click.echo()
    echo_table(HEADER, rows)
    click.echo("\n  How far a rule for choosing wanders (bootstrap)")
    echo_table(("rule", "cut-off", "sensitivity", "specificity"), _bootstrap_rows(one.bootstrap))
    echo_warnings(_warnings(one))


HEADER = ("rule", "sensitivity", "specificity", "PPV", "NPV", "LR+", "LR-", "Youden", "")


def _notes(one: Judged) -> dict[int, str]:
    notes = dict.fromkeys(one.youden, "Youden" if len(one.youden) == 1 else "Youden (tie)")
    for target, index in one.kept:
        own = f"finds {target:.0%}"
        notes[index] = f"{notes[index]}, {own}" if index in notes else own
    return notes


def _bootstrap_rows(found: Resampled) -> list[tuple[str, ...]]:
    return [
        (
            "Youden" if rule.target is None else f"finds {rule.target:.0%}",
            interval((rule.cutoff.value, rule.cutoff.low, rule.cutoff.high), 0),
            *(
                interval((one.value, one.low, one.high), 2)
                for one in (rule.sensitivity, rule.specificity)
            ),
        )
        for rule in found.rules
    ]


def _rule(one: Judged, value: float) -> str:
    return f"{'≥' if one.score.worse_is_higher else '≤'} {value:g}"


def _warnings(one: Judged) -> list[str]:
    if one.area is None or one.curve is None:
        return []
    warnings = []
    if one.area.value < 0.5:  # noqa: PLR2004 -- chance
        warnings.append("The area is below chance: the score runs against the criterion.")
    if one.area.low is None:
        warnings.append("The score separates this sample perfectly: an interval has no meaning.")
    if one.curve.case_count < 30:  # noqa: PLR2004 -- a share then moves by 3 points a person
        warnings.append(f"Only {one.curve.case_count} cases: look at the intervals first.")
    return warnings


def _print_pairs(pairs: Sequence[tuple[str, str, AreaDifference | str]]) -> None:
    if not pairs:
        return
    click.echo("\nAreas compared on the same people (DeLong)")
    for one, other, found in pairs:
        if isinstance(found, str):
            click.echo(f"  {one} - {other} cannot be compared: {found}")
    rows = [
        (
            f"{one} - {other}",
            str(found.people),
            interval((found.difference.value, found.difference.low, found.difference.high), 3),
            found.z,
            p_value(found.p),
        )
        for one, other, found in pairs
        if not isinstance(found, str)
    ]
    echo_table(("scores", "people", "difference", "z", "p"), rows, digits=3)
    if len(rows) > 1:
        click.echo("  p is not corrected for several comparisons.")
