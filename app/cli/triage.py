"""`xinqiao triage`: what the rules say, and whether a file of rules may be used."""

import json
from pathlib import Path

import click

from app.instruments.problems import InstrumentError
from app.triage.rulebook import STANDARD_FILE, load_override, load_rules, standard
from app.triage.rules import RuleBook

FileArgument = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def triage() -> None:
    """Show and check the rules by which the queue is ordered."""


@triage.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def show(as_json: bool) -> None:
    """Print the rules in their order, with who has signed them."""
    book = standard()
    if as_json:
        click.echo(json.dumps(_as_data(book), ensure_ascii=False, indent=2))
        return
    signed = ", ".join(book.reviewed_by) or "nobody: a clinician must sign these rules"
    click.echo(f"{book.name} ({book.status}); signed by {signed}\n")
    for rule in book.rules:
        lane = rule.travels.value if rule.travels else "-"
        head = f"{rule.code:<18} {rule.level.value:<9} {lane:<9} {rule.channel.value:<10}"
        click.echo(f"{head} {rule.term}")
        click.echo(f"{'':<18} {rule.because} [{rule.source}]")
    for known in book.history:
        what = "one level up" if known.one_level_up else "same level"
        click.echo(f"{known.code:<18} {what}, {known.term or 'same term'}, {known.months} months")
        click.echo(f"{'':<18} {known.because} [{known.source}]")


@triage.command("check")
@click.argument("file", required=False, type=FileArgument)
@click.option("--site", is_flag=True, help="FILE holds what one site does sooner.")
def check(file: Path | None, site: bool) -> None:
    """Check the rules, or those in FILE, and say at which line what is wrong."""
    path = file or STANDARD_FILE
    try:
        book = load_override(path, standard()) if site else load_rules(path)
    except InstrumentError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        raise click.exceptions.Exit(1) from None
    click.echo(f"{book.name} ({book.status}): {len(book.rules)} rules, all in order.")


def _as_data(book: RuleBook) -> dict[str, object]:
    return {
        "code": book.code,
        "version": book.version,
        "status": book.status,
        "reviewed_by": book.reviewed_by,
        "rules": [
            {
                "code": rule.code,
                "kinds": sorted(rule.kinds),
                "level": rule.level,
                "lane": rule.travels,
                "channel": rule.channel,
                "within": str(rule.term),
                "because": rule.because,
                "source": rule.source,
            }
            for rule in book.rules
        ],
        "history": [
            {
                "code": known.code,
                "months": known.months,
                "one_level_up": known.one_level_up,
                "within": str(known.term or ""),
                "because": known.because,
                "source": known.source,
            }
            for known in book.history
        ],
    }
