"""The education office's own forms, filled from group reports.

GET  /office-forms                                 office_forms
POST /office-forms                                 keep_office_form
GET  /office-forms/<id>                            office_form
POST /office-forms/<id>/spots                      map_office_form
POST /office-forms/<id>/discard                    discard_office_form
GET  /office-forms/<id>/campaigns/<campaign>       filled_office_form
GET  /office-forms/<id>/campaigns/<campaign>/file  office_form_file
"""

import io
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.policy import can
from app.campaigns.models import Campaign
from app.people.queries import visible_site, visible_sites
from app.platform import audit, clock
from app.platform.db import begin_write, db, end_write
from app.statistics import words
from app.statistics.bureau.problems import FormFileError
from app.statistics.bureau.reading import Read, read_form
from app.statistics.documents import FORMATS
from app.statistics.domain.grid import Grid, Spot
from app.statistics.domain.returns import Figure, Filling, Scope, fill_in
from app.statistics.figures import choices, figures_of
from app.statistics.forms import OfficeFormUpload, SpotForm
from app.statistics.models import OfficeForm
from app.statistics.queries import office_forms as queries
from app.statistics.queries import places
from app.statistics.queries.quality import levels_of
from app.statistics.queries.report import report_of
from app.statistics.routes.blueprint import bp
from app.statistics.service import office_forms as service


@bp.get("/office-forms")
@requires(Permission.FILL_OFFICE_FORMS)
def office_forms() -> ResponseReturnValue:
    """The forms of the school, and a place to upload one."""
    return _list_page(_upload_form())


@bp.post("/office-forms")
@requires(Permission.FILL_OFFICE_FORMS)
def keep_office_form() -> ResponseReturnValue:
    """Read an uploaded form and keep it."""
    form, actor = _upload_form(), current_actor()
    if form.validate_on_submit():
        end_write()
        title, content = form.file.data.filename or "", form.file.data.read()
        try:
            upload = service.read_upload(title, content)
        except FormFileError as error:
            form.file.errors = [_(error.sentence, **error.words)]
        else:
            begin_write()
            site = visible_site(actor, form.site.data) or abort(404)
            kept = service.keep_form(actor=actor, site=site, upload=upload)
            _say_what_is_known(kept)
            return redirect(url_for("statistics.office_form", form_id=kept.public_id))
    return _list_page(form), 422


@bp.get("/office-forms/<form_id>")
@requires(Permission.FILL_OFFICE_FORMS)
def office_form(form_id: str) -> ResponseReturnValue:
    """The form as a grid, and what goes into the chosen place."""
    form = _asked(form_id)
    grids = _read(form).grids()
    spots = [spot for grid in grids for cell in grid.cells for spot in cell.spots]
    asked = Spot.parse(request.args.get("spot", ""))
    chosen = asked if asked in spots else None
    names = _names(form)
    return render_template(
        "statistics/office_form.html",
        form=form,
        grids=grids,
        mapping=queries.mapping_of(form),
        names=names,
        chosen=chosen,
        chosen_name=_spot_name(grids, chosen) if chosen else "",
        panel=_spot_form(form, chosen, grids) if chosen else None,
        campaigns=queries.campaigns_for(current_actor(), form.site),
        words=words,
    )


@bp.post("/office-forms/<form_id>/spots")
@requires(Permission.FILL_OFFICE_FORMS)
def map_office_form(form_id: str) -> ResponseReturnValue:
    """Keep what goes into one place, and go to the next."""
    end_write()
    form = _asked(form_id)
    grids = _read(form).grids()
    spots = [spot for grid in grids for cell in grid.cells for spot in cell.spots]
    spot = Spot.parse(request.form.get("spot", ""))
    if spot is None or spot not in spots:
        abort(404)
    panel = _spot_form(form, spot, grids)
    if not panel.validate_on_submit():
        abort(422)
    figure = Figure.parse(panel.figure.data)
    begin_write()
    form = _asked(form_id)
    service.map_spot(actor=current_actor(), form=form, spot=spot, figure=figure)
    following = spots[min(spots.index(spot) + 1, len(spots) - 1)]
    return redirect(_at(form, following))


@bp.post("/office-forms/<form_id>/discard")
@requires(Permission.FILL_OFFICE_FORMS)
def discard_office_form(form_id: str) -> ResponseReturnValue:
    """Throw a form away."""
    service.discard_form(actor=current_actor(), form=_asked(form_id))
    flash(_("The form is thrown away."))
    return redirect(url_for("statistics.office_forms"))


@bp.get("/office-forms/<form_id>/campaigns/<public_id>")
@requires(Permission.FILL_OFFICE_FORMS)
def filled_office_form(form_id: str, public_id: str) -> ResponseReturnValue:
    """What would stand where, before the file is taken."""
    form, campaign = _asked(form_id), _asked_campaign(public_id)
    read = _read(form)
    filling = _filling(form, campaign, read)
    if filling is None:
        return render_template("statistics/uncounted.html", campaign=campaign)
    return render_template(
        "statistics/office_form_filled.html",
        form=form,
        campaign=campaign,
        filling=filling,
        names=_names(form),
        spot_name=lambda spot: _spot_name(read.grids(), spot),
        words=words,
    )


@bp.get("/office-forms/<form_id>/campaigns/<public_id>/file")
@requires(Permission.FILL_OFFICE_FORMS, audits=True)
def office_form_file(form_id: str, public_id: str) -> ResponseReturnValue:
    """The filled form; answers do not wait while it is filled."""
    end_write()
    form, campaign = _asked(form_id), _asked_campaign(public_id)
    read = _read(form)
    filling = _filling(form, campaign, read)
    if filling is None or filling.problems:
        back = url_for("statistics.filled_office_form", form_id=form_id, public_id=public_id)
        return redirect(back)
    content = read.filled([entry for _figure, entry in filling.entries])
    begin_write()
    audit.record(current_actor(), "take_office_form", form, campaign=campaign.public_id)
    name = f"{words.file_name(form.title or '', form.site.name, campaign.closes_on)}.{form.kind}"
    return send_file(
        io.BytesIO(content), mimetype=FORMATS[form.kind], as_attachment=True, download_name=name
    )


def _asked(form_id: str) -> OfficeForm:
    return queries.find_form(current_actor(), form_id) or abort(404)


def _asked_campaign(public_id: str) -> Campaign:
    return places.find_campaign(current_actor(), public_id) or abort(404)


def _read(form: OfficeForm) -> Read:
    _kind, read = read_form(queries.file_of(form))
    return read


def _filling(form: OfficeForm, campaign: Campaign, read: Read) -> Filling | None:
    """None while the campaign is not counted."""
    actor = current_actor()
    if form.site not in places.sites_of(actor, campaign):
        abort(404)
    report = report_of(campaign, places.site_key(form.site), leaves=True)
    if report is None:
        return None
    may_tell = can(actor, Permission.SUPERVISE, form.site)
    figures = figures_of(
        report,
        form.site,
        filled_by=current_user.name,
        today=clock.today(),
        levels=levels_of(campaign, form.site) if may_tell else None,
    )
    return fill_in(read.grids(), queries.mapping_of(form), figures)


def _upload_form() -> OfficeFormUpload:
    form = OfficeFormUpload()
    sites = db.session.scalars(visible_sites(current_actor())).all()
    form.site.choices = [SelectChoice(site.code, site.name) for site in sites]
    return form


def _list_page(form: OfficeFormUpload) -> str:
    kept = db.session.scalars(queries.visible_forms(current_actor())).all()
    return render_template("statistics/office_forms.html", form=form, kept=kept)


def _say_what_is_known(form: OfficeForm) -> None:
    if form.mapping:
        flash(
            ngettext(
                "The form was recognised: %(num)s place is filled as it was last time.",
                "The form was recognised: %(num)s places are filled as they were last time.",
                len(form.mapping),
            )
        )


def _spot_form(form: OfficeForm, spot: Spot, grids: Sequence[Grid]) -> SpotForm:
    """The figures that can stand at a place; in a line of text there are no rows."""
    grid = next(one for one in grids if one.key == spot.grid)
    scopes = (Scope.SCHOOL, Scope.CLASS, Scope.GRADE) if grid.is_table else (Scope.SCHOOL,)
    instruments = queries.instruments_for(current_actor(), form.site)
    kept = form.mapping.get(str(spot), "")
    groups: dict[str, list[SelectChoice]] = {
        _("Nothing"): [SelectChoice("", _("Leave it as it is"))]
    }
    for scope in scopes:
        for title, offered in choices(instruments, scope):
            groups[words.scoped(scope, title)] = [
                SelectChoice(str(Figure(one.code, scope)), one.name) for one in offered
            ]
    known = {choice.value for group in groups.values() for choice in group}
    if kept not in known:
        groups[_("As it was")] = [SelectChoice(kept, kept)]
    panel = SpotForm(data={"spot": str(spot), "figure": kept})
    panel.figure.choices = groups
    return panel


def _names(form: OfficeForm) -> dict[str, str]:
    """Figures by name, each with whose it is."""
    instruments = queries.instruments_for(current_actor(), form.site)
    return {
        str(Figure(one.code, scope)): words.scoped(scope, one.name)
        for scope in Scope
        for _title, offered in choices(instruments, scope)
        for one in offered
    }


def _spot_name(grids: Sequence[Grid], spot: Spot) -> str:
    number = [grid.key for grid in grids].index(spot.grid)
    return words.spot_name(grids[number], number + 1, spot)


def _at(form: OfficeForm, spot: Spot) -> str:
    where: dict[str, Any] = {"form_id": form.public_id, "spot": str(spot), "_anchor": "choose"}
    return url_for("statistics.office_form", **where)
