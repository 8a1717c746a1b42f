"""The command line's door: one application, one transaction, complaints in plain sentences."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy import inspect

from app import create_app
from app.config import Settings, SettingsError
from app.platform.audit import AuditEvent
from app.platform.crypto import DecryptionError, Keyring, KeyringError
from app.platform.db import begin_write, db


def open_app() -> Flask:
    """The application as the environment sets it up; what is missing is said in a sentence."""
    try:
        return create_app()
    except (SettingsError, KeyringError) as error:
        raise click.ClickException(
            f"{error}. “xinqiao init” sets up a new installation, “xinqiao demo” one to try."
        ) from None


def ensure_keyring(settings: Settings) -> None:
    """Make the keyring of a new installation, and say what it means to lose it."""
    path = settings.keyring_file
    if path.exists():
        return
    Keyring.create(path)
    click.echo(f"A new keyring was made: {path}")
    click.echo(
        "Names and notes open with it alone: whoever loses it has lost the data. Back it up."
    )


@contextmanager
def reading() -> Iterator[Flask]:
    """Inside the application, to look."""
    app = open_app()
    with app.app_context():
        try:
            _require_tables()
            yield app
        except (DecryptionError, KeyringError) as error:
            used = app.config["SETTINGS"].keyring_file
            raise click.ClickException(
                f"{error}: these data were written with another keyring than {used}. "
                "Set XINQIAO_KEYRING_FILE to the one that belongs to them."
            ) from error
        finally:
            # A server's connections are handed back, not left to be noticed as gone.
            db.session.remove()
            db.engine.dispose()


def _require_tables() -> None:
    if not inspect(db.engine).has_table(AuditEvent.__tablename__):
        raise click.ClickException(
            "the database has no tables yet: “xinqiao init” makes them, “xinqiao demo” sets up a "
            "whole trial."
        )


@contextmanager
def writing() -> Iterator[Flask]:
    """Inside the application, to change: committed once at the end, or not at all."""
    with reading() as app:
        begin_write()
        yield app
        db.session.commit()
