"""Reads about instruments, one module a noun; what other rooms ask for is named here."""

from app.authoring.queries.versions import (
    compiled_of,
    current_version,
    instrument_of,
    library,
    proven,
    version_of,
    versions_of,
)

__all__ = [
    "compiled_of",
    "current_version",
    "instrument_of",
    "library",
    "proven",
    "version_of",
    "versions_of",
]
