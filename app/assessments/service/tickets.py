"""Tickets by which a device may bring answers at any later time; they open nothing to read.

A ticket names one sitting, or one visit of an open link that may not have begun yet, and is signed.
It goes into the sealed envelope with the answer, so that a shared phone sends each answer to the
sitting that it belongs to, whoever holds the phone by then.
"""

import hashlib

from itsdangerous import BadSignature, Signer
from sqlalchemy import select

from app.assessments import queries
from app.assessments.domain import Mode, TicketError
from app.assessments.models import Assessment
from app.assessments.service.sittings import start
from app.campaigns.models import OpenLink
from app.platform.crypto import keyring
from app.platform.db import db

OF_SITTING, OF_VISIT = "s", "o"


def ticket_for(assessment: Assessment) -> str:
    """The ticket of a sitting that was begun."""
    return _sign(OF_SITTING, assessment.public_id)


def ticket_for_visit(link: str, visit: str) -> str:
    """The ticket of a page that nobody has answered yet, of the open link with this token."""
    return _sign(OF_VISIT, link, visit)


def sitting_of(ticket: str, *, campaign: str, agreed: bool, locale: str) -> Assessment:
    """The sitting under the ticket, begun or over; a visit begins with its first answers.

    There is no last day: who was let in while the door was open is heard whenever the line is back.
    """
    match _read(ticket):
        case [kind, public_id] if kind == OF_SITTING:
            assessment = db.session.scalar(
                select(Assessment).where(Assessment.public_id == public_id)
            )
        case [kind, token, visit] if kind == OF_VISIT:
            assessment = _visit(token, visit, agreed=agreed, locale=locale)
        case _:
            assessment = None
    if assessment is None or assessment.campaign.public_id != campaign:
        raise TicketError("no ticket for this campaign")
    return assessment


def begun_under(ticket: str) -> Assessment | None:
    """The sitting of the ticket that a page brings when another device has the cookie by now."""
    try:
        kind, public_id = _read(ticket)
    except (TicketError, ValueError):  # not ours; of a visit
        return None
    sought = select(Assessment).where(Assessment.public_id == public_id)
    return db.session.scalar(sought) if kind == OF_SITTING else None


def _visit(token: str, visit: str, *, agreed: bool, locale: str) -> Assessment | None:
    query = select(Assessment).where(Assessment.ticket_hash == queries.ticket_hash(visit))
    assessment = db.session.scalar(query)
    link = db.session.scalar(select(OpenLink).where(OpenLink.token == token))
    if assessment is None and link is not None and agreed:
        assessment, _ = start(
            open_link=link, mode=Mode.PHONE, locale=locale, ticket=visit, agreed=True
        )
    return assessment


def _sign(*parts: str) -> str:
    return _signer().sign(".".join(parts)).decode()


def _read(ticket: str) -> list[str]:
    try:
        return _signer().unsign(ticket).decode().split(".")
    except (BadSignature, UnicodeError) as error:
        raise TicketError("not our ticket") from error


def _signer() -> Signer:
    return Signer(keyring().derive("sitting tickets"), digest_method=hashlib.sha256)
