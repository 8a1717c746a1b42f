"""What travels between browser and server is encrypted, or does not leave this machine (P31).

Whoever has no other way may force it with XINQIAO_ALLOW_PLAIN_HTTP; then every page says so.
"""

from flask import Flask, Response, abort, current_app, request

from app.platform.outside import is_here

YEAR = 365 * 86_400
#: Nothing personal in them: what a balancer asks, and what the page of the refusal is drawn with.
HARMLESS = {"health.alive", "health.ready", "static"}
#: A browser takes a cookie of this name over TLS only, and from no other server of the same site.
HOST_ONLY = "__Host-"


def init_app(app: Flask) -> None:
    """Refuse before anything is read or written; promise TLS on every reply that came by it."""
    app.before_request(_refuse_plain)
    app.after_request(_promise_tls)
    app.jinja_env.globals.update(is_overheard=is_overheard)


def is_overheard() -> bool:
    """Whether this request came readable through a network; a socket file has no address."""
    return not request.is_secure and not is_here(request.remote_addr or "localhost")


def cookie_name(app: Flask, name: str) -> str:
    """What a cookie is called on this installation."""
    return f"{HOST_ONLY}{name}" if app.config["SETTINGS"].is_encrypted else name


def _refuse_plain() -> None:
    if not is_overheard() or request.endpoint in HARMLESS:
        return
    if not current_app.config["SETTINGS"].allow_plain_http:
        abort(403)


def _promise_tls(response: Response) -> Response:
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    return response
