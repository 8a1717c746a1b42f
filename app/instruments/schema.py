"""Parsed YAML against a model: what does not fit is told in a sentence, at its place."""

import difflib
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.instruments.problems import Problem
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
        problems += [
            _schema_problem(details, root, path, model)
            for details in found
            if details["type"] != "too_short" or details["loc"] not in faulty
        ]
        return None


_WANTED = {
    "string_type": "write text here; put a number or a true/false word in quotes",
    "string_too_short": "write a sentence here",
    "string_too_long": "write a shorter text here",
    "too_short": "there is too little here; add an entry",
    "too_long": "there is too much here; leave entries out",
    "number": "write a number here",
    "greater_than": "write a number above {gt}",
    "greater_than_equal": "write a number from {ge} up",
    "less_than": "write a number below {lt}",
    "less_than_equal": "write a number up to {le}",
    "answer": "write a number, null or refused here",
    "chosen": "write a number or refused here",
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
    name = next((step for step in reversed(location) if isinstance(step, str)), "file")
    place = root.locate(location)
    if kind == "missing":
        message = f"“{name}” is missing here; add a line “{name}: …”."
    elif kind == "extra_forbidden":
        place = root.locate_key(location)
        message = f"the language has no “{name}” here; {_nearest(name, model)}."
    elif kind == "literal_error":
        message = f"“{details['input']}” is none of the words for this; use {context['expected']}."
    elif kind == "string_pattern_mismatch":
        message = _pattern_message(name, details["input"])
    elif kind in _WANTED:
        message = f"“{name}”: {_WANTED[kind].format(**context)}."
    else:
        message = f"“{name}”: {details['msg'][:1].lower()}{details['msg'][1:]}; change it so."
    return Problem(path, *place, message)


def _pattern_message(name: str, given: object) -> str:
    if name in ("file", "image") or name in ("zh_Hans", "en"):
        return f"“{given}” is no file beside this one; write a path such as images/moon.png."
    if name == "version":
        return f"“{given}” is no version; write three numbers in quotes, such as '1.0.0'."
    if name == "[key]":
        return (
            f"“{given}” is no language or code such as zh_Hans, en, total; "
            "put a text with a comma in quotes."
        )
    return f"“{given}” is no code; use lower-case letters, digits and _, starting with a letter."


def _nearest(name: str, model: type[BaseModel]) -> str:
    close = difflib.get_close_matches(name, sorted(_known_words(model)), n=1)
    return f"write “{close[0]}” if you mean that" if close else "remove it, or see the reference"


def _known_words(model: type[BaseModel]) -> set[str]:
    definitions = model.model_json_schema()
    parts = [definitions, *definitions.get("$defs", {}).values()]
    return {word for part in parts for word in part.get("properties", {})}
