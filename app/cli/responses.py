"""`xinqiao responses`: answers that were collected elsewhere, brought into a campaign."""

from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from app.access.actor import OPERATOR
from app.assessments.service.imports import ResponsesPlan, import_responses, plan_import
from app.campaigns.models import Campaign
from app.campaigns.queries import visible_campaigns
from app.cli.door import reading, writing
from app.cli.reasons import listed
from app.instruments.problems import InstrumentError
from app.instruments.schema import load
from app.people.roster.problems import RosterFileError
from app.people.roster.reading import read_cells
from app.platform.db import db
from app.scoring.column_map import ColumnMap
from app.scoring.reading import RawTable, TableError


@click.group()
def responses() -> None:
    """Bring in answers that were collected elsewhere."""


@responses.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--campaign", "code", required=True, help="The code of the campaign.")
@click.option(
    "--map",
    "map_path",
    type=click.Path(exists=True, path_type=Path),
    help="What the columns and codes of the file mean (YAML).",
)
@click.option("--dry-run", is_flag=True, help="Say what would be stored and store nothing.")
def import_file(file: Path, code: str, map_path: Path | None, dry_run: bool) -> None:
    """Import the answers in FILE (XLSX or CSV); one wrong cell refuses the whole file."""
    table, column_map = _read(file, map_path)
    try:
        if dry_run:
            with reading():
                plan = plan_import(
                    actor=OPERATOR, campaign=_campaign(code), table=table, column_map=column_map
                )
                click.echo(f"{_summary(plan)}\nNothing was written (--dry-run).")
            return
        with writing():
            plan = import_responses(
                actor=OPERATOR,
                campaign=_campaign(code),
                table=table,
                column_map=column_map,
                locale=current_app.config["SETTINGS"].default_locale,
            )
            summary = _summary(plan)
        click.echo(f"{summary}\nImported.")
    except TableError as error:
        raise click.ClickException(listed(error.reasons)) from None


def _read(file: Path, map_path: Path | None) -> tuple[RawTable, ColumnMap]:
    try:
        column_map = load(ColumnMap, map_path) if map_path else ColumnMap()
        return read_cells(file.read_bytes()), column_map
    except (InstrumentError, RosterFileError) as error:
        raise click.ClickException(str(error)) from None


def _campaign(code: str) -> Campaign:
    campaign = db.session.scalar(visible_campaigns(OPERATOR).where(Campaign.code == code))
    if campaign is None:
        known = ", ".join(db.session.scalars(select(Campaign.code)))
        raise click.ClickException(
            f"no campaign has the code “{code}”; there are: {known or 'none'}."
        )
    return campaign


def _summary(plan: ResponsesPlan) -> str:
    lines = [
        f"{plan.rows} rows: {len(plan.new)} new, {len(plan.changed)} changed, "
        f"{plan.unchanged} unchanged, {plan.empty} without an answer."
    ]
    if plan.uninvited:
        lines.append(f"Invited with this import: {len(plan.uninvited)}.")
    if plan.not_asked:
        lines.append(f"Not in the file: {', '.join(plan.not_asked)}.")
    return "\n".join(lines)
