"""`xinqiao init`: an installation for real use, with nobody in it but its administrator."""

import click
from sqlalchemy import select

from app.access.actor import OPERATOR
from app.access.permissions import Role
from app.authoring.service import publish_library
from app.cli.database import upgrade
from app.cli.door import ensure_keyring, writing
from app.config import Settings
from app.people.models import User
from app.people.service.accounts import Post, open_account
from app.platform.db import db


@click.command()
@click.option("--login", default="admin", show_default=True, help="Log-in of the administrator.")
@click.option("--name", required=True, help="Name of the administrator, as colleagues see it.")
def init(login: str, name: str) -> None:
    """Make keyring and tables, publish the library, open the first administrator's account."""
    settings = Settings.from_environ()
    ensure_keyring(settings)
    upgrade()
    with writing():
        if db.session.scalar(select(User.id).limit(1)) is not None:
            raise click.ClickException("there are accounts here already; nothing was changed.")
        publish_library(actor=OPERATOR, folder=settings.instruments_dir)
        opened = open_account(
            actor=OPERATOR, login=login, name=name, posts=[Post(Role.ADMINISTRATOR)]
        )
    click.echo(f"Log in at {settings.base_url}/login as {login}")
    click.echo(f"One-time password (shown only now): {opened.password}")
    click.echo("Next: “xinqiao sites add CODE NAME”, then staff accounts and rosters at the desk.")
