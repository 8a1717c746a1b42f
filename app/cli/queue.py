"""`xinqiao queue`: who waits, and what would fall silent."""

import json
from datetime import datetime
from typing import Any

import click

from app.access.actor import OPERATOR
from app.cases.domain.stale import StaleRow
from app.cases.jobs import watch_silence
from app.cases.models import QueueEntry
from app.cases.queries import queue as queue_queries
from app.cases.queries.stale import end_of, stale_rows
from app.cli.door import writing
from app.platform import audit, clock
from app.platform.db import begin_write, db

Row = dict[str, Any]

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one array of objects.")


@click.group()
def queue() -> None:
    """Show who waits for a talk, and what would fall silent."""


@queue.command("list")
@as_json_option
def list_queue(as_json: bool) -> None:
    """Print the open entries, the most urgent first."""
    with writing() as app:
        watch_silence()
        begin_write()
        entries = db.session.scalars(queue_queries.open_entries(OPERATOR)).all()
        rows = [_entry_row(entry, app.config["SETTINGS"].default_locale) for entry in entries]
        audit.record(OPERATOR, "list_queue", shown=len(rows))
    _print(rows, as_json, nothing="Nobody waits.")


@queue.command("stale")
@as_json_option
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As it will be at the end of that day (default: now).",
)
def stale(as_json: bool, as_of: datetime | None) -> None:
    """Print every open duty that is past its time: who waits, broken promises, what is owed."""
    with writing():
        found = stale_rows(OPERATOR, end_of(as_of.date()) if as_of else clock.now())
        rows = [_stale_row(row) for row in found]
        audit.record(OPERATOR, "list_stale", shown=len(rows))
    _print(rows, as_json, nothing="Nothing falls silent.")


def _entry_row(entry: QueueEntry, locale: str) -> Row:
    return {
        "entry": entry.public_id,
        "student": entry.student.public_id if entry.student else None,
        "site": entry.site.code,
        "campaign": entry.campaign.code if entry.campaign else None,
        "risk_level": entry.risk_level.value,
        "lane": entry.lane,
        "raised_at": _iso(entry.raised_at),
        "due_at": _iso(entry.due_at),
        "reason": entry.reasons[locale],
        "claimed_by": entry.claimed_by.login if entry.claimed_by else None,
        "case": entry.case.public_id if entry.case else None,
        "state": entry.state.value,
    }


def _stale_row(row: StaleRow) -> Row:
    return {
        "stale": row.kind,
        "since": _iso(row.since),
        "student": row.student.public_id if row.student else None,
        "site": row.site.code,
        "owner": row.owner.login if row.owner else None,
        "about": row.ref,
        "url": row.url,
    }


def _iso(moment: datetime) -> str:
    return clock.local(moment).isoformat(timespec="seconds")


def _print(rows: list[Row], as_json: bool, *, nothing: str) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(_line(row))
    if not rows:
        click.echo(nothing)


def _line(row: Row) -> str:
    who = row["student"] or "(no name)"
    if "stale" in row:
        owner = row["owner"] or "(nobody)"
        what = f"{row['stale']:<18} {row['since']:<25} {row['site']:<10} {who:<23}"
        return f"{what} {owner:<14} {row['url']}"
    return f"{row['risk_level']:<9} {row['due_at']:<25} {row['site']:<10} {who:<23} {row['reason']}"
