"""How a page of this room carries out what a form or a button asks."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import flash

from app.cases import words
from app.cases.domain.errors import CaseError
from app.platform import carrying
from app.platform.db import db

Outcome = TypeVar("Outcome")

carry_out = partial(carrying.carry_out, refusal=CaseError, explain=words.explain)


def act(deed: Callable[[], Outcome], done: Callable[[Outcome], str]) -> None:
    """Do what a button asks; the next page says what is `done`, or why nothing was changed."""
    try:
        with db.session.begin_nested():
            outcome = deed()
    except CaseError as error:
        flash(words.explain(error), "error")
    else:
        flash(done(outcome), "success")
