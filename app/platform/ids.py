"""Opaque names: public ids, link tokens and the codes that a student types."""

import secrets
import unicodedata

# No 0/O, 1/I/L: a code is read aloud and typed by children.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8


def new_public_id() -> str:
    """22 URL-safe characters, 128 bits: safe to show in an address."""
    return secrets.token_urlsafe(16)


def new_code(length: int = CODE_LENGTH) -> str:
    """Characters that can be typed without being mistaken for another."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def normalise_code(typed: str) -> str:
    """A typed code without blanks and dashes, in capitals (full-width digits folded)."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in folded if character.isalnum())
