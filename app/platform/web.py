"""The door of every request: one transaction, strict headers, plain errors."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from flask import (
    Flask,
    Request,
    Response,
    current_app,
    g,
    make_response,
    render_template,
    request,
    session,
)
from flask.ctx import RequestContext
from flask.sessions import NullSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import Headers, ImmutableMultiDict
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
    UnprocessableEntity,
)
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import UnicodeConverter
from werkzeug.utils import cached_property

from app.platform import beats, i18n, postgres, statics, wire
from app.platform.db import begin_write, db, is_out_of_reach, is_overtaken
from app.platform.heard import Heard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    f"{directive} {source}"
    for directive, source in {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "media-src": "'self' data:",
        "connect-src": "'self'",
        "frame-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }.items()
)
#: For a page that stands in a frame of ours: a student's page as its author sees it.
FRAMED_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
#: On every answer, whoever gives it.
HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
#: On pages beside; a style sheet opens no window and asks for no camera, and each byte is paid for.
PAGE_HEADERS = [
    *HEADERS,
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
]
View = TypeVar("View", bound=Callable[..., Any])

OK = 200
STATIC = "/static/"
#: A file, or that the browser's own copy of it still holds.
FOUND = ("200", "304")
MOST_PAGES = 100_000
#: Bytes of a form with long texts: three files of 256 KB, where a Chinese letter takes nine bytes.
LONG_FORM = 4 * 2**20
OUR_TIMES = range(1900, 2200)


class _Sessions(SecureCookieSessionInterface):
    """Flask's own sessions of one application; their signer is built once, not twice a request."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


_NO_COOKIES: ImmutableMultiDict[str, str] = ImmutableMultiDict()
#: Stands for the session of a request that nobody has asked for; Flask does not write such a one.
_UNREAD = NullSession()


class _Context(RequestContext):
    """A request whose session cookie is opened by whoever asks for it: most students' are not."""

    @property
    def session(self) -> SessionMixin:
        """The session, with its signature checked when it is first asked for."""
        if self._session is _UNREAD:
            self._session = self.app.session_interface.open_session(self.app, self.request)
        return super().session


class Asking(Request):
    """Flask's request; where no cookie came none is sought among the headers."""

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """What the browser keeps for us; of a visitor of an open link that is nothing."""
        return super().cookies if "HTTP_COOKIE" in self.environ else _NO_COOKIES


class Word(UnicodeConverter):
    """A part of an address; none of ours has the sign that PostgreSQL takes in no text."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.regex = self.regex.replace("[^/]", r"[^/\0]")


class Reply(Response):
    """Flask's response, of which a whole page with its length goes out as it stands."""

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """Only redirects, empty answers and streams have headers still to be worked out."""
        if self.status_code == OK and "Content-Length" in self.headers:
            return self.headers
        return super().get_wsgi_headers(environ)


class Application(Flask):
    """Flask, without what none of our requests needs."""

    request_class = Asking
    response_class = Reply
    json_provider_class = Heard

    def wsgi_app(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """What every answer carries is added at the very door, where adding costs nothing."""

        of_files = environ["PATH_INFO"].startswith(STATIC)

        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            ours = HEADERS if of_files and status.startswith(FOUND) else PAGE_HEADERS
            return start_response(status, headers + ours, *failure)

        return super().wsgi_app(environ, start)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: no view and no hook is a coroutine, so nobody has to look at each call."""
        return func

    def dispatch_request(self) -> ResponseReturnValue:
        """The view's answer; whom another writer has overtaken is heard once more.

        So is whose connection to the database died. What was begun is undone first. Files are not
        read a second time.
        """
        try:
            return self._hear()
        except (DBAPIError, StaleDataError) as stopped:
            is_undone = is_overtaken(stopped) or postgres.is_cut_off(stopped)
            if not is_undone or request.files:
                raise
        db.session.rollback()
        session.pop("_flashes", None)  # what the next page says was not done
        begin_write()
        return self._hear()

    def _hear(self) -> ResponseReturnValue:
        answer = super().dispatch_request()
        if getattr(_view(), "counts_once", False):
            # Where the connection dies in the commit nobody knows what was kept: they are heard
            # again, and it is not left to the door.
            db.session.commit()
        else:
            # Whoever is overtaken in the commit is past being heard again.
            db.session.flush()
        return answer

    def request_context(self, environ: "WSGIEnvironment") -> RequestContext:
        """The request, its session unread."""
        return _Context(self, environ, session=_UNREAD)


def init_app(app: Flask) -> None:
    """Put the door in place; the first hook in and the last one out is the transaction."""
    app.session_interface = _Sessions()
    app.url_map.converters.update(default=Word, string=Word)
    _believe_proxies(app, app.config["SETTINGS"].trusted_proxies)
    statics.init_app(app)
    wire.init_app(app)
    app.before_request(_make_room)
    app.before_request(_open_transaction)
    app.after_request(_set_headers)
    app.after_request(_close_transaction)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(PermissionError, _show_denied)
    app.register_error_handler(Exception, _show_failure)
    app.jinja_env.globals.update(alarm_silence=beats.silence_to_show)


def _believe_proxies(app: Flask, count: int) -> None:
    """Take the visitor's address from our own proxies, and from nobody where there are none."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def is_write() -> bool:
    """Whether this request may change something: unsafe methods, and views that audit a read."""
    return request.method not in {"GET", "HEAD", "OPTIONS"} or getattr(_view(), "audits", False)


def _is_open(view: object) -> bool:
    """Whether this page needs no account: the pages of students, and log-in."""
    return getattr(view, "required", ...) is None


def framed(view: View) -> View:
    """Let a view stand in a frame of our own pages; no other page stands in any."""
    view.framed = True  # type: ignore[attr-defined]
    return view


def long_form(view: View) -> View:
    """Let a view take a form of long texts, written by somebody who has an account."""
    view.long_form = True  # type: ignore[attr-defined]
    return view


def counts_once(view: View) -> View:
    """Let a view be heard again where nobody knows what was kept: what it is told twice is once."""
    view.counts_once = True  # type: ignore[attr-defined]
    return view


def _view() -> object:
    return current_app.view_functions.get(request.endpoint or "")


def page_number() -> int:
    """Which page of a long list the address asks for; without sense it is the first."""
    return min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)


def asked_day(name: str) -> date | None:
    """The day that the address asks for; nothing where it is no day of our times."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if day.year in OUR_TIMES else None


def _make_room() -> None:
    """Before anybody reads the form: the check for its token does."""
    if getattr(_view(), "long_form", False):
        request.max_form_memory_size = LONG_FORM


def _open_transaction() -> None:
    if request.endpoint != "static" and is_write():
        begin_write()


def _close_transaction(response: Response) -> Response:
    if g.pop("failed", False):
        db.session.rollback()
        return response
    try:
        if db.session().in_transaction():
            db.session.commit()
    except DBAPIError as error:
        return make_response(_show_failure(error))
    return response


def _set_headers(response: Response) -> Response:
    view = _view()
    if request.endpoint == "static" and response.mimetype != "text/html":
        return response
    framed = getattr(view, "framed", False)
    response.headers["Content-Security-Policy"] = (
        FRAMED_POLICY if framed else CONTENT_SECURITY_POLICY
    )
    if response.cache_control.max_age is None:
        # Personal pages must not stay in a shared phone's or computer room's cache, nor printed
        # ones: the "no-cache" of `send_file` lets a copy rest there.
        response.headers["Cache-Control"] = "no-store"
    if _is_open(view):
        statics.pack_page(response)
    return response


def _show_error(error: HTTPException) -> ResponseReturnValue:
    """An error page in the reader's words; what the request had begun is undone."""
    if error.code is None or error.code < 400:  # noqa: PLR2004 -- a redirect is not an error
        return error
    g.failed = True
    db.session.rollback()
    page = render_template("errors/error.html", code=error.code, description=error.description)
    return make_response(page, error.code)


def _show_denied(_error: PermissionError) -> ResponseReturnValue:
    """What is not yours looks exactly like what is not there."""
    return _show_error(NotFound())


def _show_failure(error: Exception) -> ResponseReturnValue:
    g.failed = True
    db.session.rollback()
    session.pop("_flashes", None)  # what the next page says was not done
    if current_app.testing:
        raise error
    current_app.logger.error("request failed: %s", request.endpoint, exc_info=error)
    if isinstance(error, DataError):  # nobody types what no column takes
        return _show_error(UnprocessableEntity())
    if not is_out_of_reach(error):
        return _show_error(InternalServerError())
    i18n.speak_to_a_stranger()
    return _show_error(ServiceUnavailable())
