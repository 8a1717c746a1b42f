"""The files a draft begins with when it begins with nothing: short, whole and in order."""

import json
from pathlib import Path

from app.authoring.domain import FILES, Files

_FOLDER = Path(__file__).parent


def blank_files(title: str) -> Files:
    """The blank questionnaire under `title`."""
    texts = {
        name: (_FOLDER / name).read_text(encoding="utf-8")
        for name in FILES
        if (_FOLDER / name).exists()
    }
    quoted = json.dumps(title, ensure_ascii=False)  # a JSON string is a quoted YAML scalar
    return {name: text.replace("TITLE", quoted) for name, text in texts.items()}
