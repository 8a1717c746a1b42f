"""What a device kept sealed while there was no line, and the worker that keeps it.

POST /s/sealed   deliver
GET  /sw.js      worker
"""

import base64
import binascii
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from flask import json, jsonify, request
from flask.typing import ResponseReturnValue

from app.access.guards import public
from app.assessments.domain import TicketError, UnknownAnswerError
from app.assessments.routes.blueprint import bp
from app.assessments.routes.receipts import Receipt, parcel_of, read_list
from app.assessments.service import fitting, sitting_of, take_parcel
from app.platform.crypto import DecryptionError
from app.platform.envelopes import open_envelope
from app.platform.forms import csrf
from app.platform.i18n import choose_locale
from app.platform.statics import serve
from app.platform.web import counts_once


@bp.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """The worker of the students' pages; browsers look for a new one by themselves."""
    return serve("js/student-worker.js")


class Letter(NamedTuple):
    """An opened envelope: under whose ticket what was said."""

    id: str
    campaign: str
    ticket: str
    agreed: bool
    said: dict[str, object]


@bp.post("/s/sealed")
@public
@csrf.of_its_own
@counts_once
def deliver() -> ResponseReturnValue:
    """Envelopes of any sitting that this device held; what cannot be opened stays with it.

    No cookie counts here: the right to store is a ticket inside the envelope.
    """
    body = request.get_json(silent=True)
    said = body if isinstance(body, dict) else {}
    receipt = Receipt()
    try:
        letters = list(_opened(read_list(said, "sealed"), receipt))
    except UnknownAnswerError:
        return jsonify(error="not a list of envelopes"), 422
    for _, together in groupby(letters, key=lambda letter: letter[1:4]):
        _take(list(together), said.get("sent"), receipt)
    return receipt.reply()


def _opened(envelopes: Iterable[object], receipt: Receipt) -> Iterable[Letter]:
    for envelope in envelopes:
        if not isinstance(envelope, dict):
            raise UnknownAnswerError("not an envelope")
        try:
            yield _open(envelope)
        except (DecryptionError, binascii.Error, KeyError, TypeError, ValueError):
            receipt.refused.append(str(envelope.get("id")))


def _open(envelope: dict[str, object]) -> Letter:
    name, campaign = str(envelope["id"]), str(envelope["to"])
    sealed = base64.b64decode(str(envelope["data"]))
    inside = json.loads(
        open_envelope(sealed, purpose=f"campaign:{campaign}", bound_to=f"{campaign}.{name}")
    )
    said = inside["said"]
    if list(parcel_of([said], sent=None).ids) != [name]:
        raise ValueError("another answer's envelope")
    return Letter(name, campaign, str(inside["ticket"]), inside.get("assent") == "yes", said)


def _take(letters: list[Letter], sent: object, receipt: Receipt) -> None:
    """Letters of one sitting, in the order in which they were written."""
    first = letters[0]
    try:
        assessment = sitting_of(
            first.ticket, campaign=first.campaign, agreed=first.agreed, locale=choose_locale()
        )
    except TicketError:
        receipt.refused.extend(letter.id for letter in letters)
        return
    parcel = fitting(assessment, parcel_of([letter.said for letter in letters], sent=sent))
    receipt.add(parcel, take_parcel(assessment=assessment, parcel=parcel))
    receipt.refused.extend(letter.id for letter in letters if letter.id not in parcel.ids)
