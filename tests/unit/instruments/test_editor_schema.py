import json
from pathlib import Path

import pytest

from app.instruments.editor_schema import SCHEMAS, editor_schema

FOLDER = Path(__file__).parents[3] / "instruments" / "_schema"


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_schemas_beside_the_library_are_up_to_date(kind: str):
    written = json.loads((FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8"))

    assert written == editor_schema(SCHEMAS[kind])


def test_short_forms_are_allowed():
    definitions = editor_schema(SCHEMAS["instrument"])["$defs"]

    assert definitions["Scale"]["properties"]["items"]["anyOf"][0]["type"] == "string"
    assert definitions["Item"]["oneOf"] == [{"required": ["code"]}, {"required": ["codes"]}]
