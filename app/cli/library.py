"""Where the command line finds instruments, and how it says what is wrong with them."""

import os
from pathlib import Path

import click

from app.instruments.loader import InstrumentError, load_instrument
from app.scoring import CompiledInstrument, compile_instrument


def library_folder() -> Path:
    """Return the library folder: XINQIAO_INSTRUMENTS_DIR, or the one beside the package."""
    chosen = os.environ.get("XINQIAO_INSTRUMENTS_DIR")
    return Path(chosen) if chosen else Path(__file__).parents[2] / "instruments"


def instrument_files(folder: Path) -> list[Path]:
    """Return the instrument files of a library folder, sorted by code."""
    return sorted(folder.glob("[!_.]*/instrument.yaml"))


def compile_file(path: Path) -> CompiledInstrument:
    """Read, check and prove one instrument."""
    return compile_instrument(load_instrument(path))


def compile_code(code: str) -> CompiledInstrument:
    """Return the instrument called `code`; stop with its faults or the codes there are."""
    folder = library_folder()
    path = folder / code / "instrument.yaml"
    if path not in instrument_files(folder):
        known = ", ".join(file.parent.name for file in instrument_files(folder))
        raise click.ClickException(f"no instrument is called “{code}”; there are: {known}.")
    try:
        return compile_file(path)
    except InstrumentError as error:
        raise click.ClickException(str(error)) from None
