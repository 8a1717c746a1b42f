"""`xinqiao psychometrics dif`: do two groups with the same score answer an item alike?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click
import numpy as np

from app.cli.psychometrics.criterion import read_groups
from app.cli.psychometrics.drawing import plot_option, write_plot
from app.cli.psychometrics.effects import effect_of, effect_panels
from app.cli.psychometrics.printing import (
    echo_facts,
    echo_json,
    echo_table,
    echo_warnings,
    p_value,
)
from app.cli.psychometrics.sample import (
    Refusal,
    Sample,
    no_sum,
    nothing_estimated,
    read_sample,
    sample_arguments,
)
from app.instruments.scales import Scale
from app.psychometrics.dif.logistic import LogisticDif, logistic_dif
from app.psychometrics.dif.mantel import (
    Judgement,
    Mantel,
    MantelHaenszel,
    Purified,
    Unjudged,
    is_flagged,
    mantel_dif,
)
from app.psychometrics.dif.matching import FEW_PER_GROUP, Matched, matched
from app.psychometrics.multiple import benjamini_hochberg
from app.psychometrics.refusal import CannotEstimate
from app.scoring.results import Floats

HOW = (
    "Complete cases of the two groups: who left out an item has no sum to be matched on. People "
    "are matched on the sum of the items, the item itself included."
)
MANY_TESTS = (
    "Classes use p of the item itself; “adjusted p” is Benjamini and Hochberg's over the items of "
    "the scale, each test by itself."
)


@dataclass(frozen=True)
class ScaleDif:
    """One scale: the judgement of each item by both methods, or why there is none."""

    scale: Scale
    codes: Sequence[str] = ()
    people: Matched | None = None
    mantel: Purified | None = None
    logistic: Sequence[LogisticDif | str] = ()
    cannot: str | None = None


@click.command()
@sample_arguments
@click.option("--group", required=True, metavar="COL", help="Column that says who is of which.")
@click.option("--reference", metavar="VALUE", help="The group to compare with; else the larger.")
@click.option("--focal", metavar="VALUE", help="The group that is compared, if there are several.")
@click.option(
    "--purify", is_flag=True, help="Match anew without items that have DIF, until none is added."
)
@plot_option
def dif(
    code: str,
    table: BinaryIO,
    map_path: Path | None,
    as_json: bool,
    group: str,
    reference: str | None,
    focal: str | None,
    purify: bool,
    plot_path: Path | None,
) -> None:
    """Say which items of instrument CODE two groups with the same score answer differently."""
    sample = read_sample(code, table, map_path, [group])
    names, is_focal = two_groups(read_groups(sample, group), group, reference, focal)
    scales = [_judged(sample, scale, is_focal, purify) for scale in sample.sum_scales]
    if not any(one.people for one in scales):
        raise nothing_estimated({one.scale.code: one.cannot for one in scales}, no_sum(code))
    if plot_path is not None:
        panels = [
            panel
            for one in scales
            if one.mantel
            for panel in effect_panels(
                one.scale.title.get("en"), names[1], one.codes, one.mantel.items
            )
        ]
        write_plot(plot_path, f"Items of {code}: {names[1]} against {names[0]}", panels)
    if as_json:
        echo_json(
            {
                "instrument": code,
                "group": group,
                "reference": names[0],
                "focal": names[1],
                "missing": HOW,
                "several_tests": MANY_TESTS,
                "scales": [_object(one) for one in scales],
            }
        )
        return
    for one in scales:
        _print(one, names)
    click.echo(f"\n{HOW}\n{MANY_TESTS}")


def two_groups(
    values: Sequence[str | None], column: str, reference: str | None, focal: str | None
) -> tuple[tuple[str, str], Floats]:
    """Return the names of the two groups, and 0 for the reference, 1 for the focal, NaN else."""
    counts = Counter(value for value in values if value is not None)
    for name in (reference, focal):
        if name is not None and name not in counts:
            raise click.ClickException(
                f"column {column}: nobody has “{name}”; there are: {', '.join(counts) or 'none'}."
            )
    others = [name for name, _ in counts.most_common() if name not in (reference, focal)]
    first = reference if reference is not None else next(iter(others), None)
    rest = [name for name in others if name != first]
    if focal is None and len(rest) > 1:
        raise click.ClickException(
            f"column {column} has {len(counts)} groups ({', '.join(counts)}); "
            "say which two with --reference and --focal."
        )
    second = focal if focal is not None else next(iter(rest), None)
    if first is None or second is None or first == second:
        raise Refusal(f"Column {column} does not have two groups to compare.")
    codes = {first: 0.0, second: 1.0}
    group = np.array([codes.get(value, np.nan) if value else np.nan for value in values])
    return (first, second), group


def _judged(sample: Sample, scale: Scale, is_focal: Floats, purify: bool) -> ScaleDif:
    items = sample.items(scale)
    try:
        people = matched(items.matrix, is_focal, names=items.codes)
        found = mantel_dif(people, purify=purify)
    except CannotEstimate as refusal:
        return ScaleDif(scale, cannot=str(refusal))
    logistic = [_regression(people, item, found.anchors) for item in range(len(items.codes))]
    return ScaleDif(scale, items.codes, people, found, logistic)


def _regression(people: Matched, item: int, anchors: Sequence[int]) -> LogisticDif | str:
    try:
        return logistic_dif(people, item, anchors)
    except CannotEstimate as refusal:
        return str(refusal)


def _object(one: ScaleDif) -> dict[str, object]:
    head: dict[str, object] = {"scale": one.scale.code}
    if one.people is None or one.mantel is None:
        return head | {"cannot_estimate": one.cannot}
    mantel_p, total_p = _adjusted(one)
    return head | {
        "reference_people": one.people.reference_count,
        "focal_people": one.people.focal_count,
        "left_out": one.people.left_out,
        "anchors": [one.codes[item] for item in one.mantel.anchors],
        "purification_rounds": one.mantel.rounds,
        "purification_settled": one.mantel.settled,
        "items": [
            {"item": code, "is_flagged": is_flagged(judged)}
            | {"method": _method(judged), _method(judged): judged, "adjusted_p": mantel_p[n]}
            | {"logistic": one.logistic[n], "logistic_adjusted_p": total_p[n]}
            for n, (code, judged) in enumerate(zip(one.codes, one.mantel.items, strict=True))
        ],
        "warnings": _warnings(one),
    }


def _print(one: ScaleDif, names: tuple[str, str]) -> None:
    click.echo(f"\n{one.scale.code}: {one.scale.title.get('en')}")
    if one.people is None or one.mantel is None:
        click.echo(f"  cannot be estimated: {one.cannot}")
        return
    facts = {
        f"reference group {names[0]}": f"{one.people.reference_count} people",
        f"focal group {names[1]}": f"{one.people.focal_count} people",
        "left out": str(one.people.left_out),
        "matched on": ", ".join(one.codes[item] for item in one.mantel.anchors),
    }
    if one.mantel.rounds:
        facts["purified"] = f"{one.mantel.rounds} times" + (
            "" if one.mantel.settled else ", without coming to an end"
        )
    echo_facts(facts)
    mantel_p, total_p = _adjusted(one)
    click.echo("\n  Matched groups (minus: the focal group answers lower than its equals)")
    rows = [
        (code, *_effect(judged), p_value(_p(judged)), p_value(mantel_p[n]))
        for n, (code, judged) in enumerate(zip(one.codes, one.mantel.items, strict=True))
    ]
    echo_table(("item", "figure", "effect (95 % CI)", "class", "p", "adjusted p"), rows)
    click.echo("\n  Ordinal regression (odds above 1: the focal group answers higher)")
    header = ("item", "odds ratio", "R² uniform", "R² non-uniform", "Jodoin-Gierl", "Zumbo")
    echo_table(
        (*header, "p uniform", "p non-uniform", "adjusted p of both"),
        [_regression_row(one, n, total_p[n]) for n in range(len(one.codes))],
        digits=3,
    )
    echo_warnings(_warnings(one))


def _regression_row(one: ScaleDif, n: int, adjusted: float) -> tuple[str | float, ...]:
    found = one.logistic[n]
    if isinstance(found, str):
        return (one.codes[n], "–", "–", "–", "–", "–", "–", "–", "–")
    return (
        one.codes[n],
        f"{found.odds_ratio:.2f}",
        f"{found.uniform.nagelkerke:.3f}",
        f"{found.non_uniform.nagelkerke:.3f}",
        found.jodoin_gierl,
        found.zumbo,
        p_value(found.uniform.p),
        p_value(found.non_uniform.p),
        p_value(adjusted),
    )


def _adjusted(one: ScaleDif) -> tuple[list[float], list[float]]:
    items = one.mantel.items if one.mantel else ()
    total = [np.nan if isinstance(found, str) else found.total.p for found in one.logistic]
    return (
        benjamini_hochberg([_p(judged) for judged in items]).tolist(),
        benjamini_hochberg(total).tolist(),
    )


def _method(judged: Judgement) -> str:
    if isinstance(judged, MantelHaenszel):
        return "mantel_haenszel"
    return "mantel" if isinstance(judged, Mantel) else "cannot_estimate"


def _effect(judged: Judgement) -> tuple[str, str, str]:
    found = effect_of(judged)
    return ("–", "–", "–") if found is None else (found.figure, str(found), found.size)


def _p(judged: Judgement) -> float:
    return np.nan if isinstance(judged, Unjudged) else judged.p


def _warnings(one: ScaleDif) -> list[str]:
    if one.people is None or one.mantel is None:
        return []
    found = [
        f"{code}: {judged.reason}"
        for code, judged in zip(one.codes, one.mantel.items, strict=True)
        if isinstance(judged, Unjudged)
    ]
    found += [reason for reason in one.logistic if isinstance(reason, str)]
    few = min(one.people.reference_count, one.people.focal_count)
    if few < FEW_PER_GROUP:
        found.append(f"The smaller group has {few} people: below {FEW_PER_GROUP} DIF is missed.")
    if not one.mantel.settled:
        found.append("Purification went back and forth between items; read the classes with doubt.")
    return found
