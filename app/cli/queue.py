"""`xinqiao queue`: who waits, and what would fall silent."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import click

from app.access.actor import OPERATOR
from app.cases.models import Case, QueueEntry
from app.cases.queries import cases as cases_queries
from app.cases.queries import queue as queue_queries
from app.cases.service.queue import hasten_silent
from app.cli.door import writing
from app.platform import audit, clock
from app.platform.db import db

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
        hasten_silent()
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
    """Print broken promises, flagged students without an owner, and cases without a next date.

    A promise is broken when who asked for a talk was not met by the promised time.
    """
    with writing() as app:
        moment, day = _moment(as_of)
        locale = app.config["SETTINGS"].default_locale
        promises = queue_queries.broken_promises(OPERATOR, moment)
        promised = {entry.id for entry in promises}
        entries = [
            entry
            for entry in queue_queries.stale_entries(OPERATOR, moment)
            if entry.id not in promised
        ]
        cases = cases_queries.stale_cases(OPERATOR, day)
        rows = [
            *({"stale": "promise_overdue", **_entry_row(entry, locale)} for entry in promises),
            *({"stale": "no_owner", **_entry_row(entry, locale)} for entry in entries),
            *({"stale": "no_next_date", **_case_row(case)} for case in cases),
        ]
        audit.record(OPERATOR, "list_stale", shown=len(rows))
    _print(rows, as_json, nothing="Nothing falls silent.")


def _moment(as_of: datetime | None) -> tuple[datetime, date]:
    """The moment and the day to look at: now, or the end of the given day."""
    if as_of is None:
        return clock.now(), clock.today()
    day = as_of.date()
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.zone()), day


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


def _case_row(case: Case) -> Row:
    return {
        "case": case.public_id,
        "student": case.student.public_id,
        "site": case.site.code,
        "risk_level": case.risk_level.value,
        "owner": case.owner.login,
        "next_on": case.next_on.isoformat() if case.next_on else None,
        "state": case.state.value,
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
    when = row.get("due_at") or row.get("next_on") or "no date"
    who = row["student"] or "(no name)"
    what = row.get("reason") or f"case {row['case']} of {row['owner']}"
    return f"{row['risk_level']:<9} {when:<25} {row['site']:<10} {who:<23} {what}"
