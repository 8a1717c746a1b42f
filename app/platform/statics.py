"""Files for the browser: joined, packed once, and kept by it for a year.

There is no build step: a file is read, joined and packed when it is first asked for, and rests in
memory from then on. Its address carries its content's hash, so a new version has a new address.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.http import parse_accept_header

YEAR = 365 * 86_400
#: Files that are served as one: old phones pay dearly for every further request.
JOINED = {
    "js/student.js": (
        *("quiet.js", "reader.js", "outbox.js", "seal.js", "saver.js", "carry.js", "beat.js"),
        *("logic.js", "branches.js", "answers.js", "seat.js"),
        "sitting.js",  # begins, so it comes last
    ),
    "js/student-worker.js": ("outbox.js", "worker.js"),
}
#: Best first; the qualities are for files that are packed once, and for pages.
ENCODINGS = ("br", "gzip")
FILE_QUALITY = {"br": 11, "gzip": 9}
PAGE_QUALITY = {"br": 5, "gzip": 6}
#: Below this the frame outweighs what packing saves.
WORTHWHILE = 512
TEXTS = {"text/css", "text/html", "text/javascript", "application/json", "image/svg+xml"}


#: For readers of our files, and a quarter of what would travel: empty lines, indents, and what says
#: why, on a line of its own or behind one. No text of ours runs over lines, so none loses its own.
_FOR_READERS = re.compile(rb"^[ \t]*(?://.*)?\n|[ \t]+// [^'\"`\n]*$|^[ \t]+", re.MULTILINE)
#: Where a line ends so, the next may stand behind it.
_ENDS = re.compile(rb"(?<=[;{,])\n")


@dataclass(frozen=True)
class StaticFile:
    """What is served under one name: its type, its content hash, and the content in each form."""

    mimetype: str
    fingerprint: str
    forms: dict[str, bytes]


def init_app(app: Flask) -> None:
    """Serve `app/static` in our way, and tell templates the addresses."""
    app.view_functions["static"] = serve
    app.jinja_env.globals["static_url"] = static_url


def static_url(filename: str) -> str:
    """The address of a static file, with its content hash: it may be cached for a year."""
    return url_for("static", filename=filename, v=_find(filename).fingerprint)


def serve(filename: str) -> ResponseReturnValue:
    """The file in the shortest form that this browser reads."""
    try:
        found = _find(filename)
    except (OSError, ValueError):
        abort(404)
    encoding = next(iter(accepted()), "")
    response = Response(found.forms.get(encoding, found.forms[""]), mimetype=found.mimetype)
    if encoding in found.forms and encoding:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{found.fingerprint}{encoding}")
    if request.args.get("v") == found.fingerprint:
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response.make_conditional(request)


def pack_page(response: Response) -> None:
    """Pack an HTML page for the way; only for pages on which nothing secret can be guessed.

    Compression leaks what a page says to who may put words of his own on it and watch its length
    (BREACH). Pages of a sitting show nothing that a stranger may choose; the log-in page does, and
    its one secret, the CSRF token, is signed anew each second. Pages of staff echo what was
    searched for, and go unpacked (decision 0009).
    """
    is_packed = "Content-Encoding" in response.headers
    if is_packed or response.mimetype != "text/html" or response.is_streamed:
        return
    response.vary.add("Accept-Encoding")
    encoding = next(iter(accepted()), "")
    page = response.get_data()
    if encoding and len(page) > WORTHWHILE:
        response.set_data(_pack(page, encoding, PAGE_QUALITY[encoding]))
        response.content_encoding = encoding


def accepted() -> tuple[str, ...]:
    """The forms that this browser reads, the shortest first."""
    return _accepted(request.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=256)
def _accepted(said: str) -> tuple[str, ...]:
    accepts = parse_accept_header(said)
    return tuple(encoding for encoding in ENCODINGS if accepts.quality(encoding) > 0)


@cache
def _find(filename: str) -> StaticFile:
    content = _read(filename)
    mimetype = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    forms = {"": content}
    if mimetype in TEXTS and len(content) > WORTHWHILE:
        forms |= {name: _pack(content, name, FILE_QUALITY[name]) for name in ENCODINGS}
    return StaticFile(mimetype, hashlib.sha256(content).hexdigest()[:10], forms)


def _read(filename: str) -> bytes:
    folder = Path(current_app.static_folder or "").resolve()
    if parts := JOINED.get(filename):
        joined = b"\n".join((folder / "js" / part).read_bytes() for part in parts)
        return _ENDS.sub(b"", _FOR_READERS.sub(b"", joined))
    path = (folder / filename).resolve()
    if not path.is_relative_to(folder):
        raise ValueError(filename)
    return path.read_bytes()


@lru_cache(maxsize=256)
def pack(content: bytes, encoding: str) -> bytes:
    """As well as it can be done, for what is the same for everybody: it is kept."""
    return _pack(content, encoding, FILE_QUALITY[encoding])


def _pack(content: bytes, encoding: str, quality: int) -> bytes:
    if encoding == "br":
        packed: bytes = brotli.compress(content, mode=brotli.MODE_TEXT, quality=quality)
        return packed
    return gzip.compress(content, quality, mtime=0)
