"""A student's device that seals what it keeps, written after the script, not after the server."""

import base64
import json
import os
import re
import uuid
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True)
class Device:
    """What a page has told the script: to which campaign and key it seals, and its ticket."""

    to: str
    key: str
    ticket: str
    assent: str = ""

    @classmethod
    def with_page(cls, page: str, **more: str) -> "Device":
        """The device on which this page was opened."""
        return cls(*(_data(page, name) for name in ("to", "key", "ticket")), **more)

    def seal(self, said: dict[str, Any], **other: Any) -> dict[str, str]:
        """One answer or deed in its envelope."""
        inside = {"ticket": self.ticket, "assent": self.assent, "said": said} | other
        sealed = sealed_to(self.key, json.dumps(inside).encode(), f"{self.to}.{said['id']}")
        data = base64.b64encode(sealed).decode()
        return {"id": said["id"], "to": self.to, "data": data}


def sealed_to(key: str, plain: bytes, bound_to: str) -> bytes:
    """The envelope of `app.platform.envelopes`, from the device's side."""
    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(key))
    shared = own.exchange(ec.ECDH(), server)
    secret = HKDF(SHA256(), 32, salt=point, info=b"xinqiao envelope 1").derive(shared)
    nonce = os.urandom(12)
    return b"\x01" + point + nonce + AESGCM(secret).encrypt(nonce, plain, bound_to.encode())


def answer(name: str, **said: Any) -> dict[str, Any]:
    """An answer under a new id."""
    return {"id": str(uuid.uuid4()), "name": name, **said}


def deed(do: str) -> dict[str, Any]:
    """A deed under a new id."""
    return {"id": str(uuid.uuid4()), "do": do}


def _data(page: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', page)
    assert found, name
    return found[1]
