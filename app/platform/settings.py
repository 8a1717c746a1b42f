"""Where the installation keeps its files, for rooms that know no framework."""

from pathlib import Path

from flask import current_app


def data_dir() -> Path:
    """The folder of XINQIAO_DATA_DIR."""
    folder: Path = current_app.config["SETTINGS"].data_dir
    return folder
