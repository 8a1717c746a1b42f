"""How the command line writes a file that somebody named."""

from pathlib import Path

import click


def write_file(path: Path, text: str) -> None:
    """Write `text`; a file that is there is replaced."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None
