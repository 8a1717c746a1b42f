"""Addresses outside the house: what is sent there must not be read on the way."""

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit


def is_sealed(url: str) -> bool:
    """Whether nobody on the way can read along: https, or http that stays on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_here(host)))


@lru_cache(maxsize=1_000)
def is_here(host: str) -> bool:
    """Whether this host is the machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
