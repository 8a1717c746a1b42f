"""`xinqiao demo`: a district to try everything on, set up when it is missing."""

from datetime import datetime, time

import click
from sqlalchemy import delete, select

from app.cli.database import upgrade
from app.cli.door import ensure_keyring, reading
from app.config import Settings
from app.demo.card import card
from app.people.models import User
from app.platform import clock
from app.platform.db import Base, begin_write, db

TEN = time(10)


@click.command()
@click.option("--reset", is_flag=True, help="Wipe the demo and load it anew.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Load it as it would be on that day, the same every time.",
)
def demo(reset: bool, today: datetime | None) -> None:
    """Create database and demo district when missing, and print how to get in."""
    settings = Settings.from_environ()
    ensure_keyring(settings)
    upgrade()
    with reading():
        if reset or not (_has_users(is_demo=True) or _has_users(is_demo=False)):
            click.echo("Loading the demo district; this takes about half a minute …")
            _load(settings, reset, today)
        if _has_users(is_demo=True):
            click.echo(card(settings.base_url))
        else:
            click.echo("This installation is in real use; it gets no demo.")


def _load(settings: Settings, reset: bool, today: datetime | None) -> None:
    from app.demo.load import load  # brings SciPy with it, which a later start does without

    begin_write()
    if reset:
        _wipe()
    now = datetime.combine(today, TEN, settings.timezone) if today else clock.now()
    with clock.frozen(now):
        load(today=clock.today(), library=settings.instruments_dir)
    db.session.commit()


def _wipe() -> None:
    if _has_users(is_demo=False):
        raise click.ClickException("there are accounts of real people here; nothing is wiped.")
    for table in reversed(Base.metadata.sorted_tables):
        db.session.execute(delete(table))


def _has_users(*, is_demo: bool) -> bool:
    return db.session.scalar(select(User.id).where(User.is_demo == is_demo).limit(1)) is not None
