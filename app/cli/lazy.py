"""A group of commands that imports a command's module only when it is called."""

import importlib
from collections.abc import Mapping
from typing import Any

import click

#: Command → the module that defines it under the same name, and its line in the help.
Commands = Mapping[str, tuple[str, str]]


class LazyGroup(click.Group):
    """Help waits for nothing, `score` for no database, reliability for no web framework."""

    def __init__(self, *args: Any, package: str, modules: Commands, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.package = package
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, sorted."""
        return sorted(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in self.modules:
            return None
        module = importlib.import_module(f"{self.package}.{self.modules[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without importing what it lists."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(self.modules.items())])
