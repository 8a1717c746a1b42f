"""`xinqiao db`: the tables of the database, brought to where the code expects them."""

import click
from alembic import command
from alembic.config import Config

from app.config import ROOT


@click.group("db")
def db() -> None:
    """Create and change the tables of the database."""


@db.command("upgrade")
def upgrade_tables() -> None:
    """Bring the tables to the newest revision; an embedded database is made when it is missing."""
    upgrade()
    click.echo("The tables are up to date.")


@db.command("revision")
@click.option("-m", "--message", required=True, help="What changes, in a few words.")
def new_revision(message: str) -> None:
    """Write a new migration from the difference between models and database."""
    command.revision(_alembic(), message=message, autogenerate=True)


def upgrade() -> None:
    """Run every migration that the database has not seen."""
    command.upgrade(_alembic(), "head")


def _alembic() -> Config:
    return Config(ROOT / "migrations" / "alembic.ini")
