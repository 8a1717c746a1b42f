"""`xinqiao sites`: the schools and centres of this installation."""

from typing import Any

import click

from app.access.actor import OPERATOR
from app.cli.door import reading, writing
from app.people.domain import ADULT_AGE, CONSENT_AGE, SiteKind
from app.people.queries import visible_sites
from app.people.service.sites import SiteTakenError, add_site
from app.platform.db import db


@click.group()
def sites() -> None:
    """Schools and centres."""


@sites.command("list")
def list_sites() -> None:
    """Code and name of every site."""
    with reading():
        for site in db.session.scalars(visible_sites(OPERATOR)):
            click.echo(f"{site.code:<16} {site.name}")


@sites.command("add")
@click.argument("code")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in SiteKind]),
    default=SiteKind.SCHOOL.value,
    show_default=True,
)
@click.option("--duty-phone", help="What the help page shows its students first.")
@click.option("--room", "counselling_room", help="Where counselling happens.")
@click.option("--hospital", "hospital_name", help="Where a student in danger is taken.")
@click.option("--hospital-phone", help="Its telephone number.")
@click.option("--guardian-rule", help="Who calls guardians and when, in a sentence.")
@click.option(
    "--consent-age",
    type=click.IntRange(CONSENT_AGE, ADULT_AGE),
    default=CONSENT_AGE,
    show_default=True,
    help="Under it a guardian must consent.",
)
def add(code: str, name: str, kind: str, **facts: Any) -> None:
    """Let a school or centre join."""
    with writing():
        try:
            add_site(actor=OPERATOR, code=code, name=name, kind=SiteKind(kind), **facts)
        except SiteTakenError:
            raise click.ClickException(f"another site has the code “{code}”.") from None
    click.echo(f"{name} has joined as {code}.")
