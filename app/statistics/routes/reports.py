"""Group reports.

GET  /reports                                      index
GET  /reports/<campaign>                           show_campaign
GET  /reports/<campaign>/report.<pdf|xlsx|docx>    campaign_file
GET  /reports/<campaign>/counties/<name>           show_county
GET  /reports/<campaign>/counties/<name>/report.<…> county_file
GET  /reports/<campaign>/schools/<code>            show_school
GET  /reports/<campaign>/schools/<code>/report.<…> school_file
"""

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.campaigns.models import Campaign
from app.people.models import Site
from app.platform import audit
from app.platform.i18n import choose_locale
from app.platform.printed import pdf_or_back
from app.statistics.documents import FORMATS, write_docx, write_xlsx
from app.statistics.layout import heading_of, ink, sections_of
from app.statistics.printing import print_report
from app.statistics.queries import places
from app.statistics.queries.report import GroupReport, report_of
from app.statistics.routes.blueprint import bp

bp.add_app_template_global(ink)


@bp.get("/reports")
@requires(Permission.SEE_STATISTICS)
def index() -> ResponseReturnValue:
    """Closed campaigns, each with the reports that the actor may read."""
    actor = current_actor()
    listed = [
        (
            campaign,
            places.is_whole(actor, campaign),
            places.counties_of(actor, campaign),
            places.sites_of(actor, campaign),
        )
        for campaign in places.closed_campaigns(actor)
    ]
    return render_template("statistics/index.html", listed=listed)


@bp.get("/reports/<public_id>")
@requires(Permission.SEE_STATISTICS)
def show_campaign(public_id: str) -> ResponseReturnValue:
    """All schools of a campaign."""
    campaign = _whole_campaign(public_id)
    return _page(campaign, report_of(campaign, places.CAMPAIGN))


@bp.get("/reports/<public_id>/report.<any(pdf, xlsx, docx):form>")
@requires(Permission.SEE_STATISTICS, audits=True)
def campaign_file(public_id: str, form: str) -> ResponseReturnValue:
    """The same as a file."""
    campaign = _whole_campaign(public_id)
    back = url_for("statistics.show_campaign", public_id=public_id)
    return _file(campaign, report_of(campaign, places.CAMPAIGN), form, back)


@bp.get("/reports/<public_id>/counties/<name>")
@requires(Permission.SEE_STATISTICS)
def show_county(public_id: str, name: str) -> ResponseReturnValue:
    """All schools of one county: the part of the campaign's report that speaks of it."""
    campaign = _campaign_with_county(public_id, name)
    return _page(campaign, report_of(campaign, places.county_key(name)), county=name)


@bp.get("/reports/<public_id>/counties/<name>/report.<any(pdf, xlsx, docx):form>")
@requires(Permission.SEE_STATISTICS, audits=True)
def county_file(public_id: str, name: str, form: str) -> ResponseReturnValue:
    """The same as a file."""
    campaign = _campaign_with_county(public_id, name)
    back = url_for("statistics.show_county", public_id=public_id, name=name)
    return _file(campaign, report_of(campaign, places.county_key(name)), form, back)


@bp.get("/reports/<public_id>/schools/<code>")
@requires(Permission.SEE_STATISTICS)
def show_school(public_id: str, code: str) -> ResponseReturnValue:
    """One school of a campaign, its grades and classes."""
    campaign, site = asked_school(public_id, code)
    return _page(campaign, report_of(campaign, places.site_key(site)), site=site)


@bp.get("/reports/<public_id>/schools/<code>/report.<any(pdf, xlsx, docx):form>")
@requires(Permission.SEE_STATISTICS, audits=True)
def school_file(public_id: str, code: str, form: str) -> ResponseReturnValue:
    """The same as a file."""
    campaign, site = asked_school(public_id, code)
    back = url_for("statistics.show_school", public_id=public_id, code=code)
    return _file(campaign, report_of(campaign, places.site_key(site)), form, back)


def _whole_campaign(public_id: str) -> Campaign:
    campaign = places.find_campaign(current_actor(), public_id) or abort(404)
    return campaign if places.is_whole(current_actor(), campaign) else abort(404)


def asked_school(public_id: str, code: str) -> tuple[Campaign, Site]:
    """A closed campaign of the actor's and a school of theirs in it."""
    campaign = places.find_campaign(current_actor(), public_id) or abort(404)
    schools = places.sites_of(current_actor(), campaign)
    return campaign, next((site for site in schools if site.code == code), None) or abort(404)


def _campaign_with_county(public_id: str, name: str) -> Campaign:
    campaign = places.find_campaign(current_actor(), public_id) or abort(404)
    return campaign if name in places.counties_of(current_actor(), campaign) else abort(404)


def _page(
    campaign: Campaign,
    report: GroupReport | None,
    *,
    site: Site | None = None,
    county: str | None = None,
) -> ResponseReturnValue:
    if report is None:
        return render_template("statistics/uncounted.html", campaign=campaign)
    return render_template(
        "statistics/show.html",
        campaign=campaign,
        site=site,
        county=county,
        heading=heading_of(report),
        sections=sections_of(report),
    )


def _file(
    campaign: Campaign, report: GroupReport | None, form: str, back: str
) -> ResponseReturnValue:
    report = report or abort(404)
    audit.record(current_actor(), "take_group_report", campaign, form=form, place=report.place.key)
    if form == "pdf":
        return pdf_or_back(
            lambda: print_report(report, locale=choose_locale(), printed_by=current_user.name),
            back=back,
            name="group-report.pdf",
        )
    write = {"xlsx": write_xlsx, "docx": write_docx}[form]
    response = Response(write(report), mimetype=FORMATS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="group-report.{form}"'
    return response
