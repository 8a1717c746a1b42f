"""Pages that are the same for everybody but for a few values: written once, with holes for those.

To write a page costs the processor more than to store what was answered on it. So it is written
with a mark where a value of this one visitor belongs (a ticket, the CSRF token), kept in memory,
and only the marks are filled in for each visitor.

Nothing has to be invalidated: everything that the page shows is part of the key under which it is
kept, so that who changes a notice or chooses another language gets another page. While it is
written, request, session and log-in are out of reach: what belongs to one visitor cannot be kept.
"""

import re
import secrets
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, zip_longest

from flask import render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from app.platform.i18n import choose_locale
from app.platform.wire import is_overheard

#: Drawn anew in every process: no text that somebody wrote contains it.
_MARK = secrets.token_hex(16)
_HOLES = re.compile(rf"{_MARK}(\w+){_MARK}")
_CSRF = "csrf_token"
_NOBODYS = dict.fromkeys(("request", "session", "g", "current_user"))
#: Pages in memory; of a page of a hundred items 60 kB are kept.
_MOST = 256


@dataclass(frozen=True)
class _Stencil:
    """Texts and, between them, the names of what is filled in."""

    texts: tuple[str, ...]
    holes: tuple[str, ...]

    def fill(self, own: Mapping[str, str]) -> str:
        """The page of one visitor."""
        filled = [own[name] for name in self.holes]
        return "".join(chain.from_iterable(zip_longest(self.texts, filled, fillvalue="")))


def hole(name: str) -> str:
    """What stands for a value of the visitor's own while the page is written."""
    return f"{_MARK}{name}{_MARK}"


def render(template: str, own: Mapping[str, str] | None = None, **shown: Hashable) -> str:
    """The page with the visitor's own values in their holes; `shown` is the same for everybody."""
    key = (choose_locale(), request.root_path, is_overheard(), tuple(shown.items()))
    stencil = _written(template, *key)
    values = {name: str(escape(value)) for name, value in (own or {}).items()}
    if _CSRF in stencil.holes:
        values[_CSRF] = generate_csrf()
    return stencil.fill(values)


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
    return _Stencil(tuple(texts[::2]), tuple(texts[1::2]))
