"""The command line `xinqiao`: one module a subject, loaded only when it is called."""

import importlib

import click

#: Command → the module that defines it under the same name, and its line in the help.
COMMANDS = {
    "campaigns": ("campaigns", "List campaigns and how far they have come."),
    "db": ("database", "Create or upgrade the database."),
    "demo": ("demo", "Set up the demo district, once."),
    "init": ("init", "Set up an empty installation with its first administrator."),
    "instruments": ("instruments", "List, show and check questionnaires."),
    "lan": ("lan", "Serve a school's own devices over HTTPS from one laptop."),
    "profiles": ("profiles", "Print profile summaries."),
    "queue": ("queue", "List who waits for a counsellor, and what fell silent."),
    "responses": ("responses", "Import answers collected elsewhere."),
    "roster": ("roster", "Import who is expected to answer."),
    "sites": ("sites", "List schools and centres, and let one join."),
    "score": ("score", "Score a table of answers without a database."),
    "swaps": ("swaps", "List slips of a campaign that were probably swapped."),
    "worker": ("worker", "Raise alarms and do what is due, beside the web."),
    "triage": ("triage", "Show and check the rules by which the queue is ordered."),
}


class LazyGroup(click.Group):
    """Imports a command's module when it is called: help and `score` wait for no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"app.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without importing what it lists."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(COMMANDS.items())])


@click.group(cls=LazyGroup)
def main() -> None:
    """Xinqiao (心桥): screening, flags and follow-up from the command line."""
