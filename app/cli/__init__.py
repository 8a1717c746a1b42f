"""The command line `xinqiao`: one module a subject, loaded only when it is called."""

import click

from app.cli.lazy import LazyGroup

#: Command → the module that defines it under the same name, and its line in the help.
COMMANDS = {
    "campaigns": ("campaigns", "List campaigns and how far they have come."),
    "db": ("database", "Create or upgrade the database."),
    "demo": ("demo", "Set up the demo district, once."),
    "exports": ("exports", "Export pseudonymised answers for research."),
    "init": ("init", "Set up an empty installation with its first administrator."),
    "instruments": ("instruments", "List, show and check questionnaires."),
    "lan": ("lan", "Serve a school's own devices over HTTPS from one laptop."),
    "profiles": ("profiles", "Print profile summaries."),
    "psychometrics": ("psychometrics", "Judge how exact and how fair a questionnaire is."),
    "queue": ("queue", "List who waits for a counsellor, and what fell silent."),
    "responses": ("responses", "Import answers collected elsewhere."),
    "roster": ("roster", "Import who is expected to answer."),
    "sites": ("sites", "List schools and centres, and let one join."),
    "score": ("score", "Score a table of answers without a database."),
    "swaps": ("swaps", "List slips of a campaign that were probably swapped."),
    "worker": ("worker", "Raise alarms and do what is due, beside the web."),
    "triage": ("triage", "Show and check the rules by which the queue is ordered."),
}


@click.group(cls=LazyGroup, package="app.cli", modules=COMMANDS)
def main() -> None:
    """Xinqiao (心桥): screening, flags and follow-up from the command line."""
