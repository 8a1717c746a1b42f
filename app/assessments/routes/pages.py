"""How a page of a sitting is shown and read, whichever door led to it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.assessments.given import Given, Stored
from app.assessments.kinds import Way, way_of
from app.assessments.models import Assessment
from app.assessments.plan import Page, Plan
from app.assessments.routes import cookies
from app.assessments.routes.blueprint import bp
from app.assessments.schools import School
from app.assessments.service import request_talk
from app.assessments.service.pages import Unfinished, keep_answered, take_page
from app.campaigns.doors import OpenDoor
from app.campaigns.models import Campaign
from app.campaigns.service import want_help
from app.instruments.items import Item
from app.platform import stencils
from app.platform.envelopes import public_key
from app.platform.i18n import choose_locale
from app.scoring.report import number_text

#: Buttons of every page that ask for a person.
ASKS = ("help", "talk")

FINISHED = Unfinished()


@dataclass(frozen=True)
class Outbox:
    """For whom a device seals what it keeps, with which key, and the ticket it puts inside."""

    campaign: str
    key: str
    ticket: str


@dataclass(frozen=True)
class Notice:
    """What is read before the questions, and what the student agrees to."""

    text: str
    assent: str


@dataclass(frozen=True)
class Door:
    """Where a page is sent; `ticket` stands in the form where there is no cookie."""

    action: str
    save: str
    rest: str
    outbox: Outbox
    ticket: str = ""


def notice(campaign: Campaign | OpenDoor) -> Notice:
    """The campaign's notice in the reader's language."""
    if choose_locale() == "en":
        return Notice(campaign.notice_en, campaign.assent_en)
    return Notice(campaign.notice_zh, campaign.assent_zh)


def outbox(campaign: str, ticket: str) -> Outbox:
    """What the script needs to keep answers of the campaign of this public id."""
    return Outbox(campaign, public_key(f"campaign:{campaign}"), ticket)


def show_page(
    assessment: Assessment,
    plan: Plan,
    page: Page,
    door: Door,
    stored: Stored,
    again: Unfinished = FINISHED,
) -> ResponseReturnValue:
    """The page with the answers that this sitting has given so far; `again` is what it lacks."""
    template = "assessments/closing.html" if page.is_closing else "assessments/page.html"
    anonymous = assessment.invitation_id is None
    given, known = stored.get(page.code, {}), plan.known(stored)
    shown = {"plan": plan, "page": page, "anonymous": anonymous}
    if not (given or known or again or page.conditions):
        return show_blank(template, door, **shown)
    return render_template(
        template,
        **shown,
        door=door,
        stored=given,
        items=page.asked(plan.hidden(stored)),
        known=known,
        asked=again.blank,
        wrong=again.wrong,
    )


def show_blank(template: str, door: Door, **shown: Hashable) -> FlaskResponse:
    """A page on which nothing is answered: but for its tickets the same for everybody."""
    own = {"visit": door.ticket, "ticket": door.outbox.ticket}
    outbox = replace(door.outbox, ticket=stencils.hole("ticket"))
    visit = stencils.hole("visit") if door.ticket else ""
    same = replace(door, outbox=outbox, ticket=visit)
    return show_same(template, own, door=same, stored=(), asked=(), **shown)


def show_same(
    template: str, own: Mapping[str, str] | None = None, **shown: Hashable
) -> FlaskResponse:
    """A page that is the same for everybody at such a machine."""
    seat = cookies.read_seat()
    values = {**(own or {}), "seat": str(seat.number if seat else "")}
    number = stencils.hole("seat")
    return stencils.render(template, values, at_seat=seat is not None, seat=number, **shown)


@bp.app_template_global()
def is_chosen(item: Item, answer: Given, place: int) -> bool:
    """Whether the option at `place` is what was answered, or one of several."""
    if answer.value is None:
        return False
    if way_of(item) is Way.MANY:
        return bool(int(answer.value) >> place & 1)
    return answer.value == item.options[place].value


bp.add_app_template_global(way_of)
bp.add_app_template_filter(number_text, "as_number")


@bp.app_template_global()
@lru_cache(maxsize=1_000)
def blank_items(page: Page, locale: str) -> Markup:
    """The items of a page that nobody has answered: the same for everybody, so written once."""
    return Markup(render_template("assessments/_blank.html", page=page, locale=locale))  # noqa: S704 -- escaped by Jinja


def take(assessment: Assessment, page: Page, stored: Stored) -> Unfinished:
    """Store the page as it was sent; what is blank or wrong is named and asked once more."""
    asked = request.form.get("asked", "").split()
    return take_page(assessment=assessment, page=page, form=_form(), asked=asked, stored=stored)


def keep(assessment: Assessment, page: Page, stored: Stored) -> None:
    """Store what is answered so far of the page that was sent."""
    keep_answered(assessment=assessment, page=page, form=_form(), stored=stored)


def _form() -> dict[str, list[str]]:
    return request.form.to_dict(flat=False)


def answer_ask(assessment: Assessment, page: Page, door: Door, ask: str, stored: Stored) -> str:
    """Keep what is answered, pass the wish on, and say so in the same words to everybody."""
    keep(assessment, page, stored)
    if ask == "talk":
        request_talk(assessment=assessment)
    elif assessment.invitation:
        want_help(assessment.invitation)
    return render_template(
        "assessments/noted.html", ask=ask, door=door, page=page, site=assessment.site
    )


def show_rest(
    door: Door, plan: Plan, school: School, school_id: str, *, anonymous: bool
) -> FlaskResponse:
    """Every page of the battery, blank, with help card and last page: what a device carries."""
    return show_blank(
        "assessments/rest.html",
        door,
        plan=plan,
        site=school,
        anonymous=anonymous,
        over=url_for("assessments.thanks", site_id=school_id),
    )
