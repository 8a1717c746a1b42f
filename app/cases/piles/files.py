"""What lies on the disk between the steps of a printing: sealed, whole or not there at all."""

import os
import shutil
from pathlib import Path

from app.platform.crypto import keyring
from app.platform.settings import data_dir

FOLDER = "prints"
WHOLE = "whole"


def write(run: str, name: str, content: bytes) -> None:
    """Keep `content` under this name; a machine that falls over meanwhile leaves no half file."""
    folder = _folder(run)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(keyring().seal(content, _place(run, name)))
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / name)


def read(run: str, name: str) -> bytes:
    """What was kept under this name."""
    return keyring().open((_folder(run) / name).read_bytes(), _place(run, name))


def has(run: str, name: str) -> bool:
    """Whether there is such a file."""
    return (_folder(run) / name).exists()


def remove(run: str, *names: str) -> None:
    """Forget these files, or without names everything of this printing."""
    if not names:
        shutil.rmtree(_folder(run), ignore_errors=True)
    for name in names:
        (_folder(run) / name).unlink(missing_ok=True)


def _folder(run: str) -> Path:
    return data_dir() / FOLDER / run


def _place(run: str, name: str) -> str:
    return f"print_runs.file.{run}/{name}"
