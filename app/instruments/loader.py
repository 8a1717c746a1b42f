"""Instruments read from text: every fault of a file is reported with its place and its mend."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from app.instruments import strict_yaml
from app.instruments.examples import ExampleFile
from app.instruments.expand import Expander
from app.instruments.media import Media, check_media, from_texts, media_of, read_media
from app.instruments.model import Instrument, InstrumentSource
from app.instruments.norms import NormFile
from app.instruments.origin import Location, Origin
from app.instruments.problems import InstrumentError, Problem
from app.instruments.said import said
from app.instruments.schema import M, build
from app.instruments.strict_yaml import Node
from app.instruments.validate import check_examples, check_instrument
from app.instruments.validate_norms import check_norm_file

__all__ = [
    "InstrumentError",
    "Library",
    "Problem",
    "load_instrument",
    "load_library",
    "parse_instrument",
    "read_instrument",
    "stored_instrument",
]

Library = Mapping[str, Instrument]
INSTRUMENT_FILE, EXAMPLES_FILE, NORMS_FILE = "instrument.yaml", "examples.yaml", "norms.yaml"
NOTHING: Media = {}


def load_library(folder: Path) -> Library:
    """Read every instrument of `folder`; raise with the faults of all files together."""
    library: dict[str, Instrument] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob(f"[!_.]*/{INSTRUMENT_FILE}")):
        try:
            instrument = load_instrument(path)
        except InstrumentError as error:
            problems.extend(error.problems)
            continue
        library[instrument.code] = instrument
    if problems:
        raise InstrumentError(problems)
    return library


def load_instrument(path: Path) -> Instrument:
    """Read the instrument at `path` (its folder or its instrument.yaml) with its companions."""
    path = path / INSTRUMENT_FILE if path.is_dir() else path
    instrument = parse_instrument(
        strict_yaml.decode(path.read_bytes(), str(path)),
        examples=_companion(path, EXAMPLES_FILE),
        norms=_companion(path, NORMS_FILE),
        media=read_media(path.parent),
        path=str(path),
    )
    problems = [instrument.origin.problem(*found) for found in _check_folder(instrument, path)]
    if problems:
        raise InstrumentError(problems)
    return instrument


def parse_instrument(
    text: str,
    *,
    examples: str | None = None,
    norms: str | None = None,
    media: Media = NOTHING,
    path: str = INSTRUMENT_FILE,
) -> Instrument:
    """Read an instrument from stored text; `path` names it in messages."""
    instrument, problems = read_instrument(
        text, examples=examples, norms=norms, media=media, path=path
    )
    if problems or instrument is None:
        raise InstrumentError(problems)
    return instrument


def read_instrument(
    text: str,
    *,
    examples: str | None = None,
    norms: str | None = None,
    media: Media = NOTHING,
    path: str = INSTRUMENT_FILE,
) -> tuple[Instrument | None, list[Problem]]:
    """Read as much of an instrument as there is, with every fault; with any it must not serve."""
    problems: list[Problem] = []
    root = strict_yaml.read(text, path, problems)
    if root is not None:
        Expander(path, problems).expand(root)
    is_whole = root is not None and not problems
    instrument = build(Instrument, root, path, problems)
    worked, examples_root = _companion_file(ExampleFile, examples, path, EXAMPLES_FILE, problems)
    tables, norms_root = _companion_file(NormFile, norms, path, NORMS_FILE, problems)
    if instrument is not None and root is not None:
        instrument._source = InstrumentSource(text, examples, norms, media_of(instrument, media))
        instrument._examples = worked.examples if worked else ()
        instrument._norms = tables.norms if tables else ()
        origin = Origin(path, root, _beside(path, EXAMPLES_FILE), examples_root)
        instrument._origin = origin
        if worked is not None and worked.instrument != instrument.code:
            message = said(
                "these are examples of another one; write “{code}”.", code=instrument.code
            )
            problems.append(origin.example_problem(("instrument",), message))
        if tables is not None and norms_root is not None:
            problems += _norm_problems(tables, norms_root, path, instrument.code)
        if is_whole:  # what is not written out yet would be missed everywhere else
            problems += [origin.problem(*found) for found in check_instrument(instrument)]
            problems += [origin.problem(*found) for found in check_media(instrument, media)]
            problems += [origin.example_problem(*found) for found in check_examples(instrument)]
    return instrument, problems


def stored_instrument(files: Mapping[str, str], path: str = INSTRUMENT_FILE) -> Instrument:
    """The instrument that these files are, as a published version or a draft keeps them."""
    return parse_instrument(
        files[INSTRUMENT_FILE],
        examples=files.get(EXAMPLES_FILE),
        norms=files.get(NORMS_FILE),
        media=from_texts(files),
        path=path,
    )


def _check_folder(instrument: Instrument, path: Path) -> Iterator[tuple[Location, str]]:
    """Yield what does not fit the folder: its name."""
    if path.name == INSTRUMENT_FILE and path.parent.resolve().name != instrument.code:
        yield (
            ("code",),
            said(
                "the folder and the code differ; name the folder “{instrument}”.",
                instrument=instrument.code,
            ),
        )


def _companion(path: Path, name: str) -> str | None:
    beside = path.with_name(name)
    return strict_yaml.decode(beside.read_bytes(), str(beside)) if beside.exists() else None


def _beside(path: str, name: str) -> str:
    return str(Path(path).with_name(name))


def _norm_problems(tables: NormFile, root: Node, path: str, code: str) -> Iterator[Problem]:
    for location, message in check_norm_file(tables, code):
        yield Problem(_beside(path, NORMS_FILE), *root.locate(location), message)


def _companion_file(
    model: type[M], text: str | None, path: str, name: str, problems: list[Problem]
) -> tuple[M | None, Node | None]:
    if text is None:
        return None, None
    path = _beside(path, name)
    root = strict_yaml.read(text, path, problems)
    return build(model, root, path, problems), root
