"""What the command line says on a machine where something is missing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.platform.crypto import Keyring


def test_without_a_keyring_a_command_says_what_sets_one_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XINQIAO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", str(tmp_path / "none.json"))

    result = CliRunner().invoke(main, ["campaigns", "list"])

    assert result.exit_code == 1
    assert "no keyring at" in result.stderr
    assert "“xinqiao demo” sets up" in result.stderr


def test_without_tables_a_command_says_what_makes_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Keyring.create(tmp_path / "keyring.json")
    monkeypatch.setenv("XINQIAO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", str(tmp_path / "keyring.json"))
    monkeypatch.delenv("XINQIAO_DATABASE_URL", raising=False)

    result = CliRunner().invoke(main, ["campaigns", "list"])

    assert result.exit_code == 1
    assert "“xinqiao db upgrade” makes them" in result.stderr


def test_db_upgrade_makes_the_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Keyring.create(tmp_path / "keyring.json")
    monkeypatch.setenv("XINQIAO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", str(tmp_path / "keyring.json"))
    monkeypatch.delenv("XINQIAO_DATABASE_URL", raising=False)

    upgraded = CliRunner().invoke(main, ["db", "upgrade"])
    listed = CliRunner().invoke(main, ["campaigns", "list", "--json"])

    assert (upgraded.exit_code, upgraded.output) == (0, "The tables are up to date.\n")
    assert (listed.exit_code, listed.output) == (0, "[]\n")
