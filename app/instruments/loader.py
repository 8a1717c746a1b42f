"""Instruments read from text: every fault of a file is reported with its place and its mend."""

from collections.abc import Mapping
from pathlib import Path

from app.instruments import strict_yaml
from app.instruments.examples import ExampleFile
from app.instruments.expand import Expander
from app.instruments.model import Instrument, InstrumentSource
from app.instruments.norms import NormFile
from app.instruments.origin import Origin
from app.instruments.problems import InstrumentError, Problem
from app.instruments.schema import M, build
from app.instruments.strict_yaml import Node
from app.instruments.validate import check_examples, check_instrument

__all__ = [
    "InstrumentError",
    "Library",
    "Problem",
    "load_instrument",
    "load_library",
    "parse_instrument",
]

Library = Mapping[str, Instrument]
INSTRUMENT_FILE, EXAMPLES_FILE, NORMS_FILE = "instrument.yaml", "examples.yaml", "norms.yaml"


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
        path=str(path),
    )
    if path.name == INSTRUMENT_FILE and path.parent.resolve().name != instrument.code:
        message = f"the folder and the code differ; name the folder “{instrument.code}”."
        raise InstrumentError([instrument.origin.problem(("code",), message)])
    return instrument


def parse_instrument(
    text: str,
    *,
    examples: str | None = None,
    norms: str | None = None,
    path: str = INSTRUMENT_FILE,
) -> Instrument:
    """Read an instrument from stored text; `path` names it in messages."""
    problems: list[Problem] = []
    root = strict_yaml.read(text, path, problems)
    if root is not None:
        Expander(path, problems).expand(root)
    instrument = build(Instrument, root, path, problems)
    worked, examples_root = _companion_file(ExampleFile, examples, path, EXAMPLES_FILE, problems)
    tables, _ = _companion_file(NormFile, norms, path, NORMS_FILE, problems)
    if instrument is not None and root is not None:
        instrument._source = InstrumentSource(text, examples, norms)
        instrument._examples = worked.examples if worked else ()
        instrument._norms = tables.norms if tables else ()
        origin = Origin(path, root, _beside(path, EXAMPLES_FILE), examples_root)
        instrument._origin = origin
        problems += [origin.problem(*found) for found in check_instrument(instrument)]
        problems += [origin.example_problem(*found) for found in check_examples(instrument)]
    if problems or instrument is None:
        raise InstrumentError(problems)
    return instrument


def _companion(path: Path, name: str) -> str | None:
    beside = path.with_name(name)
    return strict_yaml.decode(beside.read_bytes(), str(beside)) if beside.exists() else None


def _beside(path: str, name: str) -> str:
    return str(Path(path).with_name(name))


def _companion_file(
    model: type[M], text: str | None, path: str, name: str, problems: list[Problem]
) -> tuple[M | None, Node | None]:
    if text is None:
        return None, None
    path = _beside(path, name)
    root = strict_yaml.read(text, path, problems)
    return build(model, root, path, problems), root
