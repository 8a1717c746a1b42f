"""The command line `xinqiao`: one module a subject, loaded only when it is called."""

import importlib

import click

#: Command → the module whose attribute of the same name it is; help needs no import.
COMMANDS = {
    "campaigns": "campaigns",
    "db": "database",
    "demo": "demo",
    "instruments": "instruments",
    "profiles": "profiles",
    "queue": "queue",
    "responses": "responses",
    "roster": "roster",
    "score": "score",
}


class LazyGroup(click.Group):
    """Imports a command's module when it is called, so that `score` waits for no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"app.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=LazyGroup)
def main() -> None:
    """Xinqiao (心桥): screening, flags and follow-up from the command line."""
