"""A real installation begins with a keyring, tables, one administrator and schools that join."""

import pytest
from click.testing import CliRunner

from app.cli import main
from app.platform.crypto import Keyring


@pytest.fixture
def run(tmp_path, monkeypatch):
    """`run("init", …)` in an empty folder of its own."""
    monkeypatch.setenv("XINQIAO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XINQIAO_KEYRING_FILE", str(tmp_path / "keys" / "keyring.json"))
    return lambda *words: CliRunner().invoke(main, list(words))


def test_init_makes_keyring_tables_and_an_account_that_can_log_in(run, tmp_path):
    said = run("init", "--name", "王老师")

    assert said.exit_code == 0, said.output
    assert Keyring.load(tmp_path / "keys" / "keyring.json").current == 1
    assert "One-time password" in said.output


def test_init_changes_nothing_where_people_work_already(run):
    run("init", "--name", "王老师")

    again = run("init", "--name", "李老师")

    assert (again.exit_code, again.output) == (
        1,
        "Error: there are accounts here already; nothing was changed.\n",
    )


def test_school_joins_once(run):
    run("init", "--name", "王老师")

    joined = run("sites", "add", "no1", "第一中学", "--duty-phone", "0371-5550100")
    again = run("sites", "add", "no1", "第二中学")

    assert joined.exit_code == 0
    assert again.output == "Error: another site has the code “no1”.\n"
    assert run("sites", "list").output.split() == ["no1", "第一中学"]


def test_commands_before_init_say_what_to_do(run):
    said = run("sites", "list")

    assert said.exit_code == 1
    assert "xinqiao init" in said.output
