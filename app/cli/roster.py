"""`xinqiao roster`: a school's students from a file, all rows or none."""

from pathlib import Path

import click

from app.access.actor import OPERATOR
from app.cli.door import writing
from app.instruments.problems import InstrumentError
from app.instruments.schema import load
from app.people.models import Site
from app.people.queries import visible_site, visible_sites
from app.people.roster.columns import RosterMap
from app.people.roster.plan import Outcome, RosterPlan
from app.people.roster.problems import RosterFileError
from app.people.roster.reading import RosterTable, read_roster
from app.people.service import rosters
from app.platform.db import db

SPOKEN = {
    Outcome.NEW: "new",
    Outcome.CHANGED: "changed",
    Outcome.MOVED: "moved class",
    Outcome.UNCHANGED: "unchanged",
    Outcome.DUPLICATE: "duplicate",
}


@click.group()
def roster() -> None:
    """Import the students of a school."""


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "site_code", required=True, help="The code of the school.")
@click.option(
    "--map",
    "map_path",
    type=click.Path(exists=True, path_type=Path),
    help="What the columns and codes of the file mean (YAML).",
)
@click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")
def import_file(file: Path, site_code: str, map_path: Path | None, dry_run: bool) -> None:
    """Import the roster FILE (XLSX or CSV); a rejected row refuses the whole file."""
    table = _read(file, map_path)
    with writing():
        site = _site(site_code)
        try:
            work = rosters.plan_import if dry_run else rosters.import_roster
            plan = work(actor=OPERATOR, site=site, table=table)
        except rosters.RosterRefusedError as refused:
            plan = refused.plan
        _stop_on_rejected(plan)
    if table.not_read:
        click.echo(f"Columns left aside: {', '.join(table.not_read)}", err=True)
    click.echo(_summary(plan, dry_run))


def _read(file: Path, map_path: Path | None) -> RosterTable:
    try:
        roster_map = load(RosterMap, map_path) if map_path else RosterMap()
        return read_roster(file.read_bytes(), roster_map)
    except (InstrumentError, RosterFileError) as error:
        raise click.ClickException(str(error)) from None


def _site(code: str) -> Site:
    site = visible_site(OPERATOR, code)
    if site is None:
        known = ", ".join(site.code for site in db.session.scalars(visible_sites(OPERATOR)))
        raise click.ClickException(f"no site has the code “{code}”; there are: {known or 'none'}.")
    return site


def _stop_on_rejected(plan: RosterPlan) -> None:
    rejected = plan.with_outcome(Outcome.REJECTED)
    if not rejected:
        return
    for row in rejected:
        for problem in row.problems:
            click.echo(f"line {row.line}, {problem.column}: {problem}", err=True)
    raise click.ClickException(
        f"{len(rejected)} of {len(plan.rows)} rows are rejected; nothing was imported."
    )


def _summary(plan: RosterPlan, dry_run: bool) -> str:
    counts = ", ".join(f"{plan.counts[outcome]} {word}" for outcome, word in SPOKEN.items())
    lines = [f"{len(plan.rows)} rows: {counts}."]
    lines += [f"“{written}” is taken for {known}." for written, known in plan.read_as.items()]
    if plan.new_classes:
        lines.append(f"New classes: {', '.join(plan.new_classes)}.")
    lines.append("Nothing was written (--dry-run)." if dry_run else "Imported.")
    return "\n".join(lines)
