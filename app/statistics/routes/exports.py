"""Research exports: asked for, approved by somebody else, written, taken once.

GET  /exports                    exports
GET  /exports/new                new_export
POST /exports                    ask_for_export
GET  /exports/<export>           export
POST /exports/<export>/approve   approve_export
POST /exports/<export>/refuse    refuse_export
POST /exports/<export>/cancel    cancel_export
POST /exports/<export>/take      take_export
"""

from flask import (
    Response,
    abort,
    flash,
    redirect,
    render_template,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.people.models import Site
from app.platform.db import db
from app.platform.i18n import choose_locale
from app.statistics import words
from app.statistics.domain.exports import (
    Detail,
    ExportState,
    ExportStateError,
    NothingToExportError,
    ReasonNeededError,
    Risk,
    SamePersonError,
    advised,
)
from app.statistics.forms import ApprovalForm, ExportForm
from app.statistics.models import ResearchExport
from app.statistics.queries import exports as queries
from app.statistics.routes.blueprint import bp
from app.statistics.service import exports as service

#: Of the choice of schools: every one of the person's.
ALL = "*"


@bp.get("/exports")
@requires(Permission.SEE_EXPORTS)
def exports() -> ResponseReturnValue:
    """What was asked for at the person's schools, newest first."""
    found = db.session.scalars(queries.visible_exports(current_actor())).all()
    return render_template("statistics/exports/index.html", exports=found, words=words)


@bp.get("/exports/new")
@requires(Permission.REQUEST_EXPORTS)
def new_export() -> ResponseReturnValue:
    """Choose what is needed, and say what for."""
    return _form_page(_offered())


@bp.post("/exports")
@requires(Permission.REQUEST_EXPORTS)
def ask_for_export() -> ResponseReturnValue:
    """Put the request down; somebody else approves it."""
    form, actor = _offered(), current_actor()
    if not form.validate_on_submit():
        return _form_page(form), 422
    try:
        asked = service.ask_for_export(
            actor=actor,
            person=current_user,
            campaigns=[
                one
                for one in queries.exportable_campaigns(actor)
                if one.public_id in form.campaigns.data
            ],
            sites=[one for one in _sites() if form.school.data in {ALL, one.code}],
            instruments=form.instruments.data,
            form=form.form.data,
            detail=form.detail.data,
            has_outcome=form.has_outcome.data,
            purpose=form.purpose.data,
            locale=choose_locale(),
        )
    except NothingToExportError:
        form.instruments.errors = [_("None of the chosen campaigns asks this.")]
        return _form_page(form), 422
    flash(_("The request is put down. Somebody else has to approve it."), "success")
    return redirect(url_for("statistics.export", export=asked.public_id))


@bp.get("/exports/<export>")
@requires(Permission.SEE_EXPORTS)
def export(export: str) -> ResponseReturnValue:
    """One request: what, what for, how far people stand out, and the next step."""
    return _export_page(_found(export), ApprovalForm())


def _export_page(found: ResearchExport, form: ApprovalForm) -> str:
    risks = {Detail(name): Risk(**counts) for name, counts in (found.risks or {}).items()}
    form.reason.flags.required = needs_reason = bool(risks) and not risks[found.detail].is_low
    return render_template(
        "statistics/exports/show.html",
        export=found,
        risks=risks,
        advised=advised(risks) if risks else None,
        is_mine=found.asked_by_id == current_user.id,
        is_whole=queries.answers_for_all(current_actor(), found),
        approvers=queries.approvers_of(found) if found.state is ExportState.ASKED else [],
        needs_reason=needs_reason,
        form=form,
        instruments=queries.instruments_in(found.campaigns),
        words=words,
    )


@bp.post("/exports/<export>/approve")
@requires(Permission.APPROVE_EXPORTS)
def approve_export(export: str) -> ResponseReturnValue:
    """A second person agrees."""
    found, form = _found(export), ApprovalForm()
    if not form.validate_on_submit():
        return _export_page(found, form), 422
    try:
        service.approve_export(
            actor=current_actor(), person=current_user, export=found, reason=form.reason.data or ""
        )
    except ReasonNeededError:
        form.reason.errors = [_("More than one of a hundred stand out: write why all the same.")]
        return _export_page(found, form), 422
    except (ExportStateError, SamePersonError) as error:
        return _too_late(found, error)
    flash(_("Approved. The file is being written."), "success")
    return redirect(url_for("statistics.export", export=export))


@bp.post("/exports/<export>/refuse")
@requires(Permission.APPROVE_EXPORTS)
def refuse_export(export: str) -> ResponseReturnValue:
    """A second person does not agree."""
    found = _found(export)
    try:
        service.refuse_export(actor=current_actor(), person=current_user, export=found)
    except (ExportStateError, SamePersonError) as error:
        return _too_late(found, error)
    flash(_("The request was not approved."), "success")
    return redirect(url_for("statistics.export", export=export))


@bp.post("/exports/<export>/cancel")
@requires(Permission.REQUEST_EXPORTS)
def cancel_export(export: str) -> ResponseReturnValue:
    """Take it back; what is being written stops."""
    found = _found(export)
    try:
        service.cancel_export(actor=current_actor(), export=found)
    except ExportStateError as error:
        return _too_late(found, error)
    flash(_("The export was cancelled."), "success")
    return redirect(url_for("statistics.export", export=export))


@bp.post("/exports/<export>/take")
@requires(Permission.REQUEST_EXPORTS)
def take_export(export: str) -> ResponseReturnValue:
    """The file, once: it leaves the disk as it leaves the house."""
    found = _found(export)
    try:
        pieces = service.take_export(actor=current_actor(), export=found)
    except ExportStateError as error:
        return _too_late(found, error)
    path, name = service.file_of(found), f"research-export.{service.ending_of(found)}"
    # The log says that it was taken before the first byte leaves; then nothing is left to take.
    db.session.commit()
    path.unlink()
    response = Response(stream_with_context(pieces), mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _offered() -> ExportForm:
    form, actor = ExportForm(), current_actor()
    campaigns, locale = queries.exportable_campaigns(actor), choose_locale()
    form.campaigns.choices = [(one.public_id, one.title) for one in campaigns]
    form.instruments.choices = [
        (code, one.title.get(locale)) for code, one in queries.instruments_in(campaigns).items()
    ]
    sites = [(one.code, one.name) for one in _sites()]
    form.school.choices = [(ALL, _("All of my schools")), *sites] if len(sites) > 1 else sites
    return form


def _form_page(form: ExportForm) -> str:
    return render_template("statistics/exports/new.html", form=form)


def _sites() -> list[Site]:
    return list(queries.exportable_sites(current_actor()))


def _found(public_id: str) -> ResearchExport:
    return queries.find_export(current_actor(), public_id) or abort(404)


def _too_late(export: ResearchExport, error: Exception) -> ResponseReturnValue:
    if isinstance(error, SamePersonError):
        flash(_("You asked for it: somebody else has to approve it."), "error")
    else:
        flash(_("Meanwhile something else has happened with this request."), "error")
    return redirect(url_for("statistics.export", export=export.public_id))
