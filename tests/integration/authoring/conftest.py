"""A copy of the shipped library that a test may change."""

import shutil
from pathlib import Path

import pytest

from app.config import ROOT


@pytest.fixture
def library_copy(tmp_path: Path) -> Path:
    """Three shipped instruments in a folder of the test's own."""
    for code in ("gad7", "phq9", "who5"):
        shutil.copytree(ROOT / "instruments" / code, tmp_path / "library" / code)
    return tmp_path / "library"
