"""Local norms as files: a norms.yaml that instruments can name, or a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import yaml

from app.cli.psychometrics.norm_groups import NormGroupKey
from app.psychometrics.norms import NormRow, Norms

#: Scale → its groups, and the groups that are too small.
Tables = Mapping[str, tuple[Mapping[NormGroupKey, Norms], Mapping[NormGroupKey, int]]]

COLUMNS = (
    "percentile",
    "percentile_low",
    "percentile_high",
    "z",
    "t",
    "t_normalised",
)


@dataclass(frozen=True)
class NormText:
    """Where local norms are written, and what the file says about them."""

    path: Path
    population: str
    collected: str

    @classmethod
    def of(
        cls, path: Path, population: str | None, collected: str | None, library: Path
    ) -> "NormText":
        """Check where and what for; published norms are never written over."""
        if path.suffix not in (".yaml", ".csv"):
            raise click.ClickException(f"{path}: end the name in .yaml or .csv.")
        if path.resolve().is_relative_to(library.resolve()):
            raise click.ClickException(
                f"{path}: the library holds published norms; keep local ones in another folder."
            )
        if path.suffix == ".yaml" and not (population and collected):
            raise click.ClickException(
                "norms in YAML name their people: add --population and --collected."
            )
        return cls(path, population or "", collected or "")

    @property
    def is_csv(self) -> bool:
        """For a spreadsheet."""
        return self.path.suffix == ".csv"


def csv_text(tables: Tables) -> str:
    """One row a scale, group and score; the YAML's figures and their intervals."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(
        ["scale", "sex", "grade", "age", "people", "mean", "sd", "score", "count", *COLUMNS]
    )
    for scale, (groups, _) in tables.items():
        for key, found in groups.items():
            head = [
                scale,
                *_csv_group(key),
                found.people,
                _round(found.mean.value),
                _round(found.sd),
            ]
            writer.writerows(
                [*head, f"{row.score:g}", row.count, *_figures(row)] for row in found.rows
            )
    return target.getvalue()


def yaml_text(code: str, tables: Tables, about: NormText) -> str:
    """A norms.yaml with two tables: percentile ranks, and normalised T scores."""
    people = max((n.people for groups, _ in tables.values() for n in groups.values()), default=0)
    today = datetime.now(UTC)
    shared = {
        "version": f"{today.year}.{today.month}.{today.day}",
        "source": f"Local norms, built by xinqiao; the largest group has {people} people",
        "population": about.population,
        "collected": about.collected,
    }
    norms = [
        {"code": f"local_{name}"} | shared | {"scales": _yaml_scales(tables, name)}
        for name in ("percentile", "t")
    ]
    body = yaml.safe_dump(
        {"instrument": code, "norms": norms}, allow_unicode=True, sort_keys=False, width=100
    )
    return "".join(f"# {line}\n" for line in _remarks(tables)) + body


def _remarks(tables: Tables) -> Iterator[str]:
    yield "Local norms, not published ones: they compare with these people only."
    for scale, (_, too_small) in tables.items():
        for key, people in too_small.items():
            yield f"{scale}: none for {key}, {people} people are too few."


def _yaml_scales(tables: Tables, name: str) -> dict[str, object]:
    return {
        scale: [_yaml_group(key, found, name) for key, found in groups.items()]
        for scale, (groups, _) in tables.items()
        if groups
    }


def _yaml_group(key: NormGroupKey, found: Norms, name: str) -> dict[str, object]:
    group: dict[str, object] = {"for": key.as_mapping()} if key.as_mapping() else {}
    return group | {
        "size": found.people,
        "mean": round(found.mean.value, 4),
        "sd": round(found.sd, 4),
        "table": {
            _number(row.score): round(
                row.percentile.value if name == "percentile" else row.t_normalised, 2
            )
            for row in found.rows
        },
    }


def _csv_group(key: NormGroupKey) -> tuple[str, str, str]:
    named = key.as_mapping()
    grade = "" if key.grade < 0 else f"{key.grade:g}"
    return str(named.get("sex", "")), grade, "" if key.age < 0 else f"{key.age:g}"


def _figures(row: NormRow) -> list[str]:
    rank = row.percentile
    figures = (rank.value, rank.low, rank.high, row.z, row.t, row.t_normalised)
    return [_round(figure) for figure in figures]


def _round(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.4f}"


def _number(score: float) -> int | float:
    return int(score) if score.is_integer() else score
