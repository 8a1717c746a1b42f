"""Where the installation keeps its files, for rooms that know no framework."""

from pathlib import Path

from flask import current_app, has_app_context


def data_dir() -> Path:
    """The folder of XINQIAO_DATA_DIR."""
    folder: Path = current_app.config["SETTINGS"].data_dir
    return folder


def pdf_engine() -> str:
    """What prints: the engine of XINQIAO_PDF_ENGINE; where nothing is set up, the usual one."""
    if not has_app_context():
        return "wkhtmltopdf"
    name: str = current_app.config["SETTINGS"].pdf_engine
    return name
