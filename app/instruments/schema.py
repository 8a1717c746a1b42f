"""Parsed YAML against a model: what does not fit is told in a sentence, at its place."""

import difflib
import unicodedata
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.instruments import strict_yaml
from app.instruments.problems import InstrumentError, Problem
from app.instruments.said import mark, said
from app.instruments.strict_yaml import Node

M = TypeVar("M", bound=BaseModel)


def build(model: type[M], root: Node | None, path: str, problems: list[Problem]) -> M | None:
    """Return `root` as a `model`, or None after adding every misfit to `problems`."""
    if root is None:
        return None
    try:
        return model.model_validate(root.plain())
    except ValidationError as error:
        found = error.errors()
        faulty = {
            details["loc"][:depth] for details in found for depth in range(len(details["loc"]))
        }
        noted = {(problem.path, problem.line, problem.column) for problem in problems}
        told = [
            _schema_problem(details, root, path, model)
            for details in found
            if details["type"] != "too_short" or details["loc"] not in faulty
        ]
        # What reading has noted about a value already is not told a second time.
        problems += [one for one in told if (one.path, one.line, one.column) not in noted]
        return None


def load(model: type[M], path: Path) -> M:
    """Read the YAML file at `path` as a `model`; raise `InstrumentError` with every fault."""
    problems: list[Problem] = []
    root = strict_yaml.read(strict_yaml.decode(path.read_bytes(), str(path)), str(path), problems)
    found = build(model, root, str(path), problems)
    if problems or found is None:
        raise InstrumentError(problems)
    return found


_WANTED = {
    "string_type": mark("write text here; put a number or a true/false word in quotes"),
    "string_too_short": mark("write a sentence here"),
    "string_too_long": mark("this text is too long; keep it under {max_length} letters"),
    "too_short": mark("there is too little here; add an entry"),
    "too_long": mark("there is too much here; leave entries out"),
    "number": mark("write a number here"),
    "greater_than": mark("write a number above {gt}"),
    "greater_than_equal": mark("write a number from {ge} up"),
    "less_than": mark("write a number below {lt}"),
    "less_than_equal": mark("write a number up to {le}"),
    "answer": mark("write a number, null or refused here"),
    "chosen": mark("write a number or refused here"),
    "int_type": mark("write a whole number here"),
    "int_from_float": mark("write a whole number here"),
    "float_type": mark("write a number here"),
    "bool_type": mark("write true or false here"),
    "loinc": mark("a digit of this LOINC code is mistyped; copy the code once more"),
    "tuple_type": mark("write a list here, one entry a line with “- ” before it"),
    "dict_type": mark("write keys and values here, one “key: value” a line"),
    "model_type": mark("write keys and values here, one “key: value” a line"),
    "model_attributes_type": mark("write keys and values here, one “key: value” a line"),
}

#: Names that tell two shapes of one value apart and stand in no file.
_SHAPES = frozenset({"listed", "named"})
_NUMBERS = frozenset({"number", "answer", "chosen", "int_type", "float_type"})


def _schema_problem(
    details: ErrorDetails, root: Node, path: str, model: type[BaseModel]
) -> Problem:
    location, kind = details["loc"], details["type"]
    context: dict[str, Any] = details.get("ctx", {})
    steps = [step for step in location if isinstance(step, str) and step not in _SHAPES]
    name = steps[-1] if steps else ""
    place = root.locate(location)
    message: str
    if kind == "missing":
        message = said("“{name}” is missing here; add a line “{name}: …”.", name=name)
    elif kind == "extra_forbidden":
        place = root.locate_key(location)
        message = said(
            "the language has no “{name}” here; {nearest}.",
            name=name,
            nearest=_nearest(name, model),
        )
    elif kind == "literal_error":
        message = said(
            "“{given}” is none of the words for this; use one of: {expected}.",
            given=details["input"],
            expected=context["expected"].replace(" or ", ", ").replace("'", ""),
        )
    elif kind == "string_pattern_mismatch" or name == "version":
        message = _pattern_message(name, details["input"])
    elif (narrow := _narrow(details["input"])) is not None and kind in _NUMBERS:
        message = said(
            "“{given}” is written in full-width characters; write {narrow}.",
            given=details["input"],
            narrow=narrow,
        )
    elif not location and kind == "model_type":
        first = next(iter(model.model_fields))
        message = said("nothing is written here yet; begin with a line “{key}: …”.", key=first)
    elif kind in _WANTED:
        message = said("“{name}”: {wanted}.", name=name, wanted=said(_WANTED[kind], **context))
    else:
        told = f"{details['msg'][:1].lower()}{details['msg'][1:]}"
        message = said("“{name}”: this does not fit ({told}).", name=name, told=told)
    return Problem(path, *place, message)


def _narrow(given: object) -> str | None:
    """Return a text without full-width characters, or None where it has none."""
    narrow = unicodedata.normalize("NFKC", given) if isinstance(given, str) else given
    return narrow if isinstance(narrow, str) and narrow != given else None


def _pattern_message(name: str, given: object) -> str:
    if name in ("file", "image"):
        return said(
            "“{given}” is no picture beside this file; write a path such as images/moon.png, "
            "in small letters and digits, to a PNG, JPEG or WebP file.",
            given=given,
        )
    if name in ("zh_Hans", "en"):
        return said(
            "“{given}” is no recording beside this file; write a path such as audio/q1_zh.mp3, "
            "in small letters and digits, to an MP3 or M4A file.",
            given=given,
        )
    if name == "version":
        return said(
            "“{given}” is no version; write three numbers in quotes, such as '1.0.0'.", given=given
        )
    if name == "[key]":
        return said(
            "“{given}” is no language or code such as zh_Hans, en, total; put a "
            "text with a comma in quotes.",
            given=given,
        )
    return said(
        "“{given}” is no code; use lower-case letters, digits and _, starting with a letter.",
        given=given,
    )


def _nearest(name: str, model: type[BaseModel]) -> str:
    known = _known_words(model)
    if name in known:
        return said("it belongs to another part, so check the indent of this line")
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return (
        said("write “{word}” if you mean that", word=close[0])
        if close
        else said("remove it, or see the reference")
    )


def _known_words(model: type[BaseModel]) -> set[str]:
    definitions = model.model_json_schema()
    parts = [definitions, *definitions.get("$defs", {}).values()]
    return {word for part in parts for word in part.get("properties", {})}
