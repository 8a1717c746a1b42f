"""How a page of this room carries out what a form asks."""

from functools import partial

from app.cases import words
from app.cases.domain.errors import CaseError
from app.platform import carrying

carry_out = partial(carrying.carry_out, refusal=CaseError, explain=words.explain)
