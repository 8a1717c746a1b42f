"""Column types that many rooms share."""

from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Enum

E = TypeVar("E", bound=StrEnum)


def words(kind: type[E]) -> Enum:
    """An enumeration stored as its words, so that the database reads like the code."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
