"""A published version as the beginning of the next one."""

import re
from collections.abc import Sequence

from app.authoring.domain import Files
from app.instruments.loader import INSTRUMENT_FILE

_VERSION = re.compile(r"^version:.*$", re.MULTILINE)


def copied_files(files: Files, taken: Sequence[str]) -> Files:
    """The files under a version number that is not taken: the next minor one of the highest.

    Only that line changes; layout and comments are those of the author before.
    """
    major, minor, _patch = max(tuple(map(int, version.split("."))) for version in taken)
    line = f"version: '{major}.{minor + 1}.0'"
    return {**files, INSTRUMENT_FILE: _VERSION.sub(line, files[INSTRUMENT_FILE], count=1)}
