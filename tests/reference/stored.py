"""What other software gave: the JSON that stands beside the tests."""

import json
from pathlib import Path
from typing import Any


def stored(name: str) -> Any:
    """The figures of `name`.json, with package, version and call."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
