"""Pages that are the same for everybody but for a few values: written once, with holes for those.

To write a page costs the processor more than to store what was answered on it. So it is written
with a mark where a value of this one visitor belongs (a ticket, the CSRF token), kept in memory,
and only the marks are filled in for each visitor.

Nothing has to be invalidated: everything that the page shows is part of the key under which it is
kept, so that who changes a notice or chooses another language gets another page. While it is
written, request, session and log-in are out of reach: what belongs to one visitor cannot be kept.

It is packed once as well, around the holes: between its packed texts the visitor's own values
travel as they are. Packing costs the processor nothing for each visitor, and no secret shares a
packed text with what somebody else may have put on the page (BREACH, decision 0009).
"""

import re
import secrets
import struct
import zlib
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, zip_longest

from flask import Response, render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from app.platform import statics
from app.platform.i18n import choose_locale
from app.platform.web import Reply
from app.platform.wire import is_overheard

#: Drawn anew in every process: no text that somebody wrote contains it.
_MARK = secrets.token_hex(16)
_HOLES = re.compile(rf"{_MARK}(\w+){_MARK}")
_CSRF = "csrf_token"
_NOBODYS = dict.fromkeys(("request", "session", "g", "current_user"))
#: Pages in memory; of a page of a hundred items 60 kB are kept.
_MOST = 256
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
#: What travels unpacked says its length in two bytes.
_LONGEST = 0xFFFF
#: Takes the place of a hole while a page is packed: no text contains it, so none refers to it.
_NO_TEXT = b"\xff"


@dataclass(frozen=True)
class _Stencil:
    """Texts and, between them, the names of what is filled in."""

    texts: tuple[bytes, ...]
    holes: tuple[str, ...]


def hole(name: str) -> str:
    """What stands for a value of the visitor's own while the page is written."""
    return f"{_MARK}{name}{_MARK}"


def render(template: str, own: Mapping[str, str] | None = None, **shown: Hashable) -> Response:
    """The page with the visitor's own values in their holes; `shown` is the same for everybody."""
    key = (choose_locale(), request.root_path, is_overheard(), tuple(shown.items()))
    stencil = _written(template, *key)
    values = dict(own or {})
    if _CSRF in stencil.holes:
        values[_CSRF] = generate_csrf()
    filled = [str(escape(values[name])).encode() for name in stencil.holes]
    page, ways = _join(stencil.texts, filled), statics.accepted()
    if ways and not any(filled):
        return _reply(statics.pack(page, ways[0]), ways[0])
    if "gzip" not in ways or any(len(value) > _LONGEST for value in filled):
        return Reply(page, mimetype="text/html")
    return _reply(_pack(_packed(stencil, tuple(map(len, filled))), filled, page), "gzip")


def _reply(packed: bytes, encoding: str) -> Response:
    headers = {"Content-Encoding": encoding, "Vary": "Accept-Encoding"}
    return Reply(packed, headers=headers, mimetype="text/html")


def _join(texts: Iterable[bytes], filled: Iterable[bytes]) -> bytes:
    return b"".join(chain.from_iterable(zip_longest(texts, filled, fillvalue=b"")))


def _pack(packed: Iterable[bytes], filled: Iterable[bytes], page: bytes) -> bytes:
    """The gzip file of the page."""
    return _GZIP_HEAD + _join(packed, filled) + struct.pack("<II", zlib.crc32(page), len(page))


@lru_cache(maxsize=_MOST)
def _packed(stencil: _Stencil, lengths: tuple[int, ...]) -> tuple[bytes, ...]:
    """The texts packed, each with the head of the unpacked block that follows it (RFC 1951).

    What is said later is packed as a reference to what was said before, so many bytes back: holes
    of the same lengths stand in the way while it is packed.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, memLevel=9)
    packed = []
    for text, length in zip(stencil.texts, lengths, strict=False):
        piece = packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH)
        packed.append(piece + struct.pack("<BHH", 0, length, length ^ _LONGEST))
        packer.compress(_NO_TEXT * length)
        packer.flush(zlib.Z_SYNC_FLUSH)
    packed.append(packer.compress(stencil.texts[-1]) + packer.flush())
    return tuple(packed)


@lru_cache(maxsize=_MOST)
def _written(
    template: str,
    _locale: str,
    _root: str,
    _is_overheard: bool,
    shown: tuple[tuple[str, Hashable], ...],
) -> _Stencil:
    page = render_template(template, **_NOBODYS, csrf_token=lambda: hole(_CSRF), **dict(shown))
    texts = _HOLES.split(page)
    return _Stencil(tuple(text.encode() for text in texts[::2]), tuple(texts[1::2]))
