"""A roster from upload to confirmation; between the steps it rests sealed on the server.

GET  /roster/imports/new            new_import
POST /roster/imports                upload_roster
GET  /roster/imports/<id>           show_import
POST /roster/imports/<id>/rows      mend_import
POST /roster/imports/<id>/classes   tell_class
POST /roster/imports/<id>/confirm   confirm_import
POST /roster/imports/<id>/discard   discard_import
"""

import re
from collections import defaultdict

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.people.forms import RosterForm
from app.people.models import RosterDraft
from app.people.queries import my_draft, visible_site, visible_sites
from app.people.roster.columns import HEADERS, REQUIRED, Column
from app.people.roster.plan import Outcome, RosterPlan
from app.people.roster.problems import RosterFileError
from app.people.roster.reading import read_roster
from app.people.routes.blueprint import bp
from app.people.service import drafts
from app.people.service.rosters import RosterRefusedError
from app.people.words import problem_text
from app.platform.db import db
from app.platform.web import page_number

ROWS_A_PAGE = 100
_CELL = re.compile(r"cell-(\d{1,7})-([a-z_]+)")


@bp.get("/roster/imports/new")
@requires(Permission.IMPORT_ROSTER)
def new_import() -> ResponseReturnValue:
    """Choose a school and a file."""
    return _upload_page(_upload_form())


@bp.post("/roster/imports")
@requires(Permission.IMPORT_ROSTER)
def upload_roster() -> ResponseReturnValue:
    """Read the file and keep it, sealed, for the preview."""
    form, actor = _upload_form(), current_actor()
    if form.validate_on_submit():
        site = visible_site(actor, form.site.data) or abort(404)
        try:
            table = read_roster(form.file.data.read())
            draft = drafts.keep_draft(actor=actor, site=site, table=table)
            return redirect(url_for("people.show_import", public_id=draft.public_id))
        except RosterFileError as error:
            form.file.errors = [problem_text(error.problem)]
    return _upload_page(form), 422


@bp.get("/roster/imports/<public_id>")
@requires(Permission.IMPORT_ROSTER)
def show_import(public_id: str) -> ResponseReturnValue:
    """Every row with what would become of it; nothing has been written yet."""
    draft = _draft(public_id)
    return _preview_page(draft, drafts.plan_draft(actor=current_actor(), draft=draft))


@bp.post("/roster/imports/<public_id>/rows")
@requires(Permission.IMPORT_ROSTER)
def mend_import(public_id: str) -> ResponseReturnValue:
    """Keep corrected cells and the rows to leave out, and plan anew."""
    draft, actor = _draft(public_id), current_actor()
    cells, leave_out = _typed_rows()
    drafts.mend_draft(actor=actor, draft=draft, cells=cells, leave_out=leave_out)
    if "leave_out_rejected" in request.form:
        drafts.leave_out_rejected(actor=actor, draft=draft)
    return redirect(url_for("people.show_import", public_id=public_id))


@bp.post("/roster/imports/<public_id>/classes")
@requires(Permission.IMPORT_ROSTER)
def tell_class(public_id: str) -> ResponseReturnValue:
    """A class of the file is another than the one that it was taken for, or is that one."""
    drafts.tell_class(
        actor=current_actor(),
        draft=_draft(public_id),
        class_name=request.form.get("class", ""),
        is_apart="apart" in request.form,
    )
    return redirect(url_for("people.show_import", public_id=public_id))


@bp.post("/roster/imports/<public_id>/confirm")
@requires(Permission.IMPORT_ROSTER)
def confirm_import(public_id: str) -> ResponseReturnValue:
    """Import everything that is not left out, in one transaction."""
    draft, actor = _draft(public_id), current_actor()
    site_code = draft.site.code
    try:
        drafts.confirm_draft(actor=actor, draft=draft, seen=request.form.get("seen", ""))
    except (drafts.RegisterMovedError, RosterRefusedError):
        flash(_("The register has changed since you looked. Please check once more."), "error")
        return redirect(url_for("people.show_import", public_id=public_id))
    flash(_("The roster is imported."), "success")
    return redirect(url_for("people.roster", site=site_code))


@bp.post("/roster/imports/<public_id>/discard")
@requires(Permission.IMPORT_ROSTER)
def discard_import(public_id: str) -> ResponseReturnValue:
    """Forget the upload."""
    drafts.discard_draft(actor=current_actor(), draft=_draft(public_id))
    flash(_("The upload is discarded; nothing was imported."), "success")
    return redirect(url_for("people.roster"))


_NOT_IMPORTED = (Outcome.REJECTED, Outcome.LEFT_OUT, Outcome.DUPLICATE)


def _upload_form() -> RosterForm:
    form = RosterForm()
    sites = db.session.scalars(visible_sites(current_actor()))
    form.site.choices = [SelectChoice(site.code, site.name) for site in sites]
    return form


def _upload_page(form: RosterForm) -> str:
    return render_template("people/import_new.html", form=form, columns=HEADERS, required=REQUIRED)


def _preview_page(draft: RosterDraft, plan: RosterPlan) -> str:
    shown = _chosen_outcome(plan.counts[Outcome.REJECTED])
    rows = plan.with_outcome(shown)
    page = page_number()
    return render_template(
        "people/import.html",
        draft=draft,
        plan=plan,
        table=drafts.contents(draft).table,
        shown=shown,
        rows=rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE],
        page=page,
        has_more=len(rows) > page * ROWS_A_PAGE,
        ready=len(plan.rows) - sum(plan.counts[outcome] for outcome in _NOT_IMPORTED),
    )


def _draft(public_id: str) -> RosterDraft:
    return my_draft(current_actor(), public_id) or abort(404)


def _chosen_outcome(rejected: int) -> Outcome | None:
    """The rows to show: what the address asks for, else first what needs mending."""
    asked = request.args.get("show", "rejected" if rejected else "all")
    return Outcome(asked) if asked in set(Outcome) else None


def _typed_rows() -> tuple[dict[int, dict[Column, str]], dict[int, bool]]:
    """The cells typed, and for each row shown whether it is left out."""
    cells: dict[int, dict[Column, str]] = defaultdict(dict)
    for name, text in request.form.items():
        match = _CELL.fullmatch(name)
        if match and match[2] in set(Column):
            cells[int(match[1])][Column(match[2])] = text.strip()
    out = set(request.form.getlist("leave_out", type=int))
    shown = request.form.getlist("shown", type=int)
    return cells, {line: line in out for line in shown}
