"""Scripts that are written apart and sent as one: a request less on a slow line, and no build."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, url_for

bp = Blueprint("bundles", __name__)

#: What students' pages load, in the order in which it is joined: only functions until the last.
BUNDLES = {
    "student.js": ("outbox.js", "seal.js", "saver.js", "carry.js", "beat.js", "sitting.js"),
    "sw.js": ("outbox.js", "worker.js"),
}
YEAR = 365 * 86_400


@bp.get("/joined/<name>")
def joined(name: str) -> Response:
    """A bundle under its content hash: it may be kept for a year."""
    reply = _reply(name)
    if request.args.get("v") == _hash_of(name):
        reply.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return reply


@bp.get("/sw.js")
def worker() -> Response:
    """The students' worker at the root, whose pages it keeps; browsers look for a new one."""
    return _reply("sw.js")


def bundle_url(name: str) -> str:
    """The address of a bundle, with its content hash."""
    return url_for("bundles.joined", name=name, v=_hash_of(name))


def _reply(name: str) -> Response:
    if name not in BUNDLES:
        abort(404)
    return Response(_text_of(name), mimetype="text/javascript")


def _text_of(name: str) -> str:
    return _join(Path(current_app.static_folder or "") / "js", BUNDLES[name])


def _hash_of(name: str) -> str:
    return sha256(_text_of(name).encode()).hexdigest()[:10] if name in BUNDLES else ""


@cache
def _join(folder: Path, names: tuple[str, ...]) -> str:
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


# The basement does not know the guards, so it says by hand that these two are public.
joined.required = worker.required = None  # type: ignore[attr-defined]
