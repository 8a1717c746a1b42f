"""Who is missing in a class, words to remind it, and the days on which class teachers are asked to.

GET  /campaigns/<id>/classes/<cohort>/missing   missing
GET  /campaigns/<id>/missing.pdf?cohort=…       catch_up
GET  /campaigns/<id>/reminder-days              reminder_days
POST /campaigns/<id>/reminder-days              set_reminder_days
GET  /campaigns/<id>/script.pdf                 proctor_script
"""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.campaigns import queries, service
from app.campaigns.domain import PlanError
from app.campaigns.forms import ReminderDaysForm
from app.campaigns.models import Campaign
from app.campaigns.routes.blueprint import bp, find_campaign, find_class
from app.campaigns.script import print_catch_up, print_script
from app.campaigns.words import group_words
from app.platform.i18n import choose_locale, normalise
from app.platform.printed import pdf_or_back


@bp.app_template_global()
def reminder_notice() -> Markup:
    """On every page of a class teacher: which classes have a list waiting; no name, no number."""
    if not current_user.is_authenticated or "actor" not in g or not current_actor().cohort_ids:
        return Markup()
    reminders = queries.reminders_for(current_actor())
    return Markup(render_template("campaigns/_reminders.html", reminders=reminders))  # noqa: S704 -- our own template


@bp.get("/campaigns/<public_id>/classes/<cohort_id>/missing")
@requires(Permission.SEE_COMPLETION, audits=True)
def missing(public_id: str, cohort_id: str) -> ResponseReturnValue:
    """Who may still answer, and words that name nobody."""
    campaign = find_campaign(public_id)
    cohort = find_class(campaign, cohort_id)
    service.note_list_seen(actor=current_actor(), campaign=campaign, cohort=cohort)
    return render_template(
        "campaigns/missing.html",
        campaign=campaign,
        cohort=cohort,
        missing=queries.missing(current_actor(), campaign, cohort.id),
        group_words=group_words(campaign),
    )


@bp.get("/campaigns/<public_id>/missing.pdf")
@requires(Permission.SEE_COMPLETION, audits=True)
def catch_up(public_id: str) -> ResponseReturnValue:
    """The list for catching up, of one class (`?cohort=`) or of all, a sheet a class."""
    campaign = find_campaign(public_id)
    chosen = request.args.get("cohort")
    cohort = find_class(campaign, chosen) if chosen else None
    found = queries.missing(current_actor(), campaign, cohort.id if cohort else None)
    service.note_list_printed(actor=current_actor(), campaign=campaign, students=len(found))
    name = current_user.name
    return pdf_or_back(
        lambda: print_catch_up(campaign, found, locale=choose_locale(), printed_by=name),
        back=url_for("campaigns.show", public_id=public_id),
        name=f"catch-up-{campaign.code}.pdf",
    )


@bp.get("/campaigns/<public_id>/script.pdf")
@requires(Permission.SEE_CAMPAIGNS)
def proctor_script(public_id: str) -> ResponseReturnValue:
    """What a proctor does and reads aloud, in the language that the address asks for."""
    campaign = find_campaign(public_id)
    parts = queries.visible_parts(current_actor(), campaign)
    locale, name = normalise(request.args.get("in")) or choose_locale(), current_user.name
    return pdf_or_back(
        lambda: print_script(campaign, parts, locale=locale, printed_by=name),
        back=url_for("campaigns.show", public_id=public_id),
        name=f"script-{campaign.code}.pdf",
    )


@bp.get("/campaigns/<public_id>/reminder-days")
@requires(Permission.MANAGE_CAMPAIGNS)
def reminder_days(public_id: str) -> ResponseReturnValue:
    """The days on which class teachers find a reminder."""
    campaign = find_campaign(public_id)
    form = ReminderDaysForm(first=campaign.remind_on, again=campaign.remind_again_on)
    return render_template("campaigns/reminder_days.html", campaign=campaign, form=form)


@bp.post("/campaigns/<public_id>/reminder-days")
@requires(Permission.MANAGE_CAMPAIGNS)
def set_reminder_days(public_id: str) -> ResponseReturnValue:
    """Keep the days."""
    campaign, form = find_campaign(public_id), ReminderDaysForm()
    if not (form.validate_on_submit() and _keep_days(campaign, form)):
        return render_template("campaigns/reminder_days.html", campaign=campaign, form=form), 422
    flash(_("The days of the reminders are saved."), "success")
    return redirect(url_for("campaigns.show", public_id=public_id))


def _keep_days(campaign: Campaign, form: ReminderDaysForm) -> bool:
    try:
        service.set_reminder_days(
            actor=current_actor(),
            campaign=campaign,
            first=form.first.data,
            again=form.again.data,
        )
    except PlanError:
        form.first.errors = [_("Choose days between the first and the last day of the campaign.")]
        return False
    return True
