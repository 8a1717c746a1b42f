"""Languages: which one a page speaks, and the words around it."""

from datetime import date, datetime
from functools import lru_cache

from flask import Flask, Response, current_app, g, has_request_context, request, session
from flask_babel import Babel, format_date, format_datetime, get_locale, gettext, refresh
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LOCALES = ("zh_Hans", "en")
COOKIE = "lang"
#: Where a session keeps its login; who has none need not be looked up.
LOGIN = "ticket"


def init_app(app: Flask) -> None:
    """Let Babel ask `choose_locale`, and translations lie beside the app."""
    app.config.update(
        BABEL_DEFAULT_LOCALE=app.config["SETTINGS"].default_locale,
        BABEL_DEFAULT_TIMEZONE=app.config["SETTINGS"].timezone.key,
        BABEL_TRANSLATION_DIRECTORIES="../translations",
    )
    Babel(app, locale_selector=choose_locale)
    app.after_request(_remember_choice)
    app.jinja_env.filters.update(
        as_day=as_day,
        as_date=as_date,
        as_moment=as_moment,
        as_full_moment=as_full_moment,
        as_near_day=as_near_day,
    )
    app.jinja_env.globals.update(
        current_locale=choose_locale, locales=LOCALES, lang_tag=lang_tag, as_days=as_days, gap=gap
    )


def choose_locale() -> str:
    """The person's choice, then the page's (an invitation's), then the browser's, then default.

    The command line and the worker speak the installation's own.
    """
    if not has_request_context():
        return str(current_app.config["SETTINGS"].default_locale)
    if "locale" not in g:
        g.locale = (
            _asked_for()
            or normalise(request.cookies.get(COOKIE))
            or (_has_login() and normalise(getattr(current_user, "locale", None)))
            or normalise(g.get("page_locale"))
            or _from_browser()
            or current_app.config["SETTINGS"].default_locale
        )
    chosen: str = g.locale
    return chosen


def _asked_for() -> str | None:
    """What the address asks for; most ask for nothing at all."""
    return normalise(request.args.get("lang")) if request.query_string else None


def _has_login() -> bool:
    """Whether to look somebody up; who brings no session is not even asked for one."""
    if "is_stranger" in g:
        return False
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies and LOGIN in session


def speak_to_a_stranger() -> None:
    """Whoever reads this page is not looked up for it: what they are kept in is out of reach."""
    g.is_stranger = True


def speak(locale: str) -> None:
    """This page speaks `locale`, whatever its reader has chosen, and their choice stays."""
    g.locale = locale
    refresh()


def normalise(tag: str | None) -> str | None:
    """Our name of a language tag: every plain or mainland Chinese is zh_Hans, every English en."""
    if not tag:
        return None
    parts = tag.replace("_", "-").lower().split("-")
    if parts[0] == "en":
        return "en"
    if parts[0] == "zh" and not {"hant", "tw", "hk", "mo"} & set(parts):
        return "zh_Hans"
    return None


def lang_tag(locale: str | None = None) -> str:
    """The tag for `<html lang>`: zh-Hans or en."""
    return (locale or choose_locale()).replace("_", "-")


def gap() -> str:
    """What stands between two sentences: Chinese leaves no space after its full stop."""
    return "" if str(get_locale()).startswith("zh") else " "


def as_date(day: date) -> str:
    """A day long past, whose weekday tells nothing: 6 May 2012."""
    # Translators: pattern of a date without its weekday; Chinese: y年M月d日
    text: str = format_date(day, gettext("d MMMM y"))
    return text


def as_days(first: date, last: date) -> str:
    """From one day to another: 13 April 2026 – 16 April 2026."""
    # Translators: two dates; Chinese: %(first)s至%(last)s
    text: str = gettext("%(first)s – %(last)s", first=as_date(first), last=as_date(last))
    return text


def as_day(day: date) -> str:
    """A day of a plan, in Chinese with its weekday: 22 Nov 2026."""
    # Translators: pattern of a date in full; Chinese: y年M月d日（EEE）
    text: str = format_date(day, gettext("d MMM y"))
    return text


def as_near_day(day: date) -> str:
    """A day of the coming weeks, as one would say it: Wednesday 25 November."""
    # Translators: pattern of a near date as it is said; Chinese: EEE（M月d日）
    text: str = format_date(day, gettext("EEEE d MMMM"))
    return text


def as_moment(moment: datetime) -> str:
    """A moment of these weeks on the clock of the wall: Sun 22 Nov, 14:30."""
    # Translators: pattern of a near date with the time; Chinese: M月d日（EEE）HH:mm
    text: str = format_datetime(moment, gettext("EEE d MMM, HH:mm"))
    return text


def as_full_moment(moment: datetime) -> str:
    """A moment on a paper that is kept for years: 22 Nov 2026, 14:30."""
    # Translators: pattern of a date with year and time; Chinese: y年M月d日 HH:mm
    text: str = format_datetime(moment, gettext("d MMM y, HH:mm"))
    return text


def _from_browser() -> str | None:
    return _first_of(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=1_000)
def _first_of(said: str) -> str | None:
    """The first of a browser's languages that we speak."""
    wanted = parse_accept_header(said, LanguageAccept).values()
    return next((name for tag in wanted if (name := normalise(tag))), None)


def _remember_choice(response: Response) -> Response:
    if chosen := _asked_for():
        response.set_cookie(COOKIE, chosen, max_age=365 * 86_400, samesite="Lax", httponly=True)
    return response
