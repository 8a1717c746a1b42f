"""Paper for the lesson: the proctor's script (指导语), and the list for catching up (补测)."""

from collections.abc import Sequence
from itertools import groupby

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.campaigns.models import Campaign, CampaignSite, Invitation
from app.campaigns.words import minutes_of
from app.platform import clock
from app.platform.i18n import as_date, as_day, as_days, as_full_moment
from app.platform.pdf import Column, Imprint, PrintDocument, render_pdf, split_table
from app.platform.pdf.pagination import PAGE_ROOM

SCRIPT_PAGES = 2
#: As large as leaves room for the longest names of places and people; English is longer.
READ_ALOUD = {"zh_Hans": "11.5pt", "en": "10pt"}
#: Above and below the table of who is missing.
LIST_HEAD, LIST_FOOT = 30.0, 16.0


def print_script(
    campaign: Campaign, parts: Sequence[CampaignSite], *, locale: str, printed_by: str
) -> bytes:
    """Before, during and after the lesson, two sheets a school: each has its own responders."""
    with force_locale(locale):
        size = READ_ALOUD[locale]
        documents = [_script(campaign, part, printed_by, size) for part in parts]
        title = _("Proctor’s script")
        return render_pdf(documents, title=title, language=locale)


def print_catch_up(
    campaign: Campaign, missing: Sequence[Invitation], *, locale: str, printed_by: str
) -> bytes:
    """Who may still answer, a class a sheet, with room to write; never why somebody has not."""
    with force_locale(locale):
        documents = [
            _catch_up(campaign, list(slips), printed_by)
            for _cohort_id, slips in groupby(missing, key=lambda slip: slip.cohort_id)
        ]
        return render_pdf(documents, title=_("Catch-up list"), language=locale)


def _script(campaign: Campaign, part: CampaignSite, printed_by: str, size: str) -> PrintDocument:
    site = part.site
    people = [user.name for user in (part.first_responder, part.second_responder) if user]
    minutes = minutes_of(campaign)
    facts = [
        (_("Time needed"), _("about %(minutes)s minutes, a quiet lesson", minutes=minutes)),
        (_("Duty phone"), site.duty_phone or "–"),
        (_("Responders"), _(", ").join(name or "" for name in people) or "–"),
        (_("Counselling room"), site.counselling_room or "–"),
    ]
    days = as_days(campaign.opens_on, campaign.closes_on)
    body = render_template(
        "campaigns/print/script.html",
        imprint=_imprint(site.name, _("Proctor’s script"), printed_by, _("For the proctor’s hand")),
        facts=facts,
        title=campaign.title,
        days=days,
        minutes=minutes,
        size=size,
        phone=site.duty_phone or "–",
    )
    return PrintDocument(title=site.name, body=Markup(body), pages=SCRIPT_PAGES)  # noqa: S704 -- our own template


def _catch_up(campaign: Campaign, slips: Sequence[Invitation], printed_by: str) -> PrintDocument:
    cohort = slips[0].cohort
    columns = [
        Column(_("No."), 16),
        Column(_("Name"), 62),
        Column(_("Day and lesson agreed"), 60),
        Column(_("Has answered"), 40),
    ]
    rows = [[str(slip.student.position), slip.student.name or "", "", ""] for slip in slips]
    parts = split_table(rows, columns=columns, first=PAGE_ROOM - LIST_HEAD - LIST_FOOT)
    parts = [part for part in parts if part.rows]
    body = render_template(
        "campaigns/print/catch_up.html",
        imprint=_imprint(
            cohort.site.name, _("Catch-up list"), printed_by, _("Not for the notice board")
        ),
        facts=[
            (_("Class"), cohort.name),
            (_("Not yet"), str(len(slips))),
            (_("Campaign"), campaign.title),
            (_("Last day"), as_day(campaign.closes_on)),
        ],
        columns=columns,
        parts=parts,
    )
    return PrintDocument(title=cohort.name, body=Markup(body), pages=len(parts))  # noqa: S704 -- our own template


def _imprint(site: str, heading: str, printed_by: str, notice: str) -> Imprint:
    return Imprint(
        site=site,
        heading=heading,
        date=as_date(clock.today()),
        printed_by=printed_by,
        printed_at=as_full_moment(clock.now()),
        notice=notice,
    )
