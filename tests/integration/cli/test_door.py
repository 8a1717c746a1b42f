"""What the command line says on a machine where something is missing."""

from pathlib import Path

import pytest
from click import ClickException
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from app.cli import main
from app.cli.door import reading
from app.config import Settings
from app.people.models import Student
from app.platform.crypto import Keyring
from app.platform.db import begin_write, db
from tests.factories import people


def test_without_a_keyring_a_command_says_what_sets_one_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XINQIAO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", str(tmp_path / "none.json"))

    result = CliRunner().invoke(main, ["campaigns", "list"])

    assert result.exit_code == 1
    assert "no keyring at" in result.stderr
    assert "“xinqiao init” sets up" in result.stderr


def test_without_tables_a_command_says_what_makes_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Keyring.create(tmp_path / "keyring.json")
    monkeypatch.setenv("XINQIAO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", str(tmp_path / "keyring.json"))
    monkeypatch.delenv("XINQIAO_DATABASE_URL", raising=False)

    result = CliRunner().invoke(main, ["campaigns", "list"])

    assert result.exit_code == 1
    assert "“xinqiao init” makes them" in result.stderr


def test_db_upgrade_makes_the_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Keyring.create(tmp_path / "keyring.json")
    monkeypatch.setenv("XINQIAO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", str(tmp_path / "keyring.json"))
    monkeypatch.delenv("XINQIAO_DATABASE_URL", raising=False)

    upgraded = CliRunner().invoke(main, ["db", "upgrade"])
    listed = CliRunner().invoke(main, ["campaigns", "list", "--json"])

    assert (upgraded.exit_code, upgraded.output) == (0, "The tables are up to date.\n")
    assert (listed.exit_code, listed.output) == (0, "[]\n")


def test_with_another_keyring_a_command_says_which_it_used(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, app: Flask, tmp_path: Path
) -> None:
    with app.app_context():
        begin_write()
        site = people.site()
        name = people.student(people.cohort(site)).name
        db.session.commit()
    other = tmp_path / "other.json"
    Keyring.create(other)
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", str(other))
    monkeypatch.setenv("XINQIAO_DATABASE_URL", settings.sqlalchemy_url)

    with pytest.raises(ClickException) as refusal, reading():
        db.session.scalars(select(Student)).one().name  # noqa: B018 -- opening it is the act

    assert f"another keyring than {other}" in refusal.value.message
    assert name not in refusal.value.message
