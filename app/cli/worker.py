"""`xinqiao worker`: the process beside the web that raises alarms and does what is due."""

import gc
import logging
import signal

import click

from app.cli.door import reading
from app.platform.pdf import available
from app.platform.settings import pdf_engine
from app.platform.worker import Worker


@click.command()
def worker() -> None:
    """Do what is due until the process is asked to end (SIGTERM or Ctrl-C)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    with reading() as app:  # complains in a sentence where there are no tables
        printing = available().reason or f"Prints with {pdf_engine()}."
    working = Worker(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: working.stop())
    click.echo(f"The worker {working.name} has begun. {printing}")
    # What the application is made of stays to the end: never look through it for garbage again.
    gc.freeze()
    working.run()
    click.echo("The worker has ended.")
