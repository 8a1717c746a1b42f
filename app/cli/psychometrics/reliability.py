"""`xinqiao psychometrics reliability`: how exact the scales of an instrument are."""

from pathlib import Path
from typing import BinaryIO

import click

from app.cli.psychometrics.printing import echo_json, echo_table
from app.cli.psychometrics.sample import read_sample, sample_arguments


@click.command()
@sample_arguments
def reliability(code: str, table: BinaryIO, map_path: Path | None, as_json: bool) -> None:
    """Say how exact the scales of instrument CODE are in these answers."""
    sample = read_sample(code, table, map_path)
    rows = [(scale.code, len(sample.items(scale).codes)) for scale in sample.sum_scales]
    if as_json:
        echo_json(dict(rows))
        return
    echo_table(("scale", "items"), rows)
