"""Every setting, command and make target is written down where an operator looks."""

import re
from collections.abc import Iterator
from dataclasses import fields

import click
import pytest

from app.cli import main
from app.config import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "operations" / "configuration.md").read_text(encoding="utf-8")


def commands(group: click.Group, words: tuple[str, ...] = ("xinqiao",)) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name))


@pytest.mark.parametrize("field", [field.name for field in fields(Settings)])
def test_setting_is_documented(field: str) -> None:
    assert f"`XINQIAO_{field.upper()}`" in SETTINGS


@pytest.mark.parametrize("command", list(commands(main)))
def test_command_is_documented(command: str) -> None:
    assert command in README


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))

    named = set(re.findall(r"(?:`|^    )make ([a-z0-9-]+)", README, re.MULTILINE))

    assert named - targets == set()
    assert {"run", "test"} <= named
