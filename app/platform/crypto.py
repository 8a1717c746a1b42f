"""Field encryption bound to table, column and row, blind indexes, and the keyring behind both.

A value is stored as ``version(1) key_id(1) nonce(12) ciphertext tag(16)`` under AES-256-GCM with
``table.column.public_id`` as associated data: copied to another row or column it does not open.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from app.platform import ids

VERSION = 1
NONCE_BYTES = 12
HEADER_BYTES = 2


class KeyringError(RuntimeError):
    """The keyring is missing, unreadable or lacks the key a value was written with."""


class DecryptionError(RuntimeError):
    """A stored value does not belong to the row it stands in, or was altered."""


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation; `current` writes, the others only read."""

    current: int
    keys: dict[int, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)

    @classmethod
    def create(cls, path: Path) -> "Keyring":
        """Make a new keyring file (0600); refuse to overwrite one."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        document = {
            "current": 1,
            "keys": {"1": base64.b64encode(secrets.token_bytes(32)).decode()},
            "index_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> "Keyring":
        """Read the keyring; without it nothing personal can be read, so failing is loud."""
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            keys = {int(n): base64.b64decode(key) for n, key in document["keys"].items()}
            index_key = base64.b64decode(document["index_key"])
            return cls(current=document["current"], keys=keys, index_key=index_key)
        except FileNotFoundError as error:
            raise KeyringError(f"no keyring at {path}: set XINQIAO_KEYRING_FILE") from error
        except (ValueError, KeyError, TypeError) as error:
            raise KeyringError(
                f"the keyring at {path} is damaged: restore it from safekeeping"
            ) from error

    def seal(self, plaintext: bytes, bound_to: str) -> bytes:
        """Encrypt `plaintext` so that it opens only where `bound_to` says."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, plaintext, bound_to.encode())
        return bytes([VERSION, self.current]) + nonce + sealed

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """Decrypt, or raise `DecryptionError` when the value is not at home here."""
        key = self.keys.get(sealed[1])
        if key is None:
            raise KeyringError(f"the keyring lacks key {sealed[1]}")
        nonce = sealed[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
        try:
            return AESGCM(key).decrypt(
                nonce, sealed[HEADER_BYTES + NONCE_BYTES :], bound_to.encode()
            )
        except InvalidTag as error:
            raise DecryptionError(
                f"a value of {bound_to.rpartition('.')[0]} does not open"
            ) from error

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose (cookies, blind indexes), stable over rotations."""
        return hmac.digest(self.index_key, purpose.encode(), hashlib.sha256)

    def blind_index(self, purpose: str, value: str) -> bytes:
        """16 bytes by which equal values are found without being readable."""
        folded = unicodedata.normalize("NFKC", value).casefold().strip()
        return hmac.digest(self.derive(f"index:{purpose}"), folded.encode(), hashlib.sha256)[:16]


def keyring() -> Keyring:
    """The running application's keyring."""
    return current_app.extensions["keyring"]  # type: ignore[no-any-return]


T = TypeVar("T", str, date)


class Encrypted(Generic[T]):
    """A readable attribute over a ciphertext column (and, if named, a blind-index column).

    ``name = encrypted_text("name_sealed")`` needs a mapped ``name_sealed`` and ``public_id``; the
    row's ``public_id`` is chosen on first use: the value is bound to its row before the insert.
    """

    def __init__(self, column: str, kind: type[T], index: str | None = None) -> None:
        self.column = column
        self.kind: type[T] = kind
        self.index = index

    @overload
    def __get__(self, row: None, owner: type) -> "Encrypted[T]": ...
    @overload
    def __get__(self, row: object, owner: type) -> T | None: ...
    def __get__(self, row: Any, owner: type) -> "Encrypted[T] | T | None":
        if row is None:
            return self
        return self.open(type(row), row.public_id, getattr(row, self.column))

    def __set__(self, row: Any, value: T | None) -> None:
        if row.public_id is None:
            row.public_id = ids.new_public_id()
        text = value.isoformat() if isinstance(value, date) else value
        setattr(row, self.column, self.seal(type(row), row.public_id, text))
        if self.index:
            setattr(row, self.index, None if text is None else self.look_up(type(row), text))

    def seal(self, owner: Any, public_id: str, text: str | None) -> bytes | None:
        """The ciphertext for the row of that name, where rows are stored without objects."""
        return (
            None if text is None else keyring().seal(text.encode(), self._place(owner, public_id))
        )

    def open(self, owner: Any, public_id: str, sealed: bytes | None) -> T | None:
        """The value in the row of that name, where many rows are read without objects."""
        if sealed is None:
            return None
        text = keyring().open(sealed, self._place(owner, public_id)).decode()
        return text if self.kind is str else date.fromisoformat(text)  # type: ignore[return-value]

    def look_up(self, owner: Any, text: str) -> bytes:
        """The blind index under which `text` is found in this column."""
        return keyring().blind_index(f"{owner.__tablename__}.{self.index}", text)

    def _place(self, owner: Any, public_id: str) -> str:
        return f"{owner.__tablename__}.{self.column}.{public_id}"


def encrypted_text(column: str, index: str | None = None) -> Encrypted[str]:
    """An encrypted string."""
    return Encrypted(column, str, index)


def encrypted_date(column: str) -> Encrypted[date]:
    """An encrypted date; too few values exist to give it a blind index."""
    return Encrypted(column, date)
