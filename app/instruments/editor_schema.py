"""JSON Schema of the language, so that editors complete words and underline mistakes.

The schema describes what people write, short forms included; `check` says more than any schema can.
"""

from typing import Any

from pydantic import BaseModel

from app.instruments.examples import ExampleFile
from app.instruments.model import Instrument
from app.instruments.norms import NormFile

SCHEMAS: dict[str, type[BaseModel]] = {
    "instrument": Instrument,
    "examples": ExampleFile,
    "norms": NormFile,
}
_RUN = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*\.\.[a-z][a-z0-9_]*$"}


def editor_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of `model` with the short forms that a file may use."""
    schema = model.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    if model is Instrument:
        _allow_short_forms(schema["$defs"])
    return schema


def _allow_short_forms(definitions: dict[str, Any]) -> None:
    """Allow runs of items, named option sets, and groups of items that share their keys."""
    for name in ("Scale", "Section"):
        for key in ("items", "reverse"):
            if key in definitions[name]["properties"]:
                listed = definitions[name]["properties"][key]
                definitions[name]["properties"][key] = {"anyOf": [_RUN, listed]}
    item = definitions["Item"]
    item["properties"]["options"] = {
        "anyOf": [{"type": "string"}, item["properties"]["options"]],
        "description": "a list of options, or the name of an option set",
    }
    item["properties"]["codes"] = {"type": "string", "description": "a run such as q1..q100"}
    item["required"] = [name for name in item["required"] if name != "code"]
    item["oneOf"] = [{"required": ["code"]}, {"required": ["codes"]}]
