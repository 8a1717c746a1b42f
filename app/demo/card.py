"""What a newcomer needs to walk in: addresses, log-ins, one student's slip and the open link."""

from collections.abc import Iterator

from sqlalchemy import select

from app.assessments.service.sittings import needs_neutral
from app.campaigns.domain import CampaignState
from app.campaigns.models import Campaign, Invitation, OpenLink
from app.demo.district import ACCOUNTS, NAME, PASSWORD
from app.demo.noticing import PIN, slip_with_a_pin
from app.platform.db import db

#: Enough slips to find one whose student may answer; most may.
CANDIDATES = 50


def card(base_url: str) -> str:
    """The card as text; it changes with what the demo's visitors have done."""
    return "\n".join(_lines(base_url))


def _lines(base_url: str) -> Iterator[str]:
    yield f"Xinqiao 心桥: the demo district {NAME} (invented)"
    yield ""
    yield f"  Staff     {base_url}/login    password of every account: {PASSWORD}"
    for account in ACCOUNTS:
        roles = ", ".join(dict.fromkeys(str(post.role.value) for post in account.posts))
        yield f"    {account.login:<12} {roles}"
    yield ""
    invitation = _unused_slip()
    if invitation is None:
        yield "  Student   every slip is used; “xinqiao demo --reset” begins anew"
    else:
        yield f"  Student   {base_url}/i/{invitation.token}"
        yield f"    or type the code {_spaced(invitation.code or '')} at {base_url}/i"
        yield f"    {invitation.student.name}, birthday {invitation.student.birth_date}"
    word = slip_with_a_pin()
    if word is not None:
        yield f"  A word    {base_url}/word    code {_spaced(word.code or '')}, PIN {PIN}"
    link = _open_link()
    if link is not None:
        yield f"  Anybody   {base_url}/o/{link.token}"


def _unused_slip() -> Invitation | None:
    """The first slip of an open campaign whose student has a birthday and the consent needed."""
    query = (
        select(Invitation)
        .join(Invitation.campaign)
        .where(Campaign.state == CampaignState.OPEN, Invitation.started_at.is_(None))
        .order_by(Invitation.id)
        .limit(CANDIDATES)
    )
    return next(
        (
            each
            for each in db.session.scalars(query)
            if each.student.birth_date and not each.is_locked and not needs_neutral(each.student)
        ),
        None,
    )


def _open_link() -> OpenLink | None:
    query = select(OpenLink).where(OpenLink.closed_at.is_(None)).order_by(OpenLink.id)
    return db.session.scalar(query.limit(1))


def _spaced(code: str) -> str:
    return f"{code[:4]} {code[4:]}"
