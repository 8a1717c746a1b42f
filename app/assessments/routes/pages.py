"""How a page of a sitting is shown and read, whichever door led to it."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import render_template, request

from app.assessments import queries
from app.assessments.models import Assessment
from app.assessments.plan import Page, Plan
from app.assessments.service import request_talk
from app.assessments.service.pages import keep_answered
from app.campaigns.service import want_help

#: Buttons of every page that ask for a person.
ASKS = ("help", "talk")


@dataclass(frozen=True)
class Door:
    """Where a page is sent; `ticket` stands in the form where there is no cookie."""

    action: str
    save: str
    ticket: str | None = None


def show_page(
    assessment: Assessment, plan: Plan, page: Page, door: Door, asked: Collection[str] = ()
) -> str:
    """The page with the answers that this sitting has given so far."""
    stored = queries.current_responses(assessment.id).get(page.code, {})
    return render_template(
        "assessments/closing.html" if page.is_closing else "assessments/page.html",
        plan=plan,
        page=page,
        door=door,
        stored=stored,
        asked=asked,
        anonymous=assessment.invitation_id is None,
    )


def answer_ask(assessment: Assessment, page: Page, door: Door, ask: str) -> str:
    """Keep what is answered, pass the wish on, and say so in the same words to everybody."""
    keep_answered(assessment=assessment, page=page, form=request.form)
    if ask == "talk":
        request_talk(assessment=assessment)
    elif assessment.invitation:
        want_help(assessment.invitation)
    return render_template(
        "assessments/noted.html", ask=ask, door=door, page=page, site=assessment.site
    )


def asked_again() -> list[str]:
    """The names of blank items that this page has already pointed out."""
    return request.form.get("asked", "").split()
