"""Instruments read from text: every fault of a file is reported with its place and its mend."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.instruments import strict_yaml
from app.instruments.examples import Example, ExampleFile
from app.instruments.expand import Expander
from app.instruments.model import Instrument, InstrumentSource
from app.instruments.origin import Origin
from app.instruments.problems import InstrumentError, Problem
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

M = TypeVar("M", bound=BaseModel)


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
        path=str(path),
    )
    if path.name == INSTRUMENT_FILE and path.parent.resolve().name != instrument.code:
        message = f"the folder and the code differ; name the folder “{instrument.code}”."
        raise InstrumentError([instrument.origin.problem(("code",), message)])
    return instrument


def parse_instrument(
    text: str, *, examples: str | None = None, path: str = INSTRUMENT_FILE
) -> Instrument:
    """Read an instrument from stored text; `path` names it in messages."""
    problems: list[Problem] = []
    root = strict_yaml.read(text, path, problems)
    if root is not None:
        Expander(path, problems).expand(root)
    instrument = _build(Instrument, root, path, problems)
    worked, examples_root = _parse_examples(examples, path, problems)
    if instrument is not None and root is not None:
        origin = Origin(path, root, _beside(path, EXAMPLES_FILE), examples_root)
        instrument = _attach(instrument, InstrumentSource(text, examples), worked, origin)
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


def _attach(
    instrument: Instrument,
    source: InstrumentSource,
    examples: tuple[Example, ...],
    origin: Origin,
) -> Instrument:
    instrument._source = source
    instrument._examples = examples
    instrument._origin = origin
    return instrument


def _parse_examples(
    text: str | None, path: str, problems: list[Problem]
) -> tuple[tuple[Example, ...], Node | None]:
    if text is None:
        return (), None
    path = _beside(path, EXAMPLES_FILE)
    root = strict_yaml.read(text, path, problems)
    parsed = _build(ExampleFile, root, path, problems)
    return (parsed.examples if parsed else ()), root


def _build(model: type[M], root: Node | None, path: str, problems: list[Problem]) -> M | None:
    if root is None:
        return None
    try:
        return model.model_validate(root.plain())
    except ValidationError as error:
        problems += [_schema_problem(details, root, path, model) for details in error.errors()]
        return None


_WANTED = {
    "string_type": "write text here; put a number or a true/false word in quotes",
    "int_type": "write a whole number here",
    "int_from_float": "write a whole number here",
    "float_type": "write a number here",
    "bool_type": "write true or false here",
    "tuple_type": "write a list here, one entry a line with “- ” before it",
    "dict_type": "write keys and values here, one “key: value” a line",
    "model_type": "write keys and values here, one “key: value” a line",
    "model_attributes_type": "write keys and values here, one “key: value” a line",
}


def _schema_problem(
    details: ErrorDetails, root: Node, path: str, model: type[BaseModel]
) -> Problem:
    location, kind = details["loc"], details["type"]
    context: dict[str, Any] = details.get("ctx", {})
    name = location[-1] if location else "file"
    place = root.locate(location)
    if kind == "missing":
        message = f"“{name}” is missing here; add a line “{name}: …”."
    elif kind == "extra_forbidden":
        place = root.locate_key(location)
        message = f"the language has no “{name}” here; {_nearest(str(name), model)}."
    elif kind == "literal_error":
        message = f"“{details['input']}” is none of the words for this; use {context['expected']}."
    elif kind == "string_pattern_mismatch":
        message = _pattern_message(str(name), details["input"])
    elif kind in _WANTED:
        message = f"“{name}”: {_WANTED[kind]}."
    else:
        message = f"“{name}”: {details['msg'][:1].lower()}{details['msg'][1:]}; change it so."
    return Problem(path, *place, message)


def _pattern_message(name: str, given: object) -> str:
    if name == "version":
        return f"“{given}” is no version; write three numbers in quotes, such as '1.0.0'."
    if name == "[key]":
        return f"“{given}” is no language or code; write one such as zh_Hans, en, total."
    return f"“{given}” is no code; use lower-case letters, digits and _, starting with a letter."


def _nearest(name: str, model: type[BaseModel]) -> str:
    close = difflib.get_close_matches(name, sorted(_known_words(model)), n=1)
    return f"did you mean “{close[0]}”?" if close else "remove it or look it up in the reference"


def _known_words(model: type[BaseModel]) -> set[str]:
    definitions = model.model_json_schema()
    parts = [definitions, *definitions.get("$defs", {}).values()]
    return {word for part in parts for word in part.get("properties", {})}
