"""A large file at rest: sealed piece by piece, so that neither side needs it in memory.

Each piece is bound to the file, to its number and to whether it is the last: a file that was cut,
put together of two or whose pieces changed places does not open.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from app.platform.crypto import DecryptionError, keyring

PIECE_BYTES = 1 << 20
_LENGTH = struct.Struct(">I")


def seal_file(plain: Path, target: Path, bound_to: str) -> None:
    """Write `plain` sealed to `target`, which has its name only when it is whole."""
    part = target.with_name(f"{target.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with plain.open("rb") as source, os.fdopen(descriptor, "wb") as sealed:
        number, piece = 0, source.read(PIECE_BYTES)
        while True:
            following = source.read(PIECE_BYTES)
            closed = keyring().seal(piece, _place(bound_to, number, is_last=not following))
            sealed.write(_LENGTH.pack(len(closed)) + closed)
            if not following:
                break
            number, piece = number + 1, following
        sealed.flush()
        os.fsync(sealed.fileno())
    part.replace(target)


def open_file(path: Path, bound_to: str) -> Iterator[bytes]:
    """What was sealed, piece by piece; raises where the file is not whole or not at home here."""
    with path.open("rb") as sealed:
        number, closed = 0, _piece(sealed)
        if not closed:
            raise DecryptionError("a sealed file is cut short")
        while closed:
            following = _piece(sealed)
            yield keyring().open(closed, _place(bound_to, number, is_last=not following))
            number, closed = number + 1, following


def _piece(sealed: BinaryIO) -> bytes:
    """The next piece as it lies there; empty at the end."""
    head = sealed.read(_LENGTH.size)
    if not head:
        return b""
    if len(head) < _LENGTH.size:
        raise DecryptionError("a sealed file is cut short")
    length = _LENGTH.unpack(head)[0]
    closed = sealed.read(length)
    if not closed or len(closed) < length:
        raise DecryptionError("a sealed file is cut short")
    return closed


def _place(bound_to: str, number: int, *, is_last: bool) -> str:
    return f"{bound_to}.{number}{'.last' if is_last else ''}"
