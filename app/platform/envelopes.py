"""Envelopes that a device seals to a public key: only the server opens them, the sender cannot.

``version(1) ephemeral public key(65) nonce(12) ciphertext tag(16)``: ECDH over P-256 between a key
pair that the device forgets and one of ours, HKDF-SHA-256 with the ephemeral key as salt,
AES-256-GCM with what the envelope is for as associated data. Our private keys are derived from the
keyring and stored nowhere: a thief of data and device reads nothing without it.
"""

import base64
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.platform.crypto import DecryptionError, keyring

VERSION = 1
POINT_BYTES = 65
NONCE_BYTES = 12
TAG_BYTES = 16
INFO = b"xinqiao envelope 1"

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SEED_BYTES = 48


def public_key(purpose: str) -> str:
    """The key to which devices seal for this purpose, as base64 of the uncompressed point."""
    return _public_key(keyring().derive(f"envelopes:{purpose}"))


def open_envelope(sealed: bytes, *, purpose: str, bound_to: str) -> bytes:
    """What the device said, or `DecryptionError`: damaged, or sealed for something else."""
    try:
        return _open(sealed, keyring().derive(f"envelopes:{purpose}"), bound_to.encode())
    except (InvalidTag, ValueError, IndexError) as error:
        raise DecryptionError("an envelope does not open") from error


def _open(sealed: bytes, secret: bytes, bound_to: bytes) -> bytes:
    if sealed[0] != VERSION or len(sealed) < 1 + POINT_BYTES + NONCE_BYTES + TAG_BYTES:
        raise ValueError("not an envelope")
    point, rest = sealed[1 : 1 + POINT_BYTES], sealed[1 + POINT_BYTES :]
    key = _agreed(_private_key(secret), point)
    return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], bound_to)


def _agreed(ours: ec.EllipticCurvePrivateKey, point: bytes) -> bytes:
    device = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    shared = ours.exchange(ec.ECDH(), device)
    return HKDF(algorithm=SHA256(), length=32, salt=point, info=INFO).derive(shared)


@lru_cache(maxsize=256)
def _public_key(secret: bytes) -> str:
    return base64.b64encode(_point_of(_private_key(secret))).decode()


@lru_cache(maxsize=256)
def _private_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """The same private key for the same secret; 128 bits too many leave no bias (FIPS 186-5)."""
    seed = HKDF(algorithm=SHA256(), length=SEED_BYTES, salt=None, info=b"P-256").derive(secret)
    return ec.derive_private_key(int.from_bytes(seed) % (ORDER - 1) + 1, CURVE)


def _point_of(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
