"""Log-in, log-out, changing roles, and the start page.

GET  /           home
GET  /login      login
POST /login      log_in
POST /logout     log_out
POST /act-as     act_as
GET  /password   password
POST /password   change_password
"""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user

from app.access.guards import current_actor, public, requires
from app.access.permissions import Permission, Role
from app.access.rail import my_rail
from app.people.forms import LoginForm, PasswordForm
from app.people.models import User
from app.people.queries import demo_users
from app.people.routes.blueprint import bp
from app.people.service import logins
from app.platform import clock
from app.platform.db import begin_write
from app.platform.i18n import LOGIN
from app.platform.outside import is_here

#: Writing "seen" at every click would make every read a write; a few minutes are fine enough.
SEEN_EVERY = timedelta(minutes=5)
POLL = "X-Poll"

login_manager = LoginManager()


@bp.record_once
def _set_up(state):  # type: ignore[no-untyped-def] # Flask's own signature
    # Not by its own `init_app`: that would open every session, a student's at every answer too, for
    # a cookie that we never set. Who reads a page is looked up where it says so.
    state.app.login_manager = login_manager
    state.app.jinja_env.globals["current_user"] = current_user
    # Its protection marks sessions that none of our guards asks about, at every student's answer.
    login_manager.session_protection = None


@login_manager.request_loader  # type: ignore[untyped-decorator] # Flask-Login has no types
def load_user(_request: object) -> User | None:
    """The person behind this browser's session, in the role chosen for it, or nobody."""
    login_session = logins.find_session(session.get(LOGIN, ""))
    settings = current_app.config["SETTINGS"]
    if login_session is None or not logins.is_live(login_session, settings):
        return None
    # What a page asks by itself is no sign of a person: a desk left alone is still logged out.
    is_poll = POLL in request.headers
    if not is_poll and clock.now() - login_session.seen_at > SEEN_EVERY:
        begin_write()
        logins.touch(login_session)
    g.actor = logins.actor_of(login_session.user, login_session.role)
    return login_session.user


@bp.get("/")
@requires(Permission.USE_DESK)
def home() -> ResponseReturnValue:
    """Straight to what this role works with first."""
    stops = [stop for stretch in my_rail() for stop in stretch.stops]
    return redirect(url_for(stops[0].endpoint)) if stops else render_template("people/home.html")


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    """The log-in page; on the demo's own machine it names the demo accounts."""
    if current_user.is_authenticated:
        return redirect(url_for("people.home"))
    return _login_page(LoginForm())


@bp.post("/login")
@public
def log_in() -> ResponseReturnValue:
    """Check the password and open a session."""
    form = LoginForm()
    if not form.validate_on_submit():
        return _login_page(form), 422
    try:
        ticket = logins.log_in(
            login=form.login.data,
            password=form.password.data,
            address=request.remote_addr or "",
            on_loopback=_on_loopback(),
        )
    except logins.LoginThrottledError:
        flash(_("Too many attempts. Please wait a quarter of an hour, then try again."), "error")
        return _login_page(form), 429
    except logins.LoginRefusedError:
        flash(_("Login or password is not right. Please check both and try again."), "error")
        return _login_page(form), 422
    session.clear()
    session[LOGIN] = ticket.token
    return redirect(_safe_next() or url_for("people.home"))


@bp.post("/logout")
@requires(Permission.USE_DESK)
def log_out() -> ResponseReturnValue:
    """End the session here and on the server."""
    logins.log_out(token=session.get(LOGIN, ""), actor=current_actor())
    session.pop(LOGIN, None)  # not before: the request may be heard twice
    return redirect(url_for("people.login"))


@bp.post("/act-as")
@requires(Permission.USE_DESK)
def act_as() -> ResponseReturnValue:
    """Go on in another role."""
    try:
        role = Role(request.form.get("role", ""))
    except ValueError:
        abort(404)
    logins.act_as(token=session[LOGIN], actor=current_actor(), role=role)
    return redirect(url_for("people.home"))


@bp.get("/password")
@requires(Permission.USE_DESK)
def password() -> ResponseReturnValue:
    """Choose a password of one's own."""
    return render_template("people/password.html", form=PasswordForm())


@bp.post("/password")
@requires(Permission.USE_DESK)
def change_password() -> ResponseReturnValue:
    """Check the old password and take the new one."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            logins.change_password(
                actor=current_actor(),
                token=session[LOGIN],
                old=form.old.data,
                new=form.new.data,
            )
        except logins.LoginRefusedError:
            form.old.errors = [_("This is not your password until now.")]
        else:
            flash(_("Your new password holds from now on."), "success")
            return redirect(url_for("people.home"))
    return render_template("people/password.html", form=form), 422


@bp.before_app_request
def _ask_for_own_password() -> ResponseReturnValue | None:
    """A one-time password opens one page of the desk only: the one where it is replaced."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.endpoint in _OPEN_BEFORE_OWN_PASSWORD or not getattr(view, "required", None):
        return None
    if current_user.is_authenticated and current_user.must_change_password:
        return redirect(url_for("people.password"))
    return None


_OPEN_BEFORE_OWN_PASSWORD = {"people.password", "people.change_password", "people.log_out"}


def _login_page(form: LoginForm) -> str:
    accounts = demo_users() if _on_loopback() else []
    return render_template("people/login.html", form=form, demo_accounts=accounts)


def _on_loopback() -> bool:
    """Whether the visitor sits at this machine.

    Behind a proxy every visitor seems to, so the installation's own address counts as well.
    """
    ours = urlsplit(current_app.config["SETTINGS"].base_url).hostname or ""
    return is_here(ours) and is_here(request.remote_addr or "")


def _safe_next() -> str | None:
    """The page asked for before logging in, if it is one of ours."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if local and not parts.netloc else None
