"""Where tests keep their data: a copied SQLite file, or a copied PostgreSQL database."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg

from app import create_app
from app.config import Settings
from app.platform.db import begin_write, db

#: Nothing has to survive, and a caretaker would go round hundreds of databases without end.
HURRIED = "".join(
    f" -c {setting}=off"
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
)


class Databases(Protocol):
    """Gives each test a database of its own, with all tables and no rows."""

    def fresh(self, folder: Path) -> Settings:
        """Settings of a new installation in `folder`."""


def create_tables(settings: Settings) -> None:
    """All tables of all rooms."""
    app = create_app(settings)
    with app.app_context():
        begin_write()
        db.session.rollback()
        db.create_all()
        db.session.remove()
        db.engine.dispose()


class SqliteFiles:
    """One empty file, made once and copied for each test."""

    def __init__(self, folder: Path, keyring: Path) -> None:
        self.keyring = keyring
        self.template = folder / "xinqiao.db"
        create_tables(Settings(data_dir=folder, keyring_file=keyring))

    def fresh(self, folder: Path) -> Settings:
        shutil.copy(self.template, folder / "xinqiao.db")
        return Settings(data_dir=folder, keyring_file=self.keyring)


def postgres_programs() -> Path | None:
    """The folder with initdb and pg_ctl, where Debian puts it."""
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@dataclass
class PostgresServer:
    """A server that listens on a socket in its own folder and nowhere else."""

    programs: Path
    folder: Path
    #: Tests are in a hurry; what is measured must keep what it commits.
    durable: bool = False

    def start(self) -> None:
        data = self.folder / "data"
        if os.geteuid() == 0:  # initdb refuses root
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=200"
        options += "" if self.durable else HURRIED
        self._run("pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def restart(self, mode: str) -> None:
        """As an administrator does it ("fast"), or as after a crash ("immediate")."""
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", mode, "restart")

    def sql(self, statement: str) -> None:
        """One statement that stands in no transaction, like CREATE DATABASE."""
        where = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def _run(self, program: str, *words: object) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_postgres, str(self.programs / program), *map(str, words)],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )


class PostgresDatabases:
    """One empty database, made once and copied by the server for each test.

    A copy takes some ten megabytes: the one of the test before goes when the next is made.
    """

    def __init__(self, server: PostgresServer, keyring: Path) -> None:
        self.server, self.keyring = server, keyring
        self.numbers = count(1)
        server.sql("CREATE DATABASE template_xinqiao")
        create_tables(Settings(database_url=server.url("template_xinqiao"), keyring_file=keyring))

    def fresh(self, folder: Path) -> Settings:
        number = next(self.numbers)
        name = f"test{number}"
        self.server.sql(f"DROP DATABASE IF EXISTS test{number - 1} WITH (FORCE)")
        self.server.sql(f"CREATE DATABASE {name} TEMPLATE template_xinqiao")
        return Settings(
            data_dir=folder, database_url=self.server.url(name), keyring_file=self.keyring
        )
