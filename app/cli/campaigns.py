"""`xinqiao campaigns`: what is planned, open and closed, and how far it has come."""

import json
from dataclasses import asdict
from typing import Any

import click

from app.access.actor import OPERATOR
from app.campaigns import queries
from app.campaigns.domain import Counts
from app.cli.door import reading
from app.platform.db import db


@click.group()
def campaigns() -> None:
    """Look at campaigns."""


@campaigns.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one array of objects.")
def list_campaigns(as_json: bool) -> None:
    """Print every campaign, newest first, with its counts."""
    with reading():
        rows = _rows()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        counts = row["counts"]
        click.echo(
            f"{row['code']:<20} {row['state']:<7} "
            f"{counts['finished']:>6} of {counts['invited']:>6} finished  {row['title']}"
        )


def _rows() -> list[dict[str, Any]]:
    found = db.session.scalars(queries.visible_campaigns(OPERATOR)).all()
    totals = queries.totals(OPERATOR, found)
    return [
        {
            "code": campaign.code,
            "title": campaign.title,
            "state": campaign.state.value,
            "counts": _counts(totals[campaign.id]),
        }
        for campaign in found
    ]


def _counts(total: Counts) -> dict[str, int]:
    return {
        **asdict(total),
        "not_started": total.not_started,
        "under_way": total.under_way,
    }
