"""`xinqiao instruments`: what the library holds, and whether a file is fit to be served."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from app.cli.library import compile_code, compile_file, instrument_files, library_folder
from app.instruments.diff import differences
from app.instruments.editor_schema import SCHEMAS, editor_schema
from app.instruments.loader import load_instrument
from app.instruments.model import Instrument
from app.instruments.problems import InstrumentError
from app.instruments.scales import Scale


@click.group()
def instruments() -> None:
    """List, show and check questionnaires."""


@instruments.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one array of objects.")
def list_instruments(as_json: bool) -> None:
    """Print the instruments of the library."""
    library = [compile_code(path.parent.name) for path in instrument_files(library_folder())]
    rows = [_summary(compiled.instrument) for compiled in library]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row['code']:<14} {row['items']:>3} items  ages {row['ages']:<6} {row['title']}"
        )


@instruments.command("show")
@click.argument("code")
def show_instrument(code: str) -> None:
    """Print one instrument: ages, scales, bands, flags, languages, licence."""
    compiled = compile_code(code)
    for name, value in _summary(compiled.instrument).items():
        if name != "bands":
            shown = ", ".join(value) if isinstance(value, list) else value
            click.echo(f"{name + ':':<14}{shown}")
    for scale in compiled.instrument.scales:
        click.echo(f"\n{_scale_line(scale, len(compiled.formulas.leaves[scale.code]))}")
        for line in (*_band_lines(scale), *_cutoff_lines(scale)):
            click.echo(f"  {line}")


def _scale_line(scale: Scale, items: int) -> str:
    parts = f"scales {', '.join(scale.scales)}" if scale.scales else f"{items} items"
    method = scale.method.replace("_", " ")
    reversed_items = f", reversed {', '.join(scale.reverse)}" if scale.reverse else ""
    return (
        f"{scale.code}: {scale.title.get('en')}, {method} of {parts}{reversed_items}, "
        f"{scale.range[0]:g} to {scale.range[1]:g}, missing: {scale.missing.rule}"
    )


def _band_lines(scale: Scale) -> Iterator[str]:
    for rule in scale.rules:
        yield f"{rule.band} ({rule.score:g}): {rule.when or 'otherwise'}"
    for entry in scale.bands:
        yield f"bands “{entry.set}” ({entry.source}; {entry.population})"
        for band in entry.bands:
            start = "the lowest" if band.start is None else f"{band.start:g}"
            end = "" if band.end is None else f" to {band.end:g}"
            yield f"  {band.code}: from {start}{end}"


def _cutoff_lines(scale: Scale) -> Iterator[str]:
    for cutoff in scale.cutoffs:
        bound = (
            f"at least {cutoff.at_least:g}"
            if cutoff.at_least is not None
            else f"at most {cutoff.at_most:g}"
        )
        yield f"cut-off “{cutoff.set}”: {bound} ({cutoff.source}; {cutoff.population})"


@instruments.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check_instruments(paths: tuple[Path, ...]) -> None:
    """Check files or folders, by default the whole library, and run their worked examples."""
    files = [file for path in paths or (library_folder(),) for file in _files(path)]
    if not files:
        raise click.ClickException("there is no instrument.yaml here.")
    problems = [problem for file in files for problem in _problems(file)]
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.exceptions.Exit(1)
    click.echo(f"{len(files)} checked, all in order.")


@instruments.command("diff")
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
def diff_instruments(old: Path, new: Path) -> None:
    """Say in words what differs between two versions (files or folders)."""
    try:
        before, after = load_instrument(old), load_instrument(new)
    except InstrumentError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{before.code} {before.version} → {after.code} {after.version}")
    for sentence in differences(before, after) or ["no difference"]:
        click.echo(f"  {sentence}")


@instruments.command("schema")
@click.argument("kind", type=click.Choice(sorted(SCHEMAS)), default="instrument")
def print_schema(kind: str) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    click.echo(json.dumps(editor_schema(SCHEMAS[kind]), ensure_ascii=False, indent=2))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    own = path / "instrument.yaml"
    return [own] if own.is_file() else instrument_files(path)


def _problems(file: Path) -> list[str]:
    try:
        compile_file(file)
    except InstrumentError as error:
        return [str(problem) for problem in error.problems]
    return []


def _summary(instrument: Instrument) -> dict[str, object]:
    return {
        "code": instrument.code,
        "title": instrument.title.get(),
        "version": instrument.version,
        "ages": str(instrument.ages),
        "items": len(instrument.items),
        "scales": [scale.code for scale in instrument.scales],
        "bands": {scale.code: list(scale.band_codes) for scale in instrument.scales},
        "flags": list(instrument.flag_codes),
        "languages": list(instrument.languages),
        "licence": instrument.licence.name or instrument.licence.terms,
    }
